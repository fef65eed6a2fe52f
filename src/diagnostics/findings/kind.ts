import type { FindingKind, Sentence } from './finding.ts'

/** A kind of finding that makes the input unusable. */
export function error<A>(say: (args: A) => Sentence): FindingKind<A> {
  return { severity: 'error', say }
}

/** A kind of finding that the user should know of, but that stops nothing. */
export function warning<A>(say: (args: A) => Sentence): FindingKind<A> {
  return { severity: 'warning', say }
}
