/** A part of a string, `[start, end)`. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

/** The number of UTF-16 units that are looked up at once; shorter texts cannot be searched for. */
export const SHORTEST_SEARCHED = 3
const UNIT = 2 ** 16

/**
 * Finds any of many texts in another text, in time that does not depend on their number.
 *
 * The first three units of a string fit into one number, which leads to the lengths of the texts that begin with them.
 * Only there, a part of the searched text is cut out and looked up.
 */
export class TextMatcher {
  readonly #texts = new Set<string>()
  readonly #lengthsByStart = new Map<number, number[]>()

  get isEmpty(): boolean {
    return this.#texts.size === 0
  }

  add(text: string): void {
    if (text.length < SHORTEST_SEARCHED || this.#texts.has(text)) return
    this.#texts.add(text)
    const start = startOf(text, 0)
    const lengths = this.#lengthsByStart.get(start)
    if (lengths === undefined) this.#lengthsByStart.set(start, [text.length])
    else if (!lengths.includes(text.length)) lengths.push(text.length)
  }

  /** All matches in order, including overlapping ones. */
  findIn(text: string): TextRange[] {
    const found: TextRange[] = []
    if (this.isEmpty) return found
    for (let at = 0; at + SHORTEST_SEARCHED <= text.length; at += 1) {
      const lengths = this.#lengthsByStart.get(startOf(text, at))
      if (lengths === undefined) continue
      let longest = 0
      for (const length of lengths) {
        if (length > longest && this.#texts.has(text.slice(at, at + length))) longest = length
      }
      if (longest > 0) found.push({ start: at, end: at + longest })
    }
    return found
  }
}

function startOf(text: string, at: number): number {
  return (text.charCodeAt(at) * UNIT + text.charCodeAt(at + 1)) * UNIT + text.charCodeAt(at + 2)
}
