import { type ShownBreakingReport, breakingText } from '../breaking/breaking-text.ts'
import { type ResultFormatOptions, styleOf } from './format-options.ts'

/** Formats the result of `breaking`. */
export function formatBreaking(report: ShownBreakingReport, options: ResultFormatOptions = {}): string {
  return options.format === 'json'
    ? `${JSON.stringify({ format: 1, ...report }, undefined, 2)}\n`
    : breakingText(report, styleOf(options))
}
