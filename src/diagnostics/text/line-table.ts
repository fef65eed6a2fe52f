/** The beginnings and indentations of the lines of a string, for looking up many positions quickly. */
export class LineTable {
  readonly #text: string
  readonly #starts: number[] = [0]
  readonly #indents: number[] = []
  /** For each line, the next line with content and less indentation. */
  #nextOutside: Int32Array | undefined

  constructor(text: string) {
    this.#text = text
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1)
    for (const start of this.#starts) {
      let at = start
      while (text[at] === ' ') at++
      this.#indents.push(at - start)
    }
  }

  /** The index of the line at an offset; a line break belongs to the line that it ends. */
  lineAt(offset: number): number {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.start(middle) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  start(line: number): number {
    return this.#starts[line] ?? this.#text.length
  }

  /** The offset of the line break that ends a line, or the end of the text. */
  end(line: number): number {
    const next = this.#starts[line + 1]
    return next === undefined ? this.#text.length : next - 1
  }

  /** The number of spaces at the beginning of a line. */
  indent(line: number): number {
    return this.#indents[line] ?? 0
  }

  /** The end of the lines after `line` that are empty or indented more than `indent`. */
  endOfIndented(line: number, indent: number): number {
    this.#nextOutside ??= this.#linesOutside()
    let next = line + 1
    while (next < this.#starts.length && (this.#isBlank(next) || this.indent(next) > indent)) {
      next = this.#nextOutside[next] ?? this.#starts.length
    }
    return next < this.#starts.length ? this.end(next - 1) : this.#text.length
  }

  /**
   * Computed from the last line to the first, so that each line is visited only a few times, even with deep nesting.
   */
  #linesOutside(): Int32Array {
    const count = this.#starts.length
    const next = new Int32Array(count)
    for (let line = count - 1; line >= 0; line--) {
      let outside = line + 1
      if (!this.#isBlank(line)) {
        while (outside < count && (this.#isBlank(outside) || this.indent(outside) >= this.indent(line))) {
          outside = next[outside] ?? count
        }
      }
      next[line] = outside
    }
    return next
  }

  #isBlank(line: number): boolean {
    const from = this.start(line) + this.indent(line)
    return from >= this.end(line) || this.#text.slice(from, this.end(line)).trim() === ''
  }
}
