import type { OtherProject } from '../../insight/lint/lint-context.ts'
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
 * @param others the other projects of the run. Default: none
 * @returns the findings of rules, and the warnings about the files that no rule covers; without settings only all warnings
 */
export async function lintPlan(
  { desired, findings, unjudged, sources }: LoadedForPlan,
  { changes, broker }: Plan,
  settings: LintSettings | undefined,
  others: readonly OtherProject[] = [],
): Promise<Pick<Planned, 'findings' | 'lint'>> {
  if (settings === undefined) return { findings }
  // Few plans are linted, and the rules take time to load.
  const { lintDesired } = await import('../insight/lint.ts')
  const { findingsAboutChanges } = await import('../../insight/lint/findings-about-changes.ts')
  const version = broker.version === '' ? NEWEST_VERSION : broker.version
  const judged = lintDesired({ desired, findings: unjudged, sources }, settings, version, others)
  return { findings: judged.warnings, lint: findingsAboutChanges(judged.findings, changes, desired) }
}

/** Leaves out the notes of a plan that the rules of lint do not report either. */
export async function withJudgedNotes<P extends Plan>(
  plan: P,
  { desired, sources }: Pick<LoadedForPlan, 'desired' | 'sources'>,
  rules: LintSettings | undefined,
): Promise<P> {
  // The rules take time to load, and few plans have notes.
  if (plan.notes.length === 0) return plan
  const { judgeNotes } = await import('../../insight/lint/judge-notes.ts')
  return { ...plan, notes: judgeNotes(plan.notes, { topology: desired.topology, sources }, rules) }
}
