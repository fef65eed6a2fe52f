import type { CheckResult } from '../../operate/doctor/check.ts'
import type { Checkup } from '../../operate/doctor/checkup.ts'
import { junitDocument, type TestCase } from '../junit/junit-document.ts'
import { undecidedText } from './checkup-words.ts'

/** A checkup as JUnit XML: a test case for each check. A notice fails no test case. */
export function checkupJunit({ checks }: Checkup): string {
  return junitDocument('warren doctor', [{ name: 'doctor', cases: checks.map(testCase) }])
}

function testCase({ check, title, status, symptoms, undecided }: CheckResult): TestCase {
  const failing = symptoms.filter(({ severity }) => severity !== 'notice')
  const lines = failing.map(
    ({ address, subject, message, advice }) =>
      `${[address ?? subject, message].filter((each) => each !== undefined).join(': ')}; ${advice}`,
  )
  const problem: TestCase['problem'] =
    failing.length > 0
      ? { element: 'failure', type: check, text: lines.join('\n') }
      : status === 'unknown'
        ? { element: 'skipped', type: check, text: undecided.map(undecidedText).join('\n') }
        : undefined
  return { name: title, className: check, ...(problem && { problem }) }
}
