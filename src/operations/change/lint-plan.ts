import type { OtherProject } from '../../insight/lint/lint-context.ts'
import type { LintSettings } from '../../insight/lint/lint-settings.ts'
import { NEWEST_VERSION } from '../../model/broker-version.ts'
import type { Plan } from '../../plan/plan.ts'
import type { LoadedForPlan, Planned } from './planned.ts'

export interface PlanLintOptions {
  /** Lints the objects that the plan changes, with these settings. Default: no lint. */
  readonly lint?: LintSettings
}

/**
 * Lints the objects that a plan changes, by the rules of the broker's version.
 *
 * @param others the other projects of the run. Default: none
 * @returns the lint findings, and the warnings about the files that no rule covers; without settings all warnings about
 * the files
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

/** Leaves out notes of a plan if lint would not report them either. */
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
