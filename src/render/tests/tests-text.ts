import type { TestOutcome } from '../../insight/tests/check-test.ts'
import type { Location } from '../../diagnostics/location.ts'
import { DOUBTS } from '../words/reach-words.ts'
import { showText } from '../words/show-value.ts'
import type { Style } from '../words/style.ts'

/** The results of tests, as renderers need them. */
export interface ShownTests {
  readonly files: readonly ShownFile[]
  readonly passed: number
  readonly failed: number
  /** Absent where none was. */
  readonly skipped?: number
}

/** A file of tests with its results. */
export interface ShownFile {
  readonly path: string
  readonly tests: readonly { readonly name: string; readonly location: Location; readonly outcome: TestOutcome }[]
}

/** The results of tests for people: one line for each test, and the expected and actual result below a failed one. */
export function testsText({ files, passed, failed, skipped = 0 }: ShownTests, style: Style): string {
  const lines = files.flatMap(({ path, tests }) => [
    style.strong(showText(path)),
    ...tests.flatMap(({ name, location, outcome }) =>
      outcome.status === 'passed'
        ? [`  ${style.create('✓')} ${name}`]
        : [
            `  ${outcome.status === 'skipped' ? style.faint('-') : style.remove('✗')} ${name}   ${style.faint(`line ${location.line}`)}`,
            ...problemLines(outcome).map((line) => `      ${line}`),
          ],
    ),
  ])
  const counts = [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])]
  return [...lines, '', counts.join(', '), ''].join('\n')
}

/** Why a test did not pass, with one line for each fact. */
export function problemLines(outcome: TestOutcome): string[] {
  switch (outcome.status) {
    case 'passed':
      return []
    case 'failed':
      return [`expected  ${outcome.expected}`, `found     ${outcome.found}`]
    case 'skipped':
      return [`skipped: it is about RabbitMQ ${outcome.brokerVersion}`]
    case 'unknown':
      return outcome.because.length === 0
        ? ['unknown: the data that warren could read does not show it']
        : outcome.because.map(({ kind, address }) => `unknown: ${DOUBTS[kind]} (${address})`)
  }
}
