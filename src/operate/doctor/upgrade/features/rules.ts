import { lintTopology } from '../../../../insight/lint/lint.ts'
import { NO_SETTINGS } from '../../../../insight/lint/lint-settings.ts'
import type { UpgradeContext } from '../upgrade-context.ts'
import type { UpgradeIssue } from '../upgrade-issue.ts'

/** Rules of lint about behavior that an upgrade changes, with the first version of the new behavior. */
const RULES = [{ feature: 'dead-letter-cycle-by-version', changedIn: '3.13.0' }] as const

/** The findings of lint for the target version about behavior that changes on the path. */
export function* changedByRules(context: UpgradeContext): Iterable<UpgradeIssue> {
  const { topology, path } = context
  const target = path.at(-1)
  if (target === undefined) return
  for (const { feature, changedIn } of RULES) {
    const since = context.seriesWith(changedIn)
    if (since === undefined) continue
    const { findings } = lintTopology({ topology, version: target.version }, NO_SETTINGS)
    for (const { rule, address, message, hint, remedy } of findings) {
      if (rule !== feature) continue
      yield {
        feature,
        effect: 'changed',
        since,
        stage: 'objects',
        ...(address !== undefined && { address }),
        message,
        advice: hint ?? remedy,
        commands: [],
      }
    }
  }
}
