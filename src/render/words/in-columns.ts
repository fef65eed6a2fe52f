/** A text, and the column that it begins at where there is room. */
export interface Cell {
  readonly column: number
  readonly text: string
  /** Spaces between it and a text before it that is longer than its place. Default 2. */
  readonly gap?: number
}

/** Puts texts beside each other. One that is too long moves those after it only as far as needed. */
export function inColumns(cells: readonly Cell[]): string {
  return cells
    .filter(({ text }) => text !== '')
    .reduce(
      (line, { column, text, gap = 2 }) => `${line}${' '.repeat(line === '' ? 0 : gap)}`.padEnd(column) + text,
      '',
    )
}
