import { distance } from 'fastest-levenshtein'
import { credentialRangesInYaml } from './uri-credentials.ts'

/** A part of a text, `[start, end)`. */
export interface Range {
  readonly start: number
  readonly end: number
}

const KEY = /(?<![\w.-])(["']?)([\w.-]*(?:pas|word|pwd|secret|token|credential)[\w.-]*|pw)\1\s*:/gi
const REFERENCE = /^\$\{(?:env|file|var):[^{}]*\}$/

/**
 * Where a text of YAML may hold secrets, whether it can be parsed or not: the values of keys that are called
 * password or nearly so, anchors that such a key refers to, and logins in URIs. A lone reference without
 * a default is not secret.
 */
export function secretRanges(text: string): Range[] {
  const ranges: Range[] = []
  const anchors = new Set<string>()
  for (const { index, 0: whole, 2: key = '' } of text.matchAll(KEY)) {
    const likeness = likenessToPassword(key)
    if (likeness === 'none') continue
    const value = valueAfter(text, index, index + whole.length)
    const written = text.slice(value.start, value.end).trim()
    if (written.startsWith('*')) anchors.add(written.slice(1))
    else if (written === '' || isLoneReference(written) || (likeness === 'loose' && isTable(written))) continue
    ranges.push(value)
  }
  for (const anchor of anchors) ranges.push(...anchored(text, anchor))
  return joined([...ranges, ...credentialRangesInYaml(text)])
}

/** A queue may well be called password-reset: what holds a table there is no secret. */
function likenessToPassword(key: string): 'close' | 'loose' | 'none' {
  const lower = key.toLowerCase()
  if (distance(lower, 'password') <= 1 || distance(lower, 'passwordhash') <= 1) return 'close'
  if (/passw|passphrase|pwd|secret|token|credential|^pw$|^pass$/.test(lower)) return 'loose'
  return distance(lower, 'password') <= 3 || distance(lower, 'passwordhash') <= 3 ? 'loose' : 'none'
}

function isTable(written: string): boolean {
  return /^[{[]/.test(written) || /^[^\s"'#|>][^\n]*?:(\s|$)/.test(written)
}

function isLoneReference(written: string): boolean {
  const unquoted = written.replace(/^(["'])(.*)\1$/, '$2')
  return REFERENCE.test(unquoted) && !unquoted.includes(':-')
}

/**
 * The value that follows a key: to its closing quote, to the end of an entry of a flow, or with all lines that are
 * indented more. Comments count as well: `password: #1` is one to YAML, but was meant as a password.
 */
function valueAfter(text: string, keyStart: number, afterKey: number): Range {
  const lineStart = text.lastIndexOf('\n', keyStart - 1) + 1
  const start = afterKey + (/^(?:\s|[&!]\S*(?=\s))*/.exec(text.slice(afterKey, afterKey + 4096))?.[0].length ?? 0)
  const indent = indentOf(text, lineStart)
  const valueLine = text.lastIndexOf('\n', start - 1) + 1
  const colonLine = text.lastIndexOf('\n', afterKey - 1) + 1
  const before = text.slice(lineStart, keyStart)
  const inFlow = /[{,][ \t]*$/.test(before)
  // What is not indented more than the key is the next key, and not its value.
  if (valueLine > colonLine && !inFlow && indentOf(text, valueLine) <= indent) return { start, end: start }
  if (/^["']/.test(text.slice(start, start + 1))) return { start, end: quotedEnd(text, start) }
  if (inFlow) return { start, end: search(text, /[,}\]\n]/, start) }
  return { start, end: indentedEnd(text, start, indent) }
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

function indentedEnd(text: string, start: number, indent: number): number {
  let end = search(text, /\n/, start)
  while (end < text.length) {
    const next = search(text, /\n/, end + 1)
    const line = text.slice(end + 1, next)
    if (line.trim() !== '' && indentOf(text, end + 1) <= indent) break
    end = next
  }
  return end
}

function anchored(text: string, anchor: string): Range[] {
  const ranges: Range[] = []
  for (let at = text.indexOf(`&${anchor}`); at >= 0; at = text.indexOf(`&${anchor}`, at + 1)) {
    const after = at + anchor.length + 1
    if (/\s/.test(text[after] ?? '')) ranges.push(valueAfter(text, at, after))
  }
  return ranges
}

function indentOf(text: string, lineStart: number): number {
  return search(text, /[^ ]/, lineStart) - lineStart
}

function search(text: string, pattern: RegExp, from: number): number {
  const global = new RegExp(pattern, 'g')
  global.lastIndex = from
  return global.exec(text)?.index ?? text.length
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
