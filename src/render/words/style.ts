import pc from 'picocolors'

/** The style of text for its reader. Symbols carry the meaning; color only repeats it. */
export interface Style {
  /**
   * The columns of the terminal that shows the text. Absent without a terminal: columns then have the same width in
   * every run.
   */
  readonly width?: number
  readonly create: (text: string) => string
  readonly update: (text: string) => string
  readonly remove: (text: string) => string
  readonly warn: (text: string) => string
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
}

/**
 * @param colour whether the output stream shows colors
 * @param width the columns of the output stream, if it is a terminal with a known size
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
