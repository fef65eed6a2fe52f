import { usageError } from './usage-error.ts'

/** Reads an option that is a percentage, with or without its sign, from 0 to 100. */
export function percentage(option: string, text: string): number {
  const [, number] = /^(\d{1,3}(?:\.\d{1,6})?)%?$/.exec(text) ?? []
  if (number !== undefined && Number(number) <= 100) return Number(number)
  throw usageError(`${option} ${text} is not a percentage from 0% to 100%`, `write it as ${option} 80%`)
}
