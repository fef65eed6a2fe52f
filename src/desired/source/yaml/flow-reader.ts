import type { Offsets } from '../places.ts'
import type { SourceText } from '../source-text.ts'
import { MAXIMUM_DEPTH, newTable, type Table, type Tree } from '../tree.ts'
import { NotPlainError, plainScalar } from './plain-scalar.ts'

export const SPACE = 0x20
export const NEWLINE = 0x0a
export const HASH = 0x23
export const DASH = 0x2d
export const COLON = 0x3a
const COMMA = 0x2c
const QUOTE = 0x22
const APOSTROPHE = 0x27
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** Characters that mean something else at the beginning of a scalar. */
const INDICATORS: ReadonlySet<number> = new Set(Array.from(',[]{}#&*!|>\'"%@` \n', (each) => each.charCodeAt(0)))
/** Characters that begin a scalar only if another character follows immediately. */
const WITH_SUCCESSOR: ReadonlySet<number> = new Set(Array.from('-?:', (each) => each.charCodeAt(0)))
const LONE_SURROGATE = /\p{Surrogate}/u

/** Reads scalars that are on one line, and lists and tables in brackets. */
export class FlowReader {
  protected readonly source: SourceText
  protected readonly text: string
  protected at = 0
  /** The offset of the end of the current line. */
  protected lineEnd = 0
  /** The indentation of the key or dash before a bracket; the lines up to the other bracket have a larger one. */
  protected blockIndent = 0
  /** The positions of all containers, recorded only if the whole text is plain. */
  readonly recorded: (readonly [container: object, offsets: Offsets])[] = []

  constructor(source: SourceText) {
    this.source = source
    this.text = source.text
  }

  protected flowValue(depth: number): Tree {
    const code = this.text.charCodeAt(this.at)
    if (code === OPEN_BRACE) return this.#table(depth)
    if (code === OPEN_BRACKET) return this.#list(depth)
    return this.isQuote() ? this.quoted() : plainScalar(this.#plain())
  }

  protected isBracket(): boolean {
    const code = this.text.charCodeAt(this.at)
    return code === OPEN_BRACE || code === OPEN_BRACKET
  }

  protected isQuote(): boolean {
    const code = this.text.charCodeAt(this.at)
    return code === QUOTE || code === APOSTROPHE
  }

  /** Whether a scalar without quotes may begin here. */
  protected isPlain(inFlow: boolean): boolean {
    const code = this.text.charCodeAt(this.at)
    if (!WITH_SUCCESSOR.has(code)) return !INDICATORS.has(code) && this.at < this.lineEnd
    const next = this.text.charCodeAt(this.at + 1)
    return this.at + 1 < this.lineEnd && next !== SPACE && !(inFlow && isFlowIndicator(next))
  }

  protected skipSpaces(): void {
    while (this.text.charCodeAt(this.at) === SPACE) this.at++
  }

  protected enter(depth: number): void {
    if (depth >= MAXIMUM_DEPTH) throw new NotPlainError()
  }

  /** A scalar in quotes on one line. */
  protected quoted(): string {
    const start = this.at
    const value = this.text.charCodeAt(start) === QUOTE ? this.#doubleQuoted(start) : this.#singleQuoted(start)
    if (this.at > this.lineEnd) throw new NotPlainError()
    return value
  }

  #doubleQuoted(start: number): string {
    const { text } = this
    let end = start + 1
    let isEscaped = false
    for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(++end)) {
      if (end >= this.lineEnd) throw new NotPlainError()
      if (code !== BACKSLASH) continue
      isEscaped = true
      end++
    }
    this.at = end + 1
    return isEscaped ? unescaped(text.slice(start, end + 1)) : text.slice(start + 1, end)
  }

  #singleQuoted(start: number): string {
    let end = this.text.indexOf("'", start + 1)
    let isEscaped = false
    while (end >= 0 && this.text.charCodeAt(end + 1) === APOSTROPHE) {
      isEscaped = true
      end = this.text.indexOf("'", end + 2)
    }
    if (end < 0) throw new NotPlainError()
    this.at = end + 1
    const value = this.text.slice(start + 1, end)
    return isEscaped ? value.replaceAll("''", "'") : value
  }

  #table(depth: number): Table {
    this.enter(depth)
    const start = this.at++
    const table = newTable()
    const keys: string[] = []
    const offsets: number[] = []
    if (!this.#isClosed(CLOSE_BRACE)) {
      do {
        const keyStart = this.at
        const key = this.#key(table)
        const keyEnd = keyStart + this.#length
        if (this.text.charCodeAt(this.at) !== COLON || this.text.charCodeAt(this.at + 1) !== SPACE)
          throw new NotPlainError()
        this.at += 2
        this.skipSpaces()
        const valueStart = this.at
        table[key] = this.#entry(depth)
        keys.push(key)
        offsets.push(keyStart, keyEnd, valueStart, valueStart + this.#length)
      } while (!this.#isLast(CLOSE_BRACE))
    }
    this.recorded.push([table, { source: this.source, start, end: this.at, keys, offsets }])
    return table
  }

  #list(depth: number): Tree[] {
    this.enter(depth)
    const start = this.at++
    const list: Tree[] = []
    const offsets: number[] = []
    if (!this.#isClosed(CLOSE_BRACKET)) {
      do {
        const itemStart = this.at
        list.push(this.#entry(depth))
        offsets.push(itemStart, itemStart + this.#length)
      } while (!this.#isLast(CLOSE_BRACKET))
    }
    this.recorded.push([list, { source: this.source, start, end: this.at, offsets }])
    return list
  }

  /** The length of the last entry or key, without the spaces after it. */
  #length = 0

  #key(table: Table): string {
    const start = this.at
    const isQuoted = this.isQuote()
    const key = isQuoted ? this.quoted() : this.#plain()
    this.#length = isQuoted ? this.at - start : key.length
    this.skipSpaces()
    if ((!isQuoted && key === '<<') || key in table) throw new NotPlainError()
    return key
  }

  #entry(depth: number): Tree {
    const start = this.at
    if (this.isBracket() || this.isQuote()) {
      const value = this.flowValue(depth + 1)
      this.#length = this.at - start
      return value
    }
    const text = this.#plain()
    this.#length = text.length
    return plainScalar(text)
  }

  /** The text of a scalar without quotes in brackets, up to its end. */
  #plain(): string {
    if (!this.isPlain(true)) throw new NotPlainError()
    const { text, at: start } = this
    let end = start
    for (; this.at < this.lineEnd; this.at++) {
      const code = text.charCodeAt(this.at)
      if (isFlowIndicator(code)) break
      if (code === SPACE) continue
      if (code === COLON) {
        const next = text.charCodeAt(this.at + 1)
        if (next === SPACE || next === NEWLINE || isFlowIndicator(next)) break
      }
      // A comment.
      if (code === HASH && end < this.at) throw new NotPlainError()
      end = this.at + 1
    }
    return text.slice(start, end)
  }

  /** Reads the text between two entries, or after the last one, which may also have a comma. */
  #isLast(close: number): boolean {
    if (this.#isClosed(close)) return true
    if (this.text.charCodeAt(this.at++) !== COMMA) throw new NotPlainError()
    return this.#isClosed(close)
  }

  /** Moves to the next entry, comma or bracket, and reads the bracket that closes the list or table. */
  #isClosed(close: number): boolean {
    this.skipSpaces()
    while (this.at === this.lineEnd) this.#nextLine()
    if (this.text.charCodeAt(this.at) !== close) return false
    this.at++
    return true
  }

  #nextLine(): void {
    const start = this.lineEnd + 1
    if (start >= this.text.length) throw new NotPlainError()
    this.at = start
    this.skipSpaces()
    const lineEnd = this.text.indexOf('\n', this.at)
    this.lineEnd = lineEnd < 0 ? this.text.length : lineEnd
    if (this.at < this.lineEnd && this.at - start <= this.blockIndent) throw new NotPlainError()
  }
}

function isFlowIndicator(code: number): boolean {
  return (
    code === COMMA || code === OPEN_BRACE || code === CLOSE_BRACE || code === OPEN_BRACKET || code === CLOSE_BRACKET
  )
}

/** Texts with the escapes of JSON, which mean the same in YAML. */
function unescaped(text: string): string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new NotPlainError()
  }
  if (typeof value !== 'string' || LONE_SURROGATE.test(value)) throw new NotPlainError()
  return value
}
