import type { HealthPart } from '../../broker/snapshot/health.ts'
import type { UnknownReason } from '../../broker/snapshot/unknown.ts'
import type { CheckContext } from './check-context.ts'

/** `error`: messages are refused or at risk now. `notice`: nothing is wrong yet, and the exit code ignores it. */
export type DoctorSeverity = 'error' | 'warning' | 'notice'

/** A finding of a check about one queue, node, client or login. */
export interface Symptom {
  readonly severity: DoctorSeverity
  /** The address of a queue; absent for nodes, clients and logins. */
  readonly address?: string
  /** The node, connection or user. */
  readonly subject?: string
  /** The finding, in one sentence with numbers. */
  readonly message: string
  /** The numbers of the message by name. */
  readonly numbers: Readonly<Record<string, number>>
  readonly advice: string
}

/** A check: a pure function of what was read of a broker. Its page section is in docs/reference/doctor-checks.md. */
export interface Check {
  readonly id: string
  /** The subject of the check, in a few words. */
  readonly title: string
  /** The parts of a look that it needs to decide. */
  readonly needs: readonly HealthPart[]
  /** The shortest sample with which it can decide, in milliseconds. Default: a single look is enough. */
  readonly sample?: number
  check(context: CheckContext): Iterable<Symptom | Undecided>
}

/** Why a check could not decide. */
export type UndecidedReason =
  | UnknownReason
  /** The sample is too short; `needed` is the necessary length. */
  | 'sample-too-short'

/** A part that a check could not decide. */
export interface Undecided {
  readonly undecided: UndecidedReason
  /** The address of the queue; absent if the whole check is undecided. */
  readonly address?: string
  readonly vhost?: string
  /** The part of the broker's condition that is missing. */
  readonly part?: HealthPart
  /** The necessary length of the sample, in milliseconds. */
  readonly needed?: number
}

/** The result of one check. */
export interface CheckResult {
  readonly check: string
  readonly title: string
  /** `unknown` if nothing was found, and some part could not be decided. */
  readonly status: 'ok' | 'found' | 'unknown'
  readonly symptoms: readonly Symptom[]
  readonly undecided: readonly Undecided[]
}
