/** A string, and the column where it begins if there is space. */
export interface Cell {
  readonly column: number
  readonly text: string
  /** The number of spaces before it if the text before it is too long. Default 2. */
  readonly gap?: number
  /** Whether it always stays on the line of the text before it. */
  readonly stays?: true
}

/**
 * Puts texts next to each other. A string that is too long moves those after it only as far as needed.
 *
 * @param width the columns of a terminal: a string that would end beyond them begins a new line, at its column or as
 *   far to the left as necessary. Without it, everything is on one line.
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
