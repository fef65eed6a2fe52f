import { address } from '../model/address.ts'
import type { Queue, Topology } from '../model/topology.ts'
import { compare } from './compare.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { Change, Difference, Plan } from './plan.ts'
import { isMaking, subjectOf } from './subject.ts'
import { TopologyIndex } from './topology-index.ts'
import { requiresOf } from './waves.ts'

/** A plan that is bound to the state of the objects that it was made from, and of what they refer to. */
export interface SavedPlan extends Plan {
  /** Fingerprints by address; `absent` where there was nothing. */
  readonly preconditions: Readonly<Record<string, string>>
}

/** Binds a plan to the live objects that it was made from. */
export function bindToLive(plan: Plan, live: Topology): SavedPlan {
  const found = new TopologyIndex(live)
  const made = new Set(plan.changes.map((change) => change.address))
  const addresses = plan.changes.flatMap((change) => [
    change.address,
    ...(change.action === 'rename' ? [change.from] : []),
    ...referencesOf(change).filter((each) => !made.has(each)),
  ])
  const preconditions = Object.fromEntries(
    [...new Set(addresses)].toSorted().map((each) => [each, fingerprintOf(found.find(each))]),
  )
  return { ...plan, preconditions }
}

/** What an object refers to: a binding to its ends, a queue to where its dead letters go. */
function referencesOf(change: Change): string[] {
  if (!isMaking(change)) return []
  const { kind, object } = subjectOf(change)
  const table = kind === 'queue' || kind === 'exchange' ? (object as Queue).arguments : {}
  const names = [table['x-dead-letter-exchange'], table['alternate-exchange']]
  const exchanges = names.filter((name): name is string => typeof name === 'string' && name !== '')
  return [...requiresOf(change), ...exchanges.map((name) => address('exchange', (object as Queue).vhost, name))]
}

/** How the broker has changed since a plan was saved. */
export interface Staleness {
  /** What is no longer as it was: nothing of the plan may be done then. */
  readonly stale: readonly StaleObject[]
  /** Addresses of changes that were made meanwhile. */
  readonly done: ReadonlySet<string>
}

export interface StaleObject {
  readonly address: string
  readonly planned: 'absent' | 'there'
  readonly found: 'absent' | 'there' | 'changed'
  /** Where the plan holds the object as it was. */
  readonly differences: readonly Difference[]
}

/**
 * Compares the broker with what a saved plan was made from.
 *
 * @param unfinished addresses of what stopped runs have begun to replace: it is not done, whatever it looks like.
 *   Default: none
 */
export function compareWithSaved(
  plan: SavedPlan,
  live: Topology,
  unfinished: ReadonlySet<string> = new Set(),
): Staleness {
  const found = new TopologyIndex(live)
  const done = new Set(
    plan.changes
      .filter((change) => !unfinished.has(change.address) && isAsWanted(change, found))
      .map((change) => change.address),
  )
  const byAddress = new Map(plan.changes.map((change) => [change.address, change]))
  const renames = new Map(
    plan.changes.flatMap((each) => (each.action === 'rename' ? [[each.from, each] as const] : [])),
  )
  const stale = Object.entries(plan.preconditions).flatMap(([at, fingerprint]): StaleObject[] => {
    const subject = found.find(at)
    if (fingerprintOf(subject) === fingerprint) return []
    const change = byAddress.get(at) ?? renames.get(at)
    if (change !== undefined && done.has(change.address)) return []
    return [
      {
        address: at,
        planned: fingerprint === 'absent' ? 'absent' : 'there',
        found: subject === undefined ? 'absent' : fingerprint === 'absent' ? 'there' : 'changed',
        differences: change !== undefined && subject !== undefined ? differencesSince(change, subject.object) : [],
      },
    ]
  })
  return { stale, done }
}

/** Whether somebody else has made a change meanwhile. */
function isAsWanted(change: Change, found: TopologyIndex): boolean {
  const live = found.get(change.kind, change.address)
  if (change.action === 'delete') return live === undefined
  if (live === undefined) return false
  if (change.action === 'rename' && found.has(change.kind, change.from)) return false
  const { differences, unknowns } = compare(change.kind, live, change.after as never)
  return differences.length === 0 && unknowns.length === 0
}

function differencesSince(change: Change, live: unknown): readonly Difference[] {
  return 'before' in change ? compare(change.kind, change.before as never, live as never).differences : []
}

/** Whether a value, parsed from JSON, is a saved plan of this format; or why not. */
export function readSavedPlan(value: unknown): SavedPlan | { readonly problem: string } {
  if (typeof value !== 'object' || value === null) return { problem: 'it is no saved plan' }
  const plan = value as Partial<SavedPlan>
  if (!Array.isArray(plan.changes) || !Array.isArray(plan.blocks) || typeof plan.digest !== 'string') {
    return { problem: 'it is no saved plan' }
  }
  if (plan.format !== 1) return { problem: `it is of format ${JSON.stringify(plan.format)}, and this version reads 1` }
  if (typeof plan.preconditions !== 'object' || plan.preconditions === null) {
    return { problem: 'it was printed, not saved: it does not say what it was made from' }
  }
  return plan as SavedPlan
}
