import { address } from '../../model/address.ts'
import type { Queue, Topology } from '../../model/topology.ts'
import type { DeclaredByRun } from '../declared-by-run.ts'
import { compare } from '../compare/compare.ts'
import { fingerprintOf, fingerprintOfDeclared, hasFingerprint } from './fingerprint.ts'
import type { OwnerState } from '../ownership/owner-state.ts'
import type { Change, Difference } from '../change.ts'
import type { Plan } from '../plan.ts'
import { isDelete, isWrite, isRebind, subjectOf, unboundBy } from '../steps/subject.ts'
import { TopologyIndex } from '../topology-index.ts'
import { requiresOf } from '../order/waves.ts'

/** A plan that is bound to the state of its objects, and of the objects that they refer to. */
export interface BoundPlan extends Plan {
  /**
   * Fingerprints by address; `absent` if the object did not exist, and `declared:…` for objects that another project
   * of the run creates.
   */
  readonly preconditions: Readonly<Record<string, string>>
  /** The owners of the changed objects, by address; absent if unknown. */
  readonly owners?: Readonly<Record<string, OwnerState>>
}

/** A bound plan in a file. */
export interface SavedPlan extends BoundPlan {
  /** The SHA-256 of everything else in the file, in hexadecimal digits. */
  readonly checksum: string
}

/** Determines the owner of an object; undefined if unknown. */
export type AskOwner = ((address: string) => OwnerState) | undefined

/**
 * Binds a plan to the live objects that it was made from, and to their owners.
 *
 * @param declaredByRun the objects that other projects of the same run declare; the plan expects them in this form if
 *   they do not exist yet. Default: nothing
 */
export function bindToLive(
  plan: Plan,
  live: Topology,
  ownerOf?: AskOwner,
  declaredByRun: DeclaredByRun = new Map(),
): BoundPlan {
  const found = new TopologyIndex(live)
  const made = new Set(plan.changes.map((change) => change.address))
  const changed = plan.changes.flatMap(addressesOf)
  const referred = plan.changes.flatMap(referencesOf).filter((each) => !made.has(each))
  const expected = new Map(referred.map((each) => [each, declaredByRun.get(each)?.subject]))
  const addresses = [...new Set([...changed, ...referred])].toSorted()
  const preconditions = Object.fromEntries(
    addresses.map((each) => {
      const subject = found.find(each)
      const declared = subject === undefined ? expected.get(each) : undefined
      return [each, declared === undefined ? fingerprintOf(subject) : fingerprintOfDeclared(declared)]
    }),
  )
  const owners = ownerOf && Object.fromEntries(changed.toSorted().map((each) => [each, ownerOf(each)]))
  return { ...plan, preconditions, ...(owners && { owners }) }
}

/** The objects of a change: a rename has an old and a new one, and a binding may replace others. */
export function addressesOf(change: Change): string[] {
  if (isRebind(change)) return [...new Set([change.address, ...unboundBy(change)])]
  return change.action === 'rename' ? [change.address, change.from] : [change.address]
}

/** The objects that an object refers to: the ends of a binding, the destination of a queue's dead letters. */
export function referencesOf(change: Change): string[] {
  if (!isWrite(change)) return []
  const { kind, object } = subjectOf(change)
  const table = kind === 'queue' || kind === 'exchange' ? (object as Queue).arguments : {}
  const names = [table['x-dead-letter-exchange'], table['alternate-exchange']]
  const exchanges = names.filter((name): name is string => typeof name === 'string' && name !== '')
  return [...requiresOf(change), ...exchanges.map((name) => address('exchange', (object as Queue).vhost, name))]
}

/** The changes of the broker since a plan was saved. */
export interface Staleness {
  /** Objects that have changed; nothing of the plan may be executed then. */
  readonly stale: readonly StaleObject[]
  /** Addresses of changes that were made meanwhile. */
  readonly done: ReadonlySet<string>
}

export interface StaleObject {
  readonly address: string
  readonly planned: 'absent' | 'present' | OwnerState | 'unknown'
  readonly found: 'absent' | 'present' | 'changed' | OwnerState | 'unknown'
  /** The differences, if the plan contains the object that it was made from. */
  readonly differences: readonly Difference[]
}

/**
 * Compares the broker with the state that a saved plan was made from.
 *
 * @param unfinished addresses of objects that stopped runs have started to replace; they count as not done, whatever
 *   their state. Default: none
 * @param ownerOf the current owners
 * @param declaredByRun the objects that other plans of the same run create; they count as present. Default: nothing
 */
export function compareWithSaved(
  plan: BoundPlan,
  live: Topology,
  unfinished: ReadonlySet<string> = new Set(),
  ownerOf?: AskOwner,
  declaredByRun: DeclaredByRun = new Map(),
): Staleness {
  const found = new TopologyIndex(live)
  const asWanted = new Set(
    plan.changes
      .filter((change) => !unfinished.has(change.address) && isAsWanted(change, found))
      .map((change) => change.address),
  )
  const cascaded = deletedByCascade(plan, asWanted, found)
  const undone = plan.changes.filter((change) => !unfinished.has(change.address) && needs(change, cascaded, found))
  const done = new Set([...asWanted, ...undone.map(({ address }) => address)])
  const byAddress = new Map(plan.changes.map((change) => [change.address, change]))
  const movedAway = new Map(plan.changes.flatMap((each) => addressesOf(each).map((at): [string, Change] => [at, each])))
  const stale = Object.entries(plan.preconditions).flatMap(([at, fingerprint]): StaleObject[] => {
    const subject = found.find(at)
    const declared = subject === undefined ? declaredByRun.get(at)?.subject : undefined
    if (hasFingerprint(subject, fingerprint) || cascaded.has(at)) return []
    if (declared !== undefined && hasFingerprint(declared, fingerprint)) return []
    const change = byAddress.get(at) ?? movedAway.get(at)
    if (change !== undefined && done.has(change.address)) return []
    return [
      {
        address: at,
        planned: fingerprint === 'absent' ? 'absent' : 'present',
        found: subject === undefined ? 'absent' : fingerprint === 'absent' ? 'present' : 'changed',
        differences: change !== undefined && subject !== undefined ? differencesSince(change, subject.object) : [],
      },
    ]
  })
  const left = plan.changes.filter(({ address }) => !done.has(address))
  return { stale: [...stale, ...left.flatMap((change) => ownedOtherwise(plan, change, ownerOf))], done }
}

/**
 * The addresses of missing objects that the broker deleted together with objects of the plan, as the plan says: for
 * example, an auto-delete exchange is deleted with its last binding.
 *
 * @param done addresses of the changes that are done
 */
export function deletedByCascade(
  { changes }: Plan,
  done: ReadonlySet<string>,
  found: TopologyIndex,
): ReadonlySet<string> {
  const named = changes
    .filter(isDelete)
    .flatMap(({ address: at, impact }) => (done.has(at) ? (impact?.cascades ?? []) : []))
  return new Set(named.map((each) => each.address).filter((at) => found.find(at) === undefined))
}

/** Whether a change wrote an object that the broker has since deleted together with an object that it requires. */
function needs(change: Change, cascaded: ReadonlySet<string>, found: TopologyIndex): boolean {
  if (!isWrite(change) || found.has(change.kind, change.address)) return false
  return requiresOf(change).some((at) => cascaded.has(at))
}

/** Finds objects with another owner than the plan was made for. The claims report objects that another project is about to create. */
function ownedOtherwise({ owners = {} }: BoundPlan, change: Change, ownerOf: AskOwner): StaleObject[] {
  if (change.action === 'create') return []
  return addressesOf(change).flatMap((address): StaleObject[] => {
    const planned = owners[address] ?? 'unknown'
    const found = ownerOf?.(address) ?? 'unknown'
    const fits = change.action === 'update' ? found !== 'foreign' : found === planned && found !== 'foreign'
    // The owner is unknown, so the object must not be deleted.
    const isBlind = change.action === 'delete' && found === 'unknown'
    return fits && !isBlind ? [] : [{ address, planned, found, differences: [] }]
  })
}

/** Whether a change was made outside this run meanwhile. */
function isAsWanted(change: Change, found: TopologyIndex): boolean {
  const live = found.get(change.kind, change.address)
  if (change.action === 'delete') return live === undefined
  if (live === undefined) return false
  if (change.action === 'rename' && found.has(change.kind, change.from)) return false
  if (isRebind(change)) return !unboundBy(change).some((at) => at === change.address || found.has('binding', at))
  const { differences, unknowns } = compare(change.kind, live, change.after as never)
  return differences.length === 0 && unknowns.length === 0
}

function differencesSince(change: Change, live: unknown): readonly Difference[] {
  return 'before' in change && !isRebind(change)
    ? compare(change.kind, change.before as never, live as never).differences
    : []
}
