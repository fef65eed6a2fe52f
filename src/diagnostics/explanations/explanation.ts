/** The meaning of a code, and what to do about it. `docs/reference/errors.md` and `warren explain` print it. */
export interface ExplanationText extends RuleExplanation {
  /** The usual cause. */
  readonly cause: string
}

/** The meaning of a rule's findings, and what to do about them. */
export interface RuleExplanation {
  readonly meaning: string
  readonly remedy: string
}

/** Explanations by code, under one heading. */
export interface ExplanationGroup {
  readonly title: string
  readonly codes: Readonly<Record<string, ExplanationText>>
}
