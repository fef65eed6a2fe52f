import type { RuleOptions } from './rule.ts'

/** What a config sets for one rule. */
export interface RuleSetting {
  /** Default: that of the rule, or `warning` for one that is off until it is configured. */
  readonly severity?: 'error' | 'warning' | 'off'
  readonly options: RuleOptions
}

/** Findings that are accepted. */
export interface AcceptedFindings {
  readonly rule: string
  /** A glob of addresses. */
  readonly address: string
  readonly reason: string
}

/** What a config says about lint. */
export interface LintSettings {
  /** By the id of the rule. */
  readonly rules: Readonly<Record<string, RuleSetting>>
  readonly ignore: readonly AcceptedFindings[]
}

/** The settings without a config. */
export const NO_SETTINGS: LintSettings = { rules: {}, ignore: [] }
