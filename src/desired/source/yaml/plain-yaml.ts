import type { Places } from '../places.ts'
import type { SourceText } from '../source-text.ts'
import { newTable, type Table, type Tree } from '../tree.ts'
import { COLON, DASH, FlowReader, HASH, NEWLINE, SPACE } from './flow-reader.ts'
import type { ParsedDocument } from './parse-documents.ts'
import { NotPlainError, plainScalar } from './plain-scalar.ts'

/** Characters that YAML treats in a special way or forbids: tabs, carriage returns, control characters, marks. */
const UNUSUAL = /[^\n -~\u00A0-\u2027\u202A-\uFEFE\uFF00-\uFFFD]/

/** The complete reader refuses keys that are longer than 1,024 characters. */
const LONGEST_KEY = 1000

/**
 * Reads YAML that is written in the usual way: tables and lists by indentation and in brackets, scalars on one line,
 * comments and several documents, but no anchors, tags, merge keys and texts of several lines. Most topologies are
 * written in this way, and so are all files that warren writes.
 *
 * @returns undefined if the text contains anything else, or a mistake; then the complete reader has to read it. Otherwise
 *   the values and positions are the same as those of the complete reader, in a tenth of the time.
 */
export function parsePlainYaml(source: SourceText, places: Places): readonly ParsedDocument[] | undefined {
  if (UNUSUAL.test(source.text)) return undefined
  const reader = new PlainReader(source)
  try {
    const documents = reader.documents()
    for (const [container, offsets] of reader.recorded) places.record(container, offsets)
    return documents
  } catch (error) {
    if (error instanceof NotPlainError) return undefined
    throw error
  }
}

class PlainReader extends FlowReader {
  /** The column at which the content of the current line begins; -1 at the end of the document. */
  #indent = -1
  #lineStart = 0
  /** The position of the value that was read last. */
  #valueStart = 0
  #valueEnd = 0
  /** The end of the line of the value that was read last. */
  #end = 0

  documents(): readonly ParsedDocument[] {
    const documents: ParsedDocument[] = []
    this.#next()
    while (this.at < this.text.length) {
      if (this.#indent < 0) {
        this.at += 3
        this.#endLine()
        continue
      }
      if (this.#indent > 0) throw new NotPlainError()
      const root = this.#table(0, 0)
      const place = { source: this.source, start: this.#valueStart, end: this.#valueEnd }
      documents.push({ root, place, damage: [] })
      if (this.#indent >= 0) throw new NotPlainError()
    }
    return documents
  }

  /** The table whose first key begins here, and whose keys all have this indentation. */
  #table(indent: number, depth: number): Table {
    this.enter(depth)
    const start = this.at
    const table = newTable()
    const keys: string[] = []
    const offsets: number[] = []
    do {
      const keyStart = this.at
      const colon = this.#colon()
      if (colon < 0) throw new NotPlainError()
      const isQuoted = this.isQuote()
      const key = isQuoted ? this.quoted() : this.text.slice(keyStart, endOf(this.text, keyStart, colon))
      const keyEnd = isQuoted ? this.at : keyStart + key.length
      if ((!isQuoted && key === '<<') || key in table) throw new NotPlainError()
      this.at = colon + 1
      this.skipSpaces()
      table[key] = this.#value(indent, depth + 1)
      keys.push(key)
      offsets.push(keyStart, keyEnd, this.#valueStart, this.#valueEnd)
    } while (this.#indent === indent)
    if (this.#indent > indent) throw new NotPlainError()
    this.#valueStart = start
    this.#valueEnd = this.#end
    this.recorded.push([table, { source: this.source, start, end: this.#end, keys, offsets }])
    return table
  }

  /** The list whose first dash is here. In a table, the dashes may have the indentation of its keys. */
  #list(indent: number, depth: number): Tree[] {
    this.enter(depth)
    const start = this.at
    const list: Tree[] = []
    const offsets: number[] = []
    do {
      this.at++
      this.skipSpaces()
      if (this.at >= this.lineEnd) throw new NotPlainError()
      const isTable = this.#colon() >= 0
      list.push(isTable ? this.#table(this.at - this.#lineStart, depth + 1) : this.#value(indent, depth + 1))
      offsets.push(this.#valueStart, this.#valueEnd)
    } while (this.#indent === indent && this.#isDash())
    if (this.#indent > indent) throw new NotPlainError()
    this.#valueStart = start
    this.#valueEnd = this.#end
    this.recorded.push([list, { source: this.source, start, end: this.#end, offsets }])
    return list
  }

  /** The value after a colon or a dash, on the same line or below it. */
  #value(indent: number, depth: number): Tree {
    const start = this.at
    if (start >= this.lineEnd || this.text.charCodeAt(start) === HASH) return this.#valueBelow(indent, depth)
    let value: Tree
    if (this.isBracket() || this.isQuote()) {
      this.blockIndent = indent
      value = this.flowValue(depth)
    } else {
      if (!this.isPlain(false)) throw new NotPlainError()
      value = plainScalar(this.#plain())
    }
    const end = this.at
    this.#endLine()
    // A string of several lines.
    if (this.#indent > indent) throw new NotPlainError()
    this.#valueStart = start
    this.#valueEnd = end
    return value
  }

  #valueBelow(indent: number, depth: number): Tree {
    const start = this.at
    const hasComment = start < this.lineEnd
    this.#endLine()
    const end = this.#end
    if (this.#indent >= indent && this.#isDash()) return this.#list(this.#indent, depth)
    if (this.#indent > indent) {
      return this.#colon() >= 0 ? this.#table(this.#indent, depth) : this.#value(indent, depth)
    }
    this.#valueStart = start
    this.#valueEnd = start
    this.#end = hasComment ? end : start
    return null
  }

  /** The text of a scalar without quotes, up to the end of the line or a comment. */
  #plain(): string {
    const { text, at: start } = this
    let end = start
    for (; this.at < this.lineEnd; this.at++) {
      const code = text.charCodeAt(this.at)
      if (code === SPACE) continue
      if (code === HASH && end < this.at) break
      end = this.at + 1
      // A key, which cannot be here.
      if (code === COLON && (end === this.lineEnd || text.charCodeAt(end) === SPACE)) throw new NotPlainError()
    }
    this.at = end
    return text.slice(start, end)
  }

  /** The offset of the colon after the key that begins here; -1 if no key begins here. */
  #colon(): number {
    const { text, at: start, lineEnd } = this
    if (this.isQuote()) {
      this.quoted()
      this.skipSpaces()
      const colon = this.at
      this.at = start
      return this.#isColon(colon) ? colon : -1
    }
    if (!this.isPlain(false)) return -1
    for (let at = start; at < lineEnd; at++) {
      const code = text.charCodeAt(at)
      if (code === HASH && text.charCodeAt(at - 1) === SPACE) return -1
      if (code !== COLON || !this.#isColon(at)) continue
      if (at - start > LONGEST_KEY) throw new NotPlainError()
      return at
    }
    return -1
  }

  #isColon(at: number): boolean {
    return this.text.charCodeAt(at) === COLON && (at + 1 === this.lineEnd || this.text.charCodeAt(at + 1) === SPACE)
  }

  #isDash(): boolean {
    const next = this.text.charCodeAt(this.at + 1)
    return this.text.charCodeAt(this.at) === DASH && (next === SPACE || next === NEWLINE || Number.isNaN(next))
  }

  /** Reads the rest of a line, which may only be a comment, and moves to the next content. */
  #endLine(): void {
    const { text } = this
    const before = this.at
    this.skipSpaces()
    const isComment = text.charCodeAt(this.at) === HASH && (this.at > before || text.charCodeAt(before - 1) === SPACE)
    if (this.at < this.lineEnd && !isComment) throw new NotPlainError()
    this.at = Math.min(this.lineEnd + 1, text.length)
    this.#end = this.at
    this.#next()
  }

  /** Moves from the beginning of a line to the next content, over empty lines and comments. */
  #next(): void {
    const { text } = this
    for (;;) {
      this.#lineStart = this.at
      this.skipSpaces()
      const code = text.charCodeAt(this.at)
      const lineEnd = text.indexOf('\n', this.at)
      this.lineEnd = lineEnd < 0 ? text.length : lineEnd
      if (this.at < this.lineEnd && code !== HASH) break
      this.at = Math.min(this.lineEnd + 1, text.length)
      if (lineEnd < 0) {
        this.#indent = -1
        return
      }
    }
    this.#indent = this.at - this.#lineStart
    if (this.#indent === 0 && this.#isMarker()) this.#indent = -1
  }

  /** Whether a document begins here. */
  #isMarker(): boolean {
    const { text, at } = this
    const next = text.charCodeAt(at + 3)
    const isAlone = at + 3 >= this.lineEnd || next === SPACE
    if (isAlone && text.startsWith('...', at)) throw new NotPlainError()
    return isAlone && text.startsWith('---', at)
  }
}

/** The end of a key, without the spaces before its colon. */
function endOf(text: string, start: number, colon: number): number {
  let end = colon
  while (end > start && text.charCodeAt(end - 1) === SPACE) end--
  return end
}
