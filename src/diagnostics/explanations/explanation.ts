/** What a code means, and what to do about it. `docs/reference/errors.md` and `warren explain` print it. */
export interface ExplanationText {
  readonly meaning: string
  /** The usual cause. */
  readonly cause: string
  readonly remedy: string
}

/** Explanations by code, below one heading. */
export interface ExplanationGroup {
  readonly title: string
  readonly codes: Readonly<Record<string, ExplanationText>>
}
