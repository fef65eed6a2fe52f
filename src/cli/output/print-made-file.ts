import type { Io } from './io.ts'
import { type FileWarnings, printFileWarnings } from './print-plan.ts'
import { READABLE } from './write-file-to.ts'

/** Writes the text that was made of topology files to the file of `--out`, or else to stdout; prints their warnings to stderr. */
export function printMadeFile(
  made: FileWarnings & { readonly text: string },
  { out }: { readonly out?: string },
  io: Io,
): void {
  printFileWarnings(made, io)
  if (out === undefined) io.out(made.text)
  else io.file('--out', out, made.text, READABLE)
}
