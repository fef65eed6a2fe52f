import { type Style, styleFor } from '../words/style.ts'

/** How a text is rendered. */
export interface FormatOptions {
  /** Whether the text holds the escape sequences by which terminals color it. Default false. */
  readonly color?: boolean
}

/** How a result is rendered: as text for people, or as JSON for programs. */
export interface ResultFormatOptions extends FormatOptions {
  /** Default `text`. */
  readonly format?: 'text' | 'json'
}

export function styleOf({ color = false, width }: FormatOptions & { readonly width?: number }): Style {
  return styleFor(color, width)
}
