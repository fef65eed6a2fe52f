/** A file to read declarations from. */
export interface SourceFile {
  /** As shown to the user: as given, or as found in a given folder. `${file:}` is relative to it. */
  readonly path: string
  readonly text: string
}
