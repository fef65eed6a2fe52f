import type { LintSeverity, RuleOptions, RuleText } from './rule.ts'

/** The settings of a config for one rule. */
export interface RuleSetting {
  /** Default: the severity of the rule, or `warning` for a rule that is off by default. */
  readonly severity?: 'error' | 'warning' | 'off'
  readonly options: RuleOptions
}

/** Findings that the config accepts. */
export interface AcceptedFindings {
  readonly rule: string
  /** A glob of addresses. */
  readonly address: string
  readonly reason: string
}

/** The lint settings of a config. */
export interface LintSettings {
  /** By the id of the rule. */
  readonly rules: Readonly<Record<string, RuleSetting>>
  readonly ignore: readonly AcceptedFindings[]
}

/** The settings without a config. */
export const NO_SETTINGS: LintSettings = { rules: {}, ignore: [] }

/** The severity of a rule. A rule that is off by default reports warnings when a config configures it. */
export function severityOf(rule: RuleText, { rules }: LintSettings): LintSeverity | 'off' {
  const setting = rules[rule.id]
  if (setting === undefined) return rule.severity
  return setting.severity ?? (rule.severity === 'off' ? 'warning' : rule.severity)
}
