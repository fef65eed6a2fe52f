import type { Style } from './style.ts'

/** The column of the text after a label. */
const LABEL_COLUMN = 12

/** A line in the head of a report: a label, and its text in a column with the other texts. */
export function labeledLine(label: string, text: string, style: Style): string {
  return `${style.strong(label)}${' '.repeat(Math.max(2, LABEL_COLUMN - label.length))}${text}`
}
