/* oxlint-disable no-extend-native, typescript/unbound-method -- the replaced methods are restored. */
import { searchFor } from './pattern-steps.ts'

/** The methods that search or copy the rest of a string, with the number of characters that they read. */
const LOOKS = {
  indexOf: (text: string, found: unknown, from: unknown) => reached(text, found) - Number(from ?? 0),
  lastIndexOf: (text: string, found: unknown) => text.length - Number(found),
  includes: (text: string) => text.length,
  split: (text: string) => text.length,
  toLowerCase: (text: string) => text.length,
  trim: (text: string, found: unknown) => text.length - String(found).length,
} as const
const NAMES = Object.keys(LOOKS) as (keyof typeof LOOKS)[]

function reached(text: string, found: unknown): number {
  return Number(found) < 0 ? text.length : Number(found)
}

/** Counts the steps of all searches in texts, by patterns and by string methods. */
export function countSearches(work: () => void): number {
  const searches: { pattern: RegExp; text: string; from: number; end: number | undefined }[] = []
  let steps = 0
  const { exec } = RegExp.prototype
  const methods = Object.getOwnPropertyDescriptors(String.prototype)
  // Every method with a pattern calls this, after it replaces the method of the engine.
  RegExp.prototype.exec = function (this: RegExp, text: string) {
    const from = this.global || this.sticky ? this.lastIndex : 0
    const found = exec.call(this, text)
    searches.push({ pattern: this, text, from, end: found ? found.index + found[0].length : undefined })
    return found
  }
  for (const name of NAMES) {
    const method = methods[name].value as (...args: unknown[]) => unknown
    const counted = function (this: string, ...args: unknown[]): unknown {
      const found = method.apply(this, args)
      steps += LOOKS[name](this, found, args[1])
      return found
    }
    Object.defineProperty(String.prototype, name, { ...methods[name], value: counted })
  }
  try {
    work()
  } finally {
    RegExp.prototype.exec = exec
    for (const name of NAMES) Object.defineProperty(String.prototype, name, methods[name])
  }
  for (const { pattern, text, from, end } of searches) {
    const search = searchFor(pattern, text, from)
    if (search.end !== end) throw new Error(`${String(pattern)} ends at ${end}, and was searched for to ${search.end}`)
    steps += search.steps
  }
  return steps
}
