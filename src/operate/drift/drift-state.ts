import { groupByKey } from '../../model/values/group-by-key.ts'
import type { BrokerChange } from './changes/broker-change.ts'
import { type DriftEvent, driftedEvent, type OpenDrift, resolvedEvent, type WatchedProject } from './drift-event.ts'
import type { ObservedDrift } from './observed-drift.ts'

/** The service's knowledge of one project in one environment. Plain data, which survives a restart. */
export interface DriftState {
  /** The version of this format. */
  readonly format: 1
  /** The drifts that the last observation found. */
  readonly open: readonly OpenDrift[]
  /** When drifts began within the last hour, to recognize those that come and go. */
  readonly begun: readonly BegunDrift[]
  /** Events that not all webhooks have received, in the order in which they were observed. */
  readonly pending: readonly PendingEvent[]
  /** Addresses of objects that warren has deleted, to recognize those that programs declare again. Default: none. */
  readonly retired?: readonly string[]
}

interface BegunDrift {
  readonly address: string
  readonly fingerprint: string
  readonly at: string
}

/** An event that some webhooks have not received. */
export interface PendingEvent {
  readonly event: DriftEvent
  /** The ids of these webhooks. */
  readonly webhooks: readonly string[]
}

/** The state before the first observation. */
export const NO_DRIFT: DriftState = { format: 1, open: [], begun: [], pending: [] }

/** How long the beginning of a drift is remembered, in milliseconds. */
const REMEMBERED = 3_600_000

/** The maximum number of events that wait for webhooks. The broker stores them in one parameter. */
export const MOST_PENDING = 1_000

/** The result of an observation. */
export interface Observed {
  readonly state: DriftState
  /** New events: drifts that began, and drifts that are resolved. */
  readonly events: readonly DriftEvent[]
  /** How many events were dropped undelivered, because too many wait for webhooks. */
  readonly dropped: number
}

/**
 * Compares the drifts of an observation with those of the one before. If a broker could not be observed, nothing is
 * known about its drifts, and this function must not be called.
 *
 * @param now in milliseconds since 1970
 * @param webhooks the ids of the webhooks that receive the events
 */
export function observe(
  state: DriftState,
  watched: WatchedProject,
  { drifts, now, webhooks }: { drifts: readonly ObservedDrift[]; now: number; webhooks: readonly string[] },
): Observed {
  const at = new Date(now).toISOString()
  const known = new Map(state.open.map((drift) => [keyOf(drift), drift]))
  const observed = new Map(drifts.map((drift) => [keyOf(drift), drift]))
  const addresses = new Set(drifts.map(({ address }) => address))
  const beginning = [...observed].filter(([key]) => !known.has(key))
  const begun = [
    ...state.begun.filter((each) => now - Date.parse(each.at) < REMEMBERED),
    ...beginning.map(([, { address, fingerprint }]) => ({ address, fingerprint, at })),
  ]
  const occurrences = groupByKey(begun, keyOf)
  const open = [...observed].map(([key, drift]): OpenDrift => {
    const earlier = known.get(key)
    if (earlier !== undefined) return { ...drift, since: earlier.since, occurrences: earlier.occurrences }
    return { ...drift, since: at, occurrences: occurrences.get(key)?.length ?? 1 }
  })
  const resolved = state.open
    .filter((drift) => !observed.has(keyOf(drift)))
    .map((drift) =>
      resolvedEvent(watched, drift, {
        at,
        because: addresses.has(drift.address) ? 'differs-otherwise' : 'as-declared',
      }),
    )
  const drifted = open.filter((drift) => !known.has(keyOf(drift))).map((drift) => driftedEvent(watched, drift))
  const events = [...resolved, ...drifted]
  const added = webhooks.length === 0 ? [] : events.map((event): PendingEvent => ({ event, webhooks }))
  const pending = [...withoutOthers(state.pending, webhooks), ...added]
  const dropped = Math.max(0, pending.length - MOST_PENDING)
  return { state: { ...state, open, begun, pending: pending.slice(dropped) }, events, dropped }
}

/** Adds to the events of an observation who made the last change of their objects. */
export function withChanges(
  { state, events, dropped }: Observed,
  changes: ReadonlyMap<string, BrokerChange>,
): Observed {
  const added = new Map(events.map((event) => [event.id, { ...event, ...changes.get(event.address) }]))
  const pending = state.pending.map((each) => ({ ...each, event: added.get(each.event.id) ?? each.event }))
  return { state: { ...state, pending }, events: [...added.values()], dropped }
}

/** The events that a webhook has not received. */
export function pendingFor({ pending }: DriftState, webhook: string): readonly DriftEvent[] {
  return pending.flatMap(({ event, webhooks }) => (webhooks.includes(webhook) ? [event] : []))
}

/** The state after a webhook has received events. */
export function delivered(state: DriftState, webhook: string, events: readonly DriftEvent[]): DriftState {
  const ids = new Set(events.map(({ id }) => id))
  const pending = state.pending.flatMap((each): PendingEvent[] => {
    if (!ids.has(each.event.id)) return [each]
    const webhooks = each.webhooks.filter((other) => other !== webhook)
    return webhooks.length === 0 ? [] : [{ ...each, webhooks }]
  })
  return { ...state, pending }
}

/** Drops events that wait for webhooks that are no longer configured. */
function withoutOthers(pending: readonly PendingEvent[], configured: readonly string[]): readonly PendingEvent[] {
  return pending.flatMap((each): PendingEvent[] => {
    const webhooks = each.webhooks.filter((webhook) => configured.includes(webhook))
    return webhooks.length === 0 ? [] : [{ ...each, webhooks }]
  })
}

function keyOf({ address, fingerprint }: Pick<ObservedDrift, 'address' | 'fingerprint'>): string {
  return `${fingerprint} ${address}`
}
