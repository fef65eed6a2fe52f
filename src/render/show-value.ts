import { canonicalJson } from '../model/address.ts'

const PLAIN = /^[\p{L}\p{N}._:/*#$^()|\\+@%=<>~&!?{}-]+$/u

/** A name or another short text: as it is where that is unmistakable, else quoted and escaped. */
export function showText(text: string): string {
  return PLAIN.test(text) ? text : JSON.stringify(text)
}

/** A value in a plan. `(none)` is an absent one. */
export function showValue(value: unknown): string {
  if (value === undefined) return '(none)'
  return typeof value === 'string' ? showText(value) : canonicalJson(value)
}
