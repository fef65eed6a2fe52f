/** A file to read declarations from. */
export interface SourceFile {
  /** As it is shown to the user: as given, or as found below a given folder. `${file:}` is relative to it. */
  readonly path: string
  readonly text: string
}
