import type { Style } from './style.ts'

/** The column of the text after a label. */
const LABEL_COLUMN = 12

/** A line of the head of a report: a label, and a text in the same column for all labels. */
export function labeledLine(label: string, text: string, style: Style): string {
  return `${style.strong(label)}${' '.repeat(Math.max(2, LABEL_COLUMN - label.length))}${text}`
}
