import { finding, type Finding } from '../../../diagnostics/findings/finding.ts'
import type { Places } from '../places.ts'
import type { SourceText } from '../source-text.ts'
import { MAXIMUM_DEPTH, newTable, type Table, type Tree } from '../tree.ts'
import { type Expected, jsonProblem } from './json-problem.ts'

/** The content of a JSON text, or the reason why it is not JSON. */
export type ParsedJson =
  | { readonly root: Tree; readonly start: number; readonly end: number; readonly findings: readonly Finding[] }
  | { readonly problem: Finding }

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/** Numbers as in RFC 8259; if this does not match, the text is not a number. */
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y
/** Characters that JSON does not allow within quotes: everything below the space. */
const CONTROL_CHARACTER = /[^ -\uFFFF]/
const LONE_SURROGATE = /\p{Surrogate}/u
const WORDS: readonly (readonly [word: string, value: boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]

/** Thrown at the offset where the text stops being JSON. */
class NotJson extends Error {
  readonly found: Finding

  constructor(found: Finding) {
    super(found.code)
    this.found = found
  }
}

/** Parses JSON in one pass and records positions. The result equals that of the YAML reader, in a tenth of the time. */
export function parseJsonTree(source: SourceText, places: Places): ParsedJson {
  const parser = new JsonParser(source, places)
  try {
    return parser.parse()
  } catch (error) {
    if (error instanceof NotJson) return { problem: error.found }
    throw error
  }
}

class JsonParser {
  readonly #source: SourceText
  readonly #text: string
  readonly #places: Places
  readonly #findings: Finding[] = []
  #at = 0

  constructor(source: SourceText, places: Places) {
    this.#source = source
    this.#text = source.text
    this.#places = places
  }

  parse(): ParsedJson {
    this.#skipSpace()
    const start = this.#at
    const root = this.#value(0)
    const end = this.#at
    this.#skipSpace()
    if (this.#at < this.#text.length) throw this.#unexpected('end')
    return { root, start, end, findings: this.#findings }
  }

  #value(depth: number): Tree {
    switch (this.#text.charCodeAt(this.#at)) {
      case OPEN_BRACE:
        return this.#table(depth)
      case OPEN_BRACKET:
        return this.#list(depth)
      case QUOTE:
        return this.#string()
      default:
        return this.#numberOrWord()
    }
  }

  #table(depth: number): Table {
    const start = this.#enter(depth)
    const table = newTable()
    const keys: string[] = []
    const offsets: number[] = []
    let indexes: Map<string, number> | undefined
    this.#skipSpace()
    if (this.#text.charCodeAt(this.#at) === CLOSE_BRACE) this.#at++
    else {
      for (;;) {
        const keyStart = this.#at
        if (this.#text.charCodeAt(keyStart) !== QUOTE) throw this.#unexpected('key')
        const key = this.#string()
        const keyEnd = this.#at
        this.#skipSpace()
        if (this.#text.charCodeAt(this.#at) !== COLON) throw this.#unexpected('colon')
        this.#at++
        this.#skipSpace()
        const valueStart = this.#at
        const value = this.#value(depth + 1)
        if (key in table) {
          indexes ??= new Map(keys.map((each, index) => [each, index]))
          this.#duplicate(key, keyStart, keyEnd, offsets[(indexes.get(key) ?? 0) * 4] ?? 0)
        } else {
          indexes?.set(key, keys.length)
          table[key] = value
          keys.push(key)
          offsets.push(keyStart, keyEnd, valueStart, this.#at)
        }
        if (this.#isLast(CLOSE_BRACE, start)) break
      }
    }
    this.#places.record(table, { source: this.#source, start, end: this.#at, keys, offsets })
    return table
  }

  #list(depth: number): Tree[] {
    const start = this.#enter(depth)
    const list: Tree[] = []
    const offsets: number[] = []
    this.#skipSpace()
    if (this.#text.charCodeAt(this.#at) === CLOSE_BRACKET) this.#at++
    else {
      do {
        const itemStart = this.#at
        list.push(this.#value(depth + 1))
        offsets.push(itemStart, this.#at)
      } while (!this.#isLast(CLOSE_BRACKET, start))
    }
    this.#places.record(list, { source: this.#source, start, end: this.#at, offsets })
    return list
  }

  /** Enters a table or a list, and returns its offset. */
  #enter(depth: number): number {
    const start = this.#at++
    if (depth < MAXIMUM_DEPTH) return start
    throw new NotJson(finding('nested-too-deep', { limit: MAXIMUM_DEPTH }, this.#source.locate(start, start + 1)))
  }

  /** Reads the end of an entry: a comma before the next one, or the end of the container that began at `start`. */
  #isLast(close: number, start: number): boolean {
    this.#skipSpace()
    const code = this.#text.charCodeAt(this.#at)
    if (code === close) {
      this.#at++
      return true
    }
    if (code !== COMMA) throw this.#unexpected('comma', start)
    const comma = this.#at++
    this.#skipSpace()
    if (this.#text.charCodeAt(this.#at) === close) {
      this.#at = comma
      throw this.#unexpected('entry')
    }
    return false
  }

  #string(): string {
    const text = this.#text
    const start = this.#at
    const end = text.indexOf('"', start + 1)
    if (end < 0) throw this.#unexpected('quote')
    const plain = text.slice(start + 1, end)
    if (!plain.includes('\\')) {
      if (CONTROL_CHARACTER.test(plain)) throw this.#unexpected('quote')
      this.#at = end + 1
      return plain
    }
    return this.#escapedString(start)
  }

  #escapedString(start: number): string {
    let end = start + 1
    for (; end < this.#text.length && this.#text.charCodeAt(end) !== QUOTE; end++) {
      if (this.#text.charCodeAt(end) === BACKSLASH) end++
    }
    let value: string
    try {
      value = JSON.parse(this.#text.slice(start, end + 1)) as string
    } catch {
      throw this.#unexpected('quote')
    }
    this.#at = end + 1
    if (LONE_SURROGATE.test(value))
      this.#findings.push(finding('text-not-unicode', {}, this.#source.locate(start, end + 1)))
    return value
  }

  #numberOrWord(): Tree {
    const start = this.#at
    NUMBER.lastIndex = start
    const written = NUMBER.exec(this.#text)?.[0]
    if (written === undefined) {
      const word = WORDS.find(([each]) => this.#text.startsWith(each, start))
      if (!word) throw this.#unexpected('value')
      this.#at += word[0].length
      return word[1]
    }
    this.#at += written.length
    const value = Number(written)
    const location = () => this.#source.locate(start, this.#at)
    if (!Number.isFinite(value)) this.#findings.push(finding('number-not-finite', { text: written }, location()))
    else if (!Number.isSafeInteger(value) && /^-?[0-9]+$/.test(written))
      this.#findings.push(finding('number-too-large', {}, location()))
    else return value
    return written
  }

  #skipSpace(): void {
    for (; ; this.#at++) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
    }
  }

  #duplicate(key: string, start: number, end: number, firstStart: number): void {
    const first = this.#source.locate(firstStart, firstStart + end - start)
    this.#findings.push(
      finding('duplicate-key', { key }, this.#source.locate(start, end), [{ label: 'first', location: first }]),
    )
  }

  #unexpected(expected: Expected, openedAt?: number): NotJson {
    return new NotJson(jsonProblem(this.#source, this.#at, expected, openedAt))
  }
}
