import { lintTopology } from '../../../../insight/lint/lint.ts'
import { NO_SETTINGS } from '../../../../insight/lint/lint-settings.ts'
import type { UpgradeContext } from '../upgrade-context.ts'
import type { UpgradeIssue } from '../upgrade-issue.ts'

/** Rules of lint about behavior that differs by version. Other rules of this group are features of their own here. */
const RULES = [
  'dead-letter-cycle-by-version',
  'headers-binding-compares-nested-numbers',
  'hash-header-missing',
] as const

/** The findings of lint for the target version that do not exist for the current one. */
export function* changedByRules({ topology, from, path }: UpgradeContext): Iterable<UpgradeIssue> {
  const target = path.at(-1)
  if (target === undefined) return
  const [before, after] = [from, target.version].map(
    (version) => lintTopology({ topology, version }, NO_SETTINGS).findings,
  )
  for (const feature of RULES) {
    const known = new Set((before ?? []).filter(({ rule }) => rule === feature).map(({ address }) => address))
    for (const { rule, address, message, hint, remedy } of after ?? []) {
      if (rule !== feature || known.has(address)) continue
      yield {
        feature,
        effect: 'changed',
        since: target.series,
        stage: 'objects',
        ...(address !== undefined && { address }),
        message,
        advice: hint ?? remedy,
        commands: [],
      }
    }
  }
}
