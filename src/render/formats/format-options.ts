import { type Style, styleFor } from '../words/style.ts'

/** Options for rendering text. */
export interface FormatOptions {
  /** Whether the text contains escape sequences for colors in terminals. Default false. */
  readonly color?: boolean
}

/** Options for rendering a result: as text for people, or as JSON for programs. */
export interface ResultFormatOptions extends FormatOptions {
  /** Default `text`. */
  readonly format?: 'text' | 'json'
}

export function styleOf({ color = false, width }: FormatOptions & { readonly width?: number }): Style {
  return styleFor(color, width)
}
