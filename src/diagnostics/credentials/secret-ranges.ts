import { distance } from 'fastest-levenshtein'
import { LineTable } from '../text/line-table.ts'
import { credentialRangesInYaml, type Range } from './uri-credentials.ts'

const WORD = /[\w.-]+/g
const WORD_CHARACTER = /[\w.-]/
const KEY = /pas|word|pwd|secret|token|credential|^pw$/i
const ANCHOR = /&(?=\S)/g
const REFERENCE = /^\$\{(?:env|file|var):[^{}]*\}$/

/**
 * The parts of a YAML text that may be secrets, even if it cannot be parsed: the values of keys whose names resemble
 * "password", the anchors that such a key refers to, and logins in URIs. A single reference without a default is not
 * secret.
 */
export function secretRanges(text: string): Range[] {
  const values = new ValueFinder(text)
  const ranges: Range[] = []
  const anchors = new Set<string>()
  for (const { start, end, key } of keysIn(text)) {
    const likeness = likenessToPassword(key)
    if (likeness === 'none') continue
    const value = values.after(start, end)
    const written = text.slice(value.start, value.end).trim()
    if (written.startsWith('*')) anchors.add(written.slice(1))
    else if (
      written === '' ||
      isLoneReference(written) ||
      (likeness === 'loose' && values.isTable(value, written.length))
    )
      continue
    ranges.push(value)
  }
  ranges.push(...anchored(text, anchors, values), ...credentialRangesInYaml(text))
  return joined(ranges)
}

/** The words before a colon that may resemble a password key, with the quotes around them. */
function* keysIn(text: string): Generator<Range & { readonly key: string }> {
  for (const { index, 0: key } of text.matchAll(WORD)) {
    if (!KEY.test(key)) continue
    const quote = text[index - 1] ?? ''
    const after = index + key.length
    const isQuoted = /["']/.test(quote) && text[after] === quote && !WORD_CHARACTER.test(text[index - 2] ?? '')
    const start = isQuoted ? index - 1 : index
    let colon = isQuoted ? after + 1 : after
    while (/\s/.test(text[colon] ?? '')) colon++
    if (text[colon] === ':') yield { start, end: colon + 1, key }
  }
}

/** A queue may be called password-reset, so a table below such a key is not a secret. */
function likenessToPassword(key: string): 'close' | 'loose' | 'none' {
  const lower = key.toLowerCase()
  const mistakes = Math.min(mistakesIn(lower, 'password'), mistakesIn(lower, 'passwordhash'))
  if (mistakes <= 1) return 'close'
  if (/passw|passphrase|pwd|secret|token|credential|^pw$|^pass$/.test(lower)) return 'loose'
  return mistakes <= MOST_MISTAKES ? 'loose' : 'none'
}

const MOST_MISTAKES = 3

/** The number of different letters; higher if the lengths differ too much. */
function mistakesIn(word: string, meant: string): number {
  return word.length > meant.length + MOST_MISTAKES ? MOST_MISTAKES + 1 : distance(word, meant)
}

function isLoneReference(written: string): boolean {
  const unquoted = written.replace(/^(["'])(.*)\1$/, '$2')
  return REFERENCE.test(unquoted) && !unquoted.includes(':-')
}

function quotedEnd(text: string, start: number): number {
  const quote = text[start]
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at++
    else if (text[at] === quote) {
      if (quote === "'" && text[at + 1] === quote) at++
      else return at + 1
    }
  }
  return text.length
}

/** Finds the values after keys, each in about the time that reading the key takes. */
class ValueFinder {
  readonly #text: string
  readonly #lines: LineTable
  readonly #flowEnds: NextPlace
  /** The colons that end a key. */
  readonly #colons: NextPlace

  constructor(text: string) {
    this.#text = text
    this.#lines = new LineTable(text)
    this.#flowEnds = new NextPlace(text, /[,}\]\n]/g)
    this.#colons = new NextPlace(text, /:(?=\s)/g)
  }

  /**
   * The value after a key: up to its closing quote, to the end of a flow entry, or with all lines that are indented
   * more. Comments are included: for YAML, `password: #1` is a comment, but it was meant as a password.
   */
  after(keyStart: number, afterKey: number): Range {
    const text = this.#text
    const start = afterKey + (/^(?:\s|[&!]\S*(?=\s))*/.exec(text.slice(afterKey, afterKey + 4096))?.[0].length ?? 0)
    const keyLine = this.#lines.lineAt(keyStart)
    const indent = this.#lines.indent(keyLine)
    const valueLine = this.#lines.lineAt(start)
    const inFlow = this.#isInFlow(keyStart)
    // Text that is not indented more than the key is the next key, not the value.
    if (valueLine > this.#lines.lineAt(afterKey) && !inFlow && this.#lines.indent(valueLine) <= indent)
      return { start, end: start }
    if (/^["']/.test(text.slice(start, start + 1))) return { start, end: quotedEnd(text, start) }
    if (inFlow) return { start, end: this.#flowEnds.from(start) }
    return { start, end: this.#lines.endOfIndented(valueLine, indent) }
  }

  /** Whether a value is a table; `length` is its length without the spaces after it. */
  isTable({ start }: Range, length: number): boolean {
    const text = this.#text
    const first = text[start] ?? ''
    if (/[{[]/.test(first)) return true
    if (/[\s"'#|>]/.test(first)) return false
    const end = start + length
    const lineEnd = Math.min(this.#lines.end(this.#lines.lineAt(start)), end)
    return this.#colons.from(start + 1) < lineEnd || (lineEnd === end && length > 1 && text[end - 1] === ':')
  }

  #isInFlow(keyStart: number): boolean {
    let at = keyStart - 1
    while (this.#text[at] === ' ' || this.#text[at] === '\t') at--
    return this.#text[at] === '{' || this.#text[at] === ','
  }
}

/** The next position of a string, cached until a later position is requested. */
class NextPlace {
  readonly #text: string
  readonly #pattern: RegExp
  #known = { from: 0, next: -1 }

  /** @param pattern a global pattern that is quick to find */
  constructor(text: string, pattern: RegExp) {
    this.#text = text
    this.#pattern = pattern
  }

  /** The first position at or after `from`, or the end of the text. */
  from(from: number): number {
    if (from >= this.#known.from && from <= this.#known.next) return this.#known.next
    this.#pattern.lastIndex = from
    this.#known = { from, next: this.#pattern.exec(this.#text)?.index ?? this.#text.length }
    return this.#known.next
  }
}

/** The values of the anchors with these names. */
function anchored(text: string, written: ReadonlySet<string>, values: ValueFinder): Range[] {
  const names = new Set([...written].map((each) => /^\S*/.exec(each)?.[0] ?? ''))
  const lengths = new Set([...names].map(({ length }) => length))
  if (names.size === 0) return []
  const spaces = new NextPlace(text, /\s/g)
  const ranges: Range[] = []
  for (const { index } of text.matchAll(ANCHOR)) {
    const end = spaces.from(index + 1)
    if (end < text.length && lengths.has(end - index - 1) && names.has(text.slice(index + 1, end)))
      ranges.push(values.after(index, end))
  }
  return ranges
}

function joined(ranges: readonly Range[]): Range[] {
  const result: Range[] = []
  for (const each of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1)
    if (last && each.start <= last.end)
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, each.end) }
    else result.push(each)
  }
  return result
}
