import { usageError } from './usage-error.ts'

/** Reads an option with a few allowed words. */
export function oneOf<const T extends string>(option: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === given)
  if (found === undefined) throw usageError(`${option} ${given} is not known`, `use one of: ${allowed.join(', ')}`)
  return found
}
