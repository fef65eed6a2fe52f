import { address } from '../../model/address.ts'
import type { QueueSettings } from '../routing/queue-settings.ts'
import type { Comparison } from './comparison.ts'
import { type BreakingFinding, breakingFinding } from './version.ts'

const LIMITS = ['messageTtl', 'expires', 'maxLength', 'maxLengthBytes', 'deliveryLimit'] as const

/** Finds queue limits that became lower, from arguments and policies together, and dead letters that would be lost. */
export function compareLimits(comparison: Comparison): readonly BreakingFinding[] {
  return comparison.old.topology.queues.flatMap(({ vhost, name }) => {
    const now = comparison.currentName(vhost, name)
    const before = comparison.model('old', vhost).settings(name)
    const after = comparison.model('current', vhost).settings(now)
    if (before?.options.length !== 1 || after?.options.length !== 1) return []
    const [old, current] = [before.options[0], after.options[0]]
    if (old === undefined || current === undefined) return []
    const origin = comparison.model('current', vhost).queue(now)?.origin
    return compareSettings(address('queue', vhost, now), old, current).map((each) => ({
      ...each,
      ...(origin && { location: origin }),
    }))
  })
}

function compareSettings(at: string, old: QueueSettings, current: QueueSettings): readonly BreakingFinding[] {
  const findings: BreakingFinding[] = []
  for (const limit of LIMITS) {
    const [before, after] = [old[limit], current[limit]]
    if (before === after) continue
    const isLower = after !== undefined && (before === undefined || after < before)
    const reason = `${limit} is ${after ?? 'removed'} (before: ${before ?? 'no limit'})`
    const rule = isLower ? 'limit-lowered' : 'limit-raised'
    findings.push(breakingFinding(rule, isLower ? 'risky' : 'safe', at, reason, { part: limit }))
  }
  if (old.overflow !== current.overflow) {
    const reason = `a full queue uses ${current.overflow} instead of ${old.overflow}`
    findings.push(breakingFinding('limit-lowered', 'risky', at, reason, { part: 'overflow' }))
  }
  const [target, newTarget] = [old.deadLetter, current.deadLetter]
  if (target !== undefined && newTarget === undefined) {
    const reason = 'it no longer has a dead-letter exchange: messages that are rejected or expire are lost'
    findings.push(breakingFinding('dead-letters-lost', 'breaking', at, reason))
  } else if (target !== undefined && JSON.stringify(target) !== JSON.stringify(newTarget)) {
    const reason = `its dead letters go to ${targetWords(newTarget)} instead of ${targetWords(target)}`
    findings.push(breakingFinding('dead-letters-moved', 'risky', at, reason))
  }
  return findings
}

function targetWords(target: QueueSettings['deadLetter']): string {
  if (target === undefined) return 'none'
  const key = target.routingKey === undefined ? '' : ` with key ${JSON.stringify(target.routingKey)}`
  return `exchange ${JSON.stringify(target.exchange)}${key}`
}
