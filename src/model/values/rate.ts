import type { Rate } from '../routes.ts'

const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
])

const RATE = /^(\d+)\/([smh])$/

/** Reads `50/s`, `3000/m` or `10/h`. Undefined if it is not a rate, or a rate of 0. */
export function parseRate(text: string): Rate | undefined {
  const [, digits = '', unit = ''] = RATE.exec(text) ?? []
  const count = Number(digits)
  const per = MILLISECONDS.get(unit)
  return per !== undefined && count >= 1 && Number.isSafeInteger(count) ? { count, per } : undefined
}
