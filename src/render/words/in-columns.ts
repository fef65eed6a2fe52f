/** A text, and the column that it begins at where there is room. */
export interface Cell {
  readonly column: number
  readonly text: string
  /** Spaces between it and a text before it that is longer than its place. Default 2. */
  readonly gap?: number
  /** Whether it stays on the line of the text before it, however long it is. */
  readonly stays?: true
}

/**
 * Puts texts next to each other. A text that is too long moves those after it only as far as needed.
 *
 * @param width the columns of a terminal: a text that would end beyond them begins a line of its own, at its column or as
 *   far left of it as needed. Without it, everything is on one line.
 */
export function inColumns(cells: readonly Cell[], width = Infinity): string {
  let lines = ''
  let line = ''
  for (const { column, text, gap = 2, stays } of cells) {
    if (text === '') continue
    const joined = `${line}${' '.repeat(line === '' ? 0 : gap)}`.padEnd(column) + text
    if (joined.length <= width || line === '' || stays) {
      line = joined
      continue
    }
    lines += `${line}\n`
    line = ' '.repeat(Math.max(0, Math.min(column, width - text.length))) + text
  }
  return lines + line
}
