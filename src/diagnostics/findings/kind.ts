export type Severity = 'error' | 'warning'

/** The sentence of a finding, and how to fix it. */
export interface Sentence {
  readonly message: string
  readonly hint?: string
}

/** One kind of finding: its severity and its sentence. */
export interface FindingKind<A> {
  readonly severity: Severity
  readonly say: (args: A) => Sentence
}

/** A kind of finding that makes the input unusable. */
export function error<A>(say: (args: A) => Sentence): FindingKind<A> {
  return { severity: 'error', say }
}

/** A kind of finding that the user should know about, but that does not stop a run. */
export function warning<A>(say: (args: A) => Sentence): FindingKind<A> {
  return { severity: 'warning', say }
}
