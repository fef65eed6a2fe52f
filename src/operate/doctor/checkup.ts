import type { SnapshotSource } from '../../broker/snapshot/snapshot.ts'
import { CHECKS } from './all-checks.ts'
import { type Check, type CheckResult, type DoctorSeverity, type Symptom, type Undecided } from './check.ts'
import { CheckContext, type CheckupInput } from './check-context.ts'

/** The condition of a broker. */
export interface Checkup {
  readonly source: SnapshotSource
  /** The project whose queues were examined; absent if all were. */
  readonly project?: string
  /** The examined vhosts. */
  readonly vhosts: readonly string[]
  /** The number of examined queues. */
  readonly queues: number
  /** The length of the sample in milliseconds, and the number of looks. Without a sample, there is one look. */
  readonly sample: { readonly window: number; readonly looks: number }
  /** All checks, in the order of the documentation. */
  readonly checks: readonly CheckResult[]
  /** The vhosts that the login may not read. */
  readonly unreadable: readonly string[]
}

/** Examines what was read of a broker. */
export function makeCheckup(input: CheckupInput): Checkup {
  const context = new CheckContext(input)
  const { source, unknown } = input.snapshot
  return {
    source,
    ...(input.desired && { project: input.desired.project }),
    vhosts: context.vhosts.map(({ name }) => name),
    queues: context.vhosts.reduce((sum, { queues }) => sum + queues.length, 0),
    sample: { window: context.window, looks: context.looks.length },
    checks: CHECKS.map((check) => resultOf(check, context)),
    unreadable: unknown.flatMap(({ what, vhost }) => (what === 'vhost' && vhost !== undefined ? [vhost] : [])),
  }
}

function resultOf(check: Check, context: CheckContext): CheckResult {
  const { id, title, needs, sample = 0 } = check
  const missing = distinct(context.missing(needs).map(({ reason, ...of }) => ({ undecided: reason, ...of })))
  const all =
    context.window < sample
      ? [{ undecided: 'sample-too-short', needed: sample } satisfies Undecided]
      : [...check.check(context)]
  const symptoms = all.filter((each): each is Symptom => !('undecided' in each))
  const undecided = [...missing, ...all.filter((each): each is Undecided => 'undecided' in each)]
  return {
    check: id,
    title,
    status: symptoms.length > 0 ? 'found' : undecided.length > 0 ? 'unknown' : 'ok',
    symptoms,
    undecided,
  }
}

/** Several looks miss the same parts. */
function distinct(undecided: readonly Undecided[]): Undecided[] {
  return [...new Map(undecided.map((each) => [JSON.stringify(each), each])).values()]
}

const SEVERITIES: readonly DoctorSeverity[] = ['notice', 'warning', 'error']

/** Whether a checkup found something of this severity or a higher one. */
export function hasSymptoms({ checks }: Pick<Checkup, 'checks'>, least: DoctorSeverity = 'warning'): boolean {
  const rank = SEVERITIES.indexOf(least)
  return checks.some(({ symptoms }) => symptoms.some(({ severity }) => SEVERITIES.indexOf(severity) >= rank))
}
