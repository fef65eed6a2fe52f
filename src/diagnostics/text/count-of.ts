import { withCommas } from './with-commas.ts'

/** `1,204 messages`, `1 message`. */
export function countOf(count: number, thing: string): string {
  return `${withCommas(count)} ${thing}${count === 1 ? '' : 's'}`
}
