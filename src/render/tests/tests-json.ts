import type { ShownTests } from './tests-text.ts'

/** The version of the format of results of tests. */
const FORMAT = 1

/** The results of tests for programs. */
export function testsJson(tests: ShownTests): string {
  return `${JSON.stringify({ format: FORMAT, ...tests }, undefined, 2)}\n`
}
