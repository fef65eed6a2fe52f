import { lintJson } from '../lint/lint-json.ts'
import { type LintReport, lintText } from '../lint/lint-text.ts'
import { styleOf } from './format-options.ts'

export interface LintFormatOptions {
  /** Default `text`. */
  readonly format?: 'text' | 'json'
  /** Whether text is colored. Default false. */
  readonly color?: boolean
}

/** Formats the result of `lint`. */
export function formatLint(
  linted: LintReport & { readonly sources: ReadonlyMap<string, string>; readonly project?: string },
  options: LintFormatOptions = {},
): string {
  return options.format === 'json' ? lintJson([linted]) : lintText(linted, linted.sources, styleOf(options))
}
