import { canonicalJson } from '../../model/address.ts'

const PLAIN = /^[\p{L}\p{N}._:/*#$^()|\\+@%=<>~&!?{}-]+$/u

// Control characters would affect the terminal, direction marks reorder the text, and others are invisible.
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** A name or another short text: unchanged if it is unambiguous, otherwise quoted and escaped. */
export function showText(text: string): string {
  return PLAIN.test(text) ? text : escapeUnshown(JSON.stringify(text))
}

/** A string of several lines: unchanged except for control characters and invisible ones. */
export function showLines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => escapeUnshown(line.replaceAll('\t', '  ')))
}

/** A value in a plan. `(none)` means an absent value; a string that looks like another value is quoted. */
export function showValue(value: unknown): string {
  if (value === undefined) return '(none)'
  if (typeof value !== 'string') return escapeUnshown(canonicalJson(value))
  return value === '(none)' || isJson(value) ? JSON.stringify(value) : showText(value)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function escapeUnshown(text: string): string {
  return text.replaceAll(UNSHOWN, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
