import { address, addressOf } from '../../model/address.ts'
import type { NotExported } from '../../model/not-exported.ts'
import { PolicyIndex } from '../../model/policies/policy-index.ts'
import { type Binding, type Kind, type ObjectOf, objectsOf, type Queue, type Topology } from '../../model/topology.ts'
import { addressesIn } from '../../broker/records/ownership.ts'
import type { KnownOwners, Note, UnmanagedNote, UnreadKind } from '../note.ts'
import type { PlanContext } from '../plan-context.ts'

/** The kinds of objects that can affect a project without belonging to it. */
const KINDS_THAT_TOUCH: readonly UnreadKind[] = ['bindings', 'policies', 'operator-policies', 'users']

/** Lists the kinds that were not read and whose objects could affect the declared ones. */
export function unreadThatTouch(desired: Topology, unread: readonly NotExported[]): UnreadKind[] {
  const { queues, users } = desired
  const counts = (kind: UnreadKind) => (kind === 'users' ? users.length > 0 : queues.some(({ external }) => !external))
  return KINDS_THAT_TOUCH.filter((kind) => unread.includes(kind) && counts(kind))
}

/**
 * Reports existing objects that no project owns and that affect managed objects: bindings to managed queues, policies
 * that match them, and administrators if the project manages users. It needs only data that every plan reads.
 *
 * @param unread kinds that could not be read
 * @param notes about policies; a policy that a note names for a queue is not reported again for that queue
 */
export function unmanagedTouching(
  context: PlanContext,
  unread: readonly UnreadKind[],
  notes: readonly Note[],
): UnmanagedNote[] {
  if (context.mode.destroy) return []
  const queues = managedQueues(context)
  return [
    ...(unread.includes('bindings') ? [] : foreignBindings(context, queues)),
    ...unownedPolicies(context, queues, policiesIn(notes)),
    ...otherAdministrators(context),
    ...(unread.length > 0 ? [{ note: 'unmanaged-not-compared', kinds: unread, addresses: [] } as const] : []),
  ]
}

/** By address: the declared queues, and queues that the project owns and no longer declares. */
function managedQueues(context: PlanContext): ReadonlyMap<string, Queue> {
  const declared = context.desired.queues.filter(({ external }) => !external)
  const owned = context.live.topology.queues.filter((each) => context.stateOf(addressOf('queue', each)) !== undefined)
  return new Map([...owned, ...declared].map((each) => [addressOf('queue', each), each]))
}

function foreignBindings(context: PlanContext, queues: ReadonlyMap<string, Queue>): UnmanagedNote[] {
  const leadsToManaged = ({ vhost, destinationType, destination }: Binding) =>
    destinationType === 'queue' && queues.has(address('queue', vhost, destination))
  const byQueue = new Map<string, string[]>()
  for (const binding of context.live.topology.bindings) {
    if (!leadsToManaged(binding) || !isUnmanaged(context, 'binding', binding)) continue
    // A declared binding replaces it.
    if (context.slots.isDeclared(binding)) continue
    const at = address('queue', binding.vhost, binding.destination)
    byQueue.set(at, [...(byQueue.get(at) ?? []), addressOf('binding', binding)])
  }
  return Array.from(byQueue, ([queue, bindings]): UnmanagedNote => {
    const owners = knownOwners(context)
    return { note: 'unmanaged-bindings', bindings: bindings.toSorted(), owners, addresses: [queue] }
  }).toSorted(byFirstAddress)
}

function unownedPolicies(
  context: PlanContext,
  queues: ReadonlyMap<string, Queue>,
  reported: ReadonlyMap<string, ReadonlySet<string>>,
): UnmanagedNote[] {
  const candidates = (['policy', 'operator-policy'] as const).flatMap((kind) =>
    objectsOf(kind, context.live.topology)
      .filter((each) => isUnmanaged(context, kind, each))
      .map((policy) => ({ policy, at: addressOf(kind, policy) })),
  )
  if (candidates.length === 0) return []
  const index = new PolicyIndex(candidates, ({ policy }) => policy)
  const matched = new Map<string, string[]>()
  for (const [queueAt, queue] of queues) {
    for (const { item, certain } of index.matching({ kind: 'queue', ...queue })) {
      if (!certain || reported.get(item.at)?.has(queueAt) === true) continue
      matched.set(item.at, [...(matched.get(item.at) ?? []), queueAt])
    }
  }
  return Array.from(matched, ([policy, addresses]): UnmanagedNote => {
    return { note: 'unmanaged-policy', policy, owners: knownOwners(context), addresses: addresses.toSorted() }
  }).toSorted(byFirstAddress)
}

/** The policies in notes, each with the objects that the notes name. */
function policiesIn(notes: readonly Note[]): ReadonlyMap<string, ReadonlySet<string>> {
  const policies = new Map<string, Set<string>>()
  for (const note of notes) {
    const named = 'policies' in note ? note.policies : 'policy' in note ? [note.policy] : []
    for (const policy of named) policies.set(policy, new Set([...(policies.get(policy) ?? []), ...note.addresses]))
  }
  return policies
}

/** An administrator may change everything, so a project that manages users has to know all of them. */
function otherAdministrators(context: PlanContext): UnmanagedNote[] {
  const { live, desired, ownership } = context
  const recorded = new Set([...(ownership?.own.values() ?? [])].flatMap(addressesIn))
  const managesUsers =
    desired.users.length > 0 || live.topology.users.some((each) => recorded.has(addressOf('user', each)))
  if (!managesUsers) return []
  const addresses = live.topology.users
    .filter(({ name, tags }) => tags?.includes('administrator') === true && name !== live.login.user)
    .filter((each) => isUnmanaged(context, 'user', each))
    .map((each) => addressOf('user', each))
    .filter((at) => !recorded.has(at))
    .toSorted()
  return addresses.length === 0 ? [] : [{ note: 'unmanaged-administrators', owners: knownOwners(context), addresses }]
}

/** Whether no file of the run declares an object and no known record of ownership contains it. */
function isUnmanaged<K extends Kind>(context: PlanContext, kind: K, object: ObjectOf[K]): boolean {
  const at = addressOf(kind, object)
  return (
    !context.desiredIndex.has(kind, at) &&
    context.stateOf(at) === undefined &&
    context.foreignOwnerOf(at) === undefined &&
    context.live.declaredByRun?.has(at) !== true
  )
}

/** Unless all records were read, an object without a known owner may have one. */
function knownOwners({ ownership }: PlanContext): KnownOwners {
  return ownership === undefined || ownership.damaged.length > 0 ? 'unknown' : 'none'
}

function byFirstAddress(a: UnmanagedNote, b: UnmanagedNote): number {
  const key = (note: UnmanagedNote) => ('policy' in note ? note.policy : (note.addresses[0] ?? ''))
  return key(a) < key(b) ? -1 : 1
}
