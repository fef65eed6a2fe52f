import { type Explanation, explanationsText } from '../explanations-text.ts'
import { type ResultFormatOptions, styleOf } from './format-options.ts'

/** Formats the result of `explain`: the explanation of one code in full, the list of all codes with a line each. */
export function formatExplanations(explanations: readonly Explanation[], options: ResultFormatOptions = {}): string {
  if (options.format === 'json') return `${JSON.stringify({ format: 1, explanations }, undefined, 2)}\n`
  return explanationsText(explanations, styleOf(options))
}
