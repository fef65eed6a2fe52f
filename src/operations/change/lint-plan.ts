import type { LintSettings } from '../../insight/lint/lint-settings.ts'
import { NEWEST_VERSION } from '../../model/broker-version.ts'
import type { Plan } from '../../plan/plan.ts'
import type { LoadedForPlan, Planned } from './planned.ts'

export interface PlanLintOptions {
  /** Judges the objects that the plan changes by rules, with these settings. Default: no rule judges. */
  readonly lint?: LintSettings
}

/**
 * Judges the objects that a plan changes, by the version of its broker.
 *
 * @returns the findings of rules, and the warnings about the files that no rule covers; without settings only all warnings
 */
export async function lintPlan(
  { desired, findings, sources }: LoadedForPlan,
  { changes, broker }: Plan,
  settings: LintSettings | undefined,
): Promise<Pick<Planned, 'findings' | 'lint'>> {
  if (settings === undefined) return { findings }
  // Few plans are linted, and the rules take time to load.
  const { lintDesired } = await import('../insight/lint.ts')
  const { findingsAboutChanges } = await import('../../insight/lint/findings-about-changes.ts')
  const version = broker.version === '' ? NEWEST_VERSION : broker.version
  const judged = lintDesired({ desired, findings, sources }, settings, version)
  return { findings: judged.warnings, lint: findingsAboutChanges(judged.findings, changes, desired) }
}
