import pc from 'picocolors'

/** How parts of a text stand out. Symbols carry the meaning; colour only repeats it. */
export interface Style {
  readonly create: (text: string) => string
  readonly update: (text: string) => string
  readonly remove: (text: string) => string
  readonly warn: (text: string) => string
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
}

/** @param colour whether the stream that the text is written to shows colours */
export function styleFor(colour: boolean): Style {
  const { green, yellow, red, magenta, bold, dim } = pc.createColors(colour)
  return { create: green, update: yellow, remove: red, warn: magenta, strong: bold, faint: dim }
}
