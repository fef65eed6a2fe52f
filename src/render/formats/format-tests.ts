import { testsJson } from '../tests/tests-json.ts'
import { testsJunit } from '../tests/tests-junit.ts'
import { type ShownTests, testsText } from '../tests/tests-text.ts'
import { styleOf } from './format-options.ts'

export interface TestsFormatOptions {
  /** Default `text`. */
  readonly format?: 'text' | 'json' | 'junit'
  /** Whether text is colored. Default false. */
  readonly color?: boolean
}

/** Formats the result of `test`. */
export function formatTests(tests: ShownTests, options: TestsFormatOptions = {}): string {
  switch (options.format ?? 'text') {
    case 'json':
      return testsJson(tests)
    case 'junit':
      return testsJunit(tests)
    case 'text':
      return testsText(tests, styleOf(options))
  }
}
