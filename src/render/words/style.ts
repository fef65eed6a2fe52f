import pc from 'picocolors'

/** How a text looks where it is read. Symbols carry the meaning; colour only repeats it. */
export interface Style {
  /** The columns of the terminal that shows the text. Absent where no terminal does: columns are then the same everywhere. */
  readonly width?: number
  readonly create: (text: string) => string
  readonly update: (text: string) => string
  readonly remove: (text: string) => string
  readonly warn: (text: string) => string
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
}

/**
 * @param colour whether the stream that the text is written to shows colours
 * @param width the columns of that stream, if it is a terminal that says so
 */
export function styleFor(colour: boolean, width?: number): Style {
  const { green, yellow, red, magenta, bold, dim } = pc.createColors(colour)
  return {
    create: green,
    update: yellow,
    remove: red,
    warn: magenta,
    strong: bold,
    faint: dim,
    ...(width !== undefined && { width }),
  }
}
