import { isAtLeast } from '../broker-version.ts'
import { satisfiesRule, type ValueRule } from './value-rule.ts'

/**
 * The reaction of the broker to an argument: it applies it, stores it without any effect, or refuses the declaration.
 */
export type Support = 'applies' | 'ignores' | 'refuses'

/** Support from one version on, until the next step. */
export interface SupportStep {
  /** The first version, such as `4.3.0`. */
  readonly since: string
  readonly support: Support
  /** Replaces the rule for the value from this version on. */
  readonly value?: ValueRule
}

/** Steps by ascending version; the first one also applies to all older versions. */
export type SupportHistory = readonly [SupportStep, ...SupportStep[]]

/** The oldest version that the tables cover. */
export const OLDEST = '3.10.0'

export const APPLIES: SupportHistory = [{ since: OLDEST, support: 'applies' }]
export const REFUSES: SupportHistory = [{ since: OLDEST, support: 'refuses' }]

/** One change of support at a version. */
export function changes(before: Support, since: string, after: Support, value?: ValueRule): SupportHistory {
  return [
    { since: OLDEST, support: before },
    { since, support: after, ...(value && { value }) },
  ]
}

/** The step that applies to a version. */
export function stepAt(history: SupportHistory, version: string): SupportStep {
  return history.findLast(({ since }) => isAtLeast(version, since)) ?? history[0]
}

/** The problem of a value in one step. */
export type ValueProblem = { readonly kind: 'refused' } | { readonly kind: 'value'; readonly expected: ValueRule }

/** Returns the problem of a value in one step of support; undefined if there is none. */
export function problemAt(step: SupportStep, rule: ValueRule, value: unknown): ValueProblem | undefined {
  if (step.support === 'ignores') return undefined
  if (step.support === 'refuses') return { kind: 'refused' }
  const expected = step.value ?? rule
  return satisfiesRule(expected, value) ? undefined : { kind: 'value', expected }
}
