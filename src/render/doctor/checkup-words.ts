import { countOf } from '../../diagnostics/text/count-of.ts'
import type { HealthPart } from '../../broker/snapshot/health.ts'
import type { CheckResult, DoctorSeverity, Undecided, UndecidedReason } from '../../operate/doctor/check.ts'
import type { Checkup } from '../../operate/doctor/checkup.ts'
import { durationWords } from '../words/duration-words.ts'
import { showText } from '../words/show-value.ts'
import { UNREAD_REASONS } from '../words/unread-reasons.ts'

/** Sentences of a checkup, which all its formats share. */

/** Severities in the order in which they are shown. */
export const SEVERITIES: readonly DoctorSeverity[] = ['error', 'warning', 'notice']

/** `2 errors, 1 warning`, or `nothing`. */
export function foundText({ checks }: Pick<Checkup, 'checks'>): string {
  const all = checks.flatMap(({ symptoms }) => symptoms)
  const counts = SEVERITIES.flatMap((severity) => {
    const count = all.filter((each) => each.severity === severity).length
    return count === 0 ? [] : [countOf(count, severity)]
  })
  return counts.length === 0 ? 'nothing' : counts.join(', ')
}

/** The examined subject. */
export function scopeText({ project, vhosts, queues }: Checkup): string {
  const all = `${countOf(vhosts.length, 'vhost')}, ${countOf(queues, 'queue')}`
  return project === undefined ? all : `project ${showText(project)}: ${all}`
}

/** How long the broker was watched. */
export function sampleText({ sample: { window, looks } }: Checkup): string {
  return window === 0
    ? 'one look; --sample 30s also checks what changes over time'
    : `${Math.round(window / 1_000)} s, ${countOf(looks, 'look')}`
}

const PARTS: Readonly<Record<HealthPart, string>> = {
  alarm: 'alarms',
  nodes: 'nodes',
  connections: 'connections',
  channels: 'channels',
  churn: 'counters of connections and channels',
  queues: 'statistics of queues',
  consumers: 'consumers',
}

const REASONS: Readonly<Record<Exclude<UndecidedReason, 'sample-too-short'>, string>> = {
  'no-permission': 'the login has no permission',
  ...UNREAD_REASONS,
  'unreadable-record': 'a record is damaged',
}

/** Why a check could not decide about something. */
export function undecidedText({ undecided, address, vhost, part, needed }: Undecided): string {
  const where = address ?? (vhost === undefined ? undefined : `vhost ${showText(vhost)}`)
  const reason =
    undecided === 'sample-too-short'
      ? `needs a sample of at least ${durationWords(needed ?? 0)} (--sample)`
      : `${part === undefined ? '' : `${PARTS[part]}: `}${REASONS[undecided]}`
  return where === undefined ? reason : `${where}: ${reason}`
}

/** The checks that could not decide, one line for each reason. */
export function unknownLines({ checks, unreadable }: Checkup): string[] {
  const byReason = new Map<string, string[]>()
  for (const { check, undecided } of checks) {
    for (const each of undecided) {
      const reason = undecidedText(each)
      byReason.set(reason, [...(byReason.get(reason) ?? []), check])
    }
  }
  return [
    ...Array.from(byReason, ([reason, names]) => `${names.join(', ')}: ${reason}`),
    ...unreadable.map((vhost) => `vhost ${showText(vhost)}: the login has no permission`),
  ]
}

/** The checks of a status, by name. */
export function checksOf({ checks }: Checkup, status: CheckResult['status']): string[] {
  return checks.filter((each) => each.status === status).map(({ check }) => check)
}
