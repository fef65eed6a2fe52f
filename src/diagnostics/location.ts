import { onOneLine } from './text/shown-text.ts'

/** A place in a file of the user: where a finding points, and where a declared object comes from. */
export interface Location {
  /** The file's path as the user gave it or as it was found below a given folder. */
  readonly file: string
  /** First line is 1. */
  readonly line: number
  /** First column is 1, counted in UTF-16 code units as editors do. */
  readonly column: number
  /** How many characters the place spans on its line; 1 when unknown. */
  readonly length?: number
}

/** `file:line:column`, which terminals and editors turn into a link. */
export function formatLocation({ file, line, column }: Location): string {
  return `${onOneLine(file)}:${line}:${column}`
}
