import { type Escape, readEscapedByte } from './escapes.ts'
import { type ExpressionText, Refused } from './expression-text.ts'

const POSIX = new Set('alpha lower upper alnum ascii blank cntrl digit graph print punct space word xdigit'.split(' '))

/** The end of a `[:name:]`, `[.x.]` or `[=x=]` at an offset, by PCRE's own rule; undefined if there is none. */
export function posixEnd(text: string, at: number): number | undefined {
  const terminator = text[at + 1] ?? ''
  if (text[at] !== '[' || !/[:.=]/.test(terminator)) return undefined
  for (let end = at + 2; end < text.length; end += 1) {
    const character = text[end]
    if (character === '\\' && /[\]\\]/.test(text[end + 1] ?? '')) end += 1
    else if (character === ']' || (character === '[' && text[end + 1] === terminator)) return undefined
    else if (character === terminator && text[end + 1] === ']') return end + 2
  }
  return undefined
}

/** Reads a class, from after its opening bracket to its end. */
export function readClass(text: ExpressionText): void {
  // Word boundaries that PCRE has from another library.
  if (text.take(/\[:[<>]:\]\]/y)) return
  skipNothing(text)
  text.skip('^')
  skipNothing(text)
  let isFirst = true
  for (;;) {
    if (text.isAtEnd) throw new Refused('a character class that begins with "[" does not end')
    if (!isFirst && text.skip(']')) return
    const item = readItem(text)
    isFirst &&= item.kind === 'nothing'
    if (text.peek() === '-' && !/^-(?:\\E)*\]/.test(text.text.slice(text.at))) readRange(text, item)
  }
}

function readRange(text: ExpressionText, from: Escape): void {
  if (from.kind !== 'byte') return
  const dash = text.at
  text.at += 1
  skipNothing(text)
  if (text.isAtEnd) throw new Refused('a character class that begins with "[" does not end')
  if (text.peek(2) === '\\Q' || posixEnd(text.text, text.at) !== undefined) {
    text.at = dash + 1
    return
  }
  const to = readItem(text)
  if (to.kind === 'class') throw new Refused('a range of a character class ends with a class')
  if (to.kind === 'byte' && to.byte < from.byte) throw new Refused('a range of a character class is out of order')
}

/** One character, or an item that stands for several. */
function readItem(text: ExpressionText): Escape {
  const end = posixEnd(text.text, text.at)
  if (end !== undefined) return readPosix(text, end)
  if (!text.skip('\\')) {
    const byte = text.text.charCodeAt(text.at)
    text.at += 1
    return { kind: 'byte', byte }
  }
  if (text.skip('E')) return { kind: 'nothing' }
  if (text.skip('Q')) {
    const literal = text.takeUntil('\\E')
    if (literal === undefined) throw new Refused('a character class that begins with "[" does not end')
    return { kind: literal === '' ? 'nothing' : 'unknown' }
  }
  const letter = text.peek()
  if (letter === 'N' && text.peek(2) !== 'N{') throw new Refused('"\\N" is not possible in a character class')
  if (/[RXB]/.test(letter)) {
    text.at += 1
    return { kind: 'unknown' }
  }
  if (text.skip('b')) return { kind: 'byte', byte: 8 }
  return readEscapedByte(text)
}

function readPosix(text: ExpressionText, end: number): Escape {
  const written = text.text.slice(text.at, end)
  if (written[1] !== ':') throw new Refused(`PCRE does not support the POSIX element "${written}"`)
  if (!POSIX.has(written.slice(2, -2).replace(/^\^/, ''))) throw new Refused(`"${written}" is not a POSIX class`)
  text.at = end
  return { kind: 'class' }
}

/** Skips ends and empty pieces of literal text, which have no meaning. */
function skipNothing(text: ExpressionText): void {
  while (text.skip('\\E') || text.skip('\\Q\\E'));
}
