/** What a code means, and what to do about it. `docs/reference/errors.md` and `warren explain` print it. */
export interface ExplanationText extends RuleExplanation {
  /** The usual cause. */
  readonly cause: string
}

/** What the findings of a rule mean, and what to do about them. */
export interface RuleExplanation {
  readonly meaning: string
  readonly remedy: string
}

/** Explanations by code, below one heading. */
export interface ExplanationGroup {
  readonly title: string
  readonly codes: Readonly<Record<string, ExplanationText>>
}
