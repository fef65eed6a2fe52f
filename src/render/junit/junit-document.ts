import { xmlText } from '../words/xml-text.ts'
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
    `<testsuites name="${xmlText(name)}" ${counts(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.flatMap((suite) => [
      `  <testsuite name="${xmlText(suite.name)}" ${counts(suite.cases)}>`,
      ...suite.cases.flatMap(caseXml),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function caseXml({ name, className, location, problem }: TestCase): string[] {
  const place = location === undefined ? '' : ` file="${xmlText(location.file)}" line="${location.line}"`
  const open = `    <testcase name="${xmlText(name)}" classname="${xmlText(className)}"${place}`
  if (problem === undefined) return [`${open}/>`]
  const [first = ''] = problem.text.split('\n')
  const { element } = problem
  const body =
    element === 'skipped'
      ? `<skipped message="${xmlText(first)}"/>`
      : `<${element} message="${xmlText(first)}" type="${xmlText(problem.type)}">${xmlText(problem.text)}</${element}>`
  return [`${open}>`, `      ${body}`, '    </testcase>']
}

function counts(cases: readonly TestCase[]): string {
  const of = (element: string) => cases.filter(({ problem }) => problem?.element === element).length
  return `tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`
}
