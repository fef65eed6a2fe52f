import { createHash } from 'node:crypto'
import { canonicalJson } from '../../model/address.ts'
import type { ObservedDrift } from './observed-drift.ts'

/** A project in an environment. */
export interface WatchedProject {
  readonly project: string
  /** Absent if there is no environment. */
  readonly environment?: string
}

/** A drift since it was first observed. */
export interface OpenDrift extends ObservedDrift {
  /** When it was first observed, in ISO 8601. */
  readonly since: string
  /** How many times it began within the last hour; more than once if it comes and goes. */
  readonly occurrences: number
}

/** The beginning or the end of a drift, as webhooks receive it. */
export interface DriftEvent extends WatchedProject, OpenDrift {
  /** The same for each delivery of this event, so that receivers can drop duplicates. */
  readonly id: string
  /** The same for the beginning and the end of a drift. */
  readonly drift: string
  readonly event: 'drifted' | 'resolved'
  /** When the event was observed, in ISO 8601. */
  readonly at: string
  /** Why it is resolved: the object is as declared, or it now differs in another way, which is another drift. */
  readonly because?: 'as-declared' | 'differs-otherwise'
  /** The user who changed the object last; `rmq-internal` for the broker itself. Absent if it is unknown. */
  readonly changedBy?: string
  /** The time of the change by the broker's clock, in ISO 8601. */
  readonly changedAt?: string
}

const DIGITS = 32

/** The event at the beginning of a drift. */
export function driftedEvent(watched: WatchedProject, drift: OpenDrift): DriftEvent {
  return { ...ids(watched, drift, 'drifted'), ...watched, event: 'drifted', at: drift.since, ...drift }
}

/** The event at the end of a drift. */
export function resolvedEvent(
  watched: WatchedProject,
  drift: OpenDrift,
  { at, because }: Required<Pick<DriftEvent, 'at' | 'because'>>,
): DriftEvent {
  return { ...ids(watched, drift, 'resolved'), ...watched, event: 'resolved', at, because, ...drift }
}

/**
 * The time of the first observation is part of the id: the same difference that begins again is another event, and a
 * receiver must not drop it as a duplicate.
 */
function ids({ project, environment }: WatchedProject, drift: OpenDrift, event: DriftEvent['event']) {
  const { address, fingerprint, since } = drift
  const key = [environment ?? null, project, address, fingerprint, since]
  return { id: hashOf([...key, event]), drift: hashOf(key) }
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, DIGITS)
}
