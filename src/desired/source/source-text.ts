import type { Location } from '../../diagnostics/location.ts'
import { secretRanges } from '../../diagnostics/credentials/secret-ranges.ts'
import type { Range } from '../../diagnostics/credentials/uri-credentials.ts'
import type { SourceFile } from './source-file.ts'

/** The text of a file, with functions that convert offsets to lines and columns. */
export class SourceText {
  readonly path: string
  /** Without a byte-order mark, which editors do not count as a column. */
  readonly text: string
  #lineStarts: readonly number[] | undefined
  #secrets: readonly Range[] | undefined

  constructor({ path, text }: SourceFile) {
    this.path = path
    this.text = text.startsWith('\uFEFF') ? text.slice(1) : text
  }

  /** The location of `[start, end)`; if it has several lines, the rest of its first line. */
  locate(start: number, end: number): Location {
    const line = this.#lineAt(start)
    const starts = this.#starts()
    const lineStart = starts[line] ?? 0
    const next = starts[line + 1]
    // Searching for the line break is skipped if it cannot matter, because in a generated file with a single line
    // each search would read the whole file.
    const lineEnd = next === undefined ? this.text.length : end < next - 1 ? end : this.lineEnd(start)
    return {
      file: this.path,
      line: line + 1,
      column: start - lineStart + 1,
      length: Math.max(1, Math.min(end, lineEnd) - start),
    }
  }

  /** The offset at which the line of `offset` begins. */
  lineStart(offset: number): number {
    return offset <= 0 ? 0 : this.text.lastIndexOf('\n', offset - 1) + 1
  }

  /** The offset at which the line of `offset` ends, without its line break. */
  lineEnd(offset: number): number {
    const lineBreak = this.text.indexOf('\n', offset)
    if (lineBreak < 0) return this.text.length
    return this.text[lineBreak - 1] === '\r' && lineBreak > offset ? lineBreak - 1 : lineBreak
  }

  /** Whether `[start, end)` overlaps text that a code frame masks. Messages must not quote it either. */
  touchesSecret(start: number, end: number): boolean {
    this.#secrets ??= secretRanges(this.text)
    return this.#secrets.some((secret) => secret.start < end && start < secret.end)
  }

  #lineAt(offset: number): number {
    const starts = this.#starts()
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  #starts(): readonly number[] {
    this.#lineStarts ??= lineStarts(this.text)
    return this.#lineStarts
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
