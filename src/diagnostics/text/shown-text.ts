import { withCommas } from './with-commas.ts'

/** Characters that affect a terminal, or reorder the text. Line breaks and tabs are allowed. */
const CONTROLS = /(?![\n\t])[\p{Cc}\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu
/** The colors of `render/style.ts`, a line that is drawn over, and line ends of Windows. */
const OWN = new RegExp(`${String.fromCodePoint(0x1b)}\\[(?:K|(?:0|1|2|22|3[1-9]|39)m)|^\\r|\\r(?=\\n)`, 'g')
/** Longer than any name, path and hint. A longer text is data. */
const LONGEST = 1_000
const KEPT = 200

/** A string with the characters that control a terminal written as `\u001b`. */
export function escapeControls(text: string): string {
  return text.replaceAll(CONTROLS, (each) => `\\u${(each.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
}

/** The same for an output that keeps warren's own colors and progress. */
export function escapeForeignControls(text: string): string {
  let shown = ''
  let from = 0
  for (const { index, 0: own } of text.matchAll(OWN)) {
    shown += escapeControls(text.slice(from, index)) + own
    from = index + own.length
  }
  return shown + escapeControls(text.slice(from))
}

/** The same on one line: for a path or a name. */
export function onOneLine(text: string): string {
  return escapeControls(text).replaceAll('\n', '\\n')
}

/** The beginning and the length of a value that is too long for a message. */
export function shortened(value: string): string {
  return value.length > LONGEST ? `${value.slice(0, KEPT)}… (${withCommas(value.length)} characters)` : value
}

/** A message in the form for output: without control sequences for a terminal, and without overlong words. */
export function shownMessage(text: string): string {
  return escapeControls(text).replaceAll(/\S{1000,}/g, shortened)
}

/** Shortens each text in the arguments of a message. */
export function shortenedTexts(value: unknown): unknown {
  if (typeof value === 'string') return shortened(value)
  if (Array.isArray(value)) return value.map(shortenedTexts)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shortenedTexts(each)]))
}
