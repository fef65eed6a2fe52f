import { canonicalJson } from '../../model/address.ts'

const PLAIN = /^[\p{L}\p{N}._:/*#$^()|\\+@%=<>~&!?{}-]+$/u

// Control characters would steer the terminal, direction marks reorder what is read, and others do not show at all.
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** A name or another short text: as it is where that is unmistakable, else quoted and escaped. */
export function showText(text: string): string {
  return PLAIN.test(text) ? text : escapeUnshown(JSON.stringify(text))
}

/** A text of several lines: as it is, but for what would steer the terminal or not show. */
export function showLines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => escapeUnshown(line.replaceAll('\t', '  ')))
}

/** A value in a plan. `(none)` is an absent one; a text that reads as another value is quoted. */
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
