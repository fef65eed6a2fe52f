import type { Location } from '../../diagnostics/location.ts'

/** A test case of a report. */
export interface TestCase {
  readonly name: string
  readonly className: string
  readonly location?: Location
  /** The outcome, unless it passed. */
  readonly problem?: { readonly element: 'failure' | 'error' | 'skipped'; readonly type: string; readonly text: string }
}

/** A named group of test cases. */
interface TestSuite {
  readonly name: string
  readonly cases: readonly TestCase[]
}

/** Writes suites of test cases as one document of JUnit XML. */
export function junitDocument(name: string, suites: readonly TestSuite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escape(name)}" ${counts(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.flatMap((suite) => [
      `  <testsuite name="${escape(suite.name)}" ${counts(suite.cases)}>`,
      ...suite.cases.flatMap(caseXml),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function caseXml({ name, className, location, problem }: TestCase): string[] {
  const place = location === undefined ? '' : ` file="${escape(location.file)}" line="${location.line}"`
  const open = `    <testcase name="${escape(name)}" classname="${escape(className)}"${place}`
  if (problem === undefined) return [`${open}/>`]
  const [first = ''] = problem.text.split('\n')
  const { element } = problem
  const body =
    element === 'skipped'
      ? `<skipped message="${escape(first)}"/>`
      : `<${element} message="${escape(first)}" type="${escape(problem.type)}">${escape(problem.text)}</${element}>`
  return [`${open}>`, `      ${body}`, '    </testcase>']
}

function counts(cases: readonly TestCase[]): string {
  const of = (element: string) => cases.filter(({ problem }) => problem?.element === element).length
  return `tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}

/** Characters that XML 1.0 does not allow, in any form or everywhere (W3C, section 2.2). */
const NOT_IN_XML = /[^\P{Cc}\t\n\r]|\p{Cs}|[\uFFFE\uFFFF]/gu

function escape(text: string): string {
  return text
    .replaceAll(NOT_IN_XML, '\uFFFD')
    .replaceAll(/[&<>"\n\r\t]/g, (character) => ENTITIES[character] ?? character)
}
