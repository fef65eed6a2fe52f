import { address, addressOf } from '../../model/address.ts'
import { type Binding, objectsOf, type Topology } from '../../model/topology.ts'
import { type Ownership, without } from '../../broker/records/ownership.ts'
import { deletesItself, type SelfDeletion } from './deletes-itself.ts'
import { fingerprintOf } from '../saved/fingerprint.ts'
import type { Note } from '../note.ts'
import type { PlanMode } from '../plan-mode.ts'
import type { PlannedTopology } from '../planned-topology.ts'
import type { TopologyIndex } from '../topology-index.ts'
import type { WinnersOfBoth } from '../../model/policies/winning-policies.ts'
import type { Step } from './step.ts'
import type { Subject } from './subject.ts'

/** The parts of a plan that decide whether an object has deleted itself. */
export interface CompletionContext {
  readonly live: PlannedTopology
  readonly desired: Topology
  readonly mode: PlanMode
  readonly liveIndex: TopologyIndex
  readonly winners: WinnersOfBoth
  readonly ownership?: Ownership
}

/** Why a missing declared object is not created: it has deleted itself, or depends on an object that has. */
export type Completion = SelfDeletion | 'bound-to-completed'

/**
 * The declared objects that existed for this project and have deleted themselves, by address. Recreating them would run
 * a one-off shovel again.
 *
 * An object is left out if its declaration has changed since it was created, if `--allow create=` names it, if a new
 * binding or topic permission needs it, or if its virtual host no longer exists. If the project adopted it, the
 * original declaration is unknown and counts as unchanged.
 */
export function completedObjects(context: CompletionContext): ReadonlyMap<string, Completion> {
  const { ownership, live, mode, desired } = context
  if (ownership === undefined || mode.destroy || (live.moves?.size ?? 0) + (live.replaced?.size ?? 0) > 0) return NONE
  const settled = settledIn(ownership)
  const isMissing = ({ kind, object }: Subject, at: string) =>
    settled.has(at) && live.kindsRead.has(kind) && !context.liveIndex.has(kind, at) && object.external !== true
  const vhosts = new Set(live.topology.vhosts.map(({ name }) => name))
  const candidates = new Map<string, SelfDeletion>()
  for (const subject of selfDeletingKinds(desired)) {
    const at = addressOf(subject.kind, subject.object as never)
    if (!isMissing(subject, at) || mode.allowCreate.has(at) || !('vhost' in subject.object)) continue
    const why = deletesItself(subject.kind, subject.object, context.winners)
    if (why === undefined || !vhosts.has(subject.object.vhost)) continue
    const created = settled.get(at)
    if (created === undefined || created === fingerprintOf(subject)) candidates.set(at, why)
  }
  if (candidates.size === 0) return NONE
  const bindings = desired.bindings.map((binding): BoundEnds => {
    const at = addressOf('binding', binding)
    return { at, ...endsOf(binding), isNew: !isMissing({ kind: 'binding', object: binding }, at) }
  })
  // RabbitMQ 4.3 deletes the topic permissions on an exchange together with the exchange, and refuses new ones while
  // it is missing.
  const permissions = desired.topicPermissions.flatMap((permission): PermissionOnExchange[] => {
    const at = addressOf('topic-permission', permission)
    if (!live.kindsRead.has('topic-permission') || context.liveIndex.has('topic-permission', at)) return []
    return [{ at, exchange: address('exchange', permission.vhost, permission.exchange), isNew: !settled.has(at) }]
  })
  for (const { exchange, isNew } of permissions) if (isNew) candidates.delete(exchange)
  removeNeeded(candidates, bindings)
  const bound = [
    ...bindings.filter(({ source, destination }) => candidates.has(source) || candidates.has(destination)),
    ...permissions.filter(({ exchange }) => candidates.has(exchange)),
  ]
  return new Map([...candidates, ...bound.map(({ at }): [string, Completion] => [at, 'bound-to-completed'])])
}

const NONE: ReadonlyMap<string, Completion> = new Map()

/** The plan's notes about objects that have deleted themselves, one for each reason. */
export function completedNotes(completed: ReadonlyMap<string, Completion>, steps: readonly Step[]): Note[] {
  const byReason = new Map<SelfDeletion, string[]>()
  for (const { address: at } of steps) {
    const why = completed.get(at)
    if (why === undefined || why === 'bound-to-completed') continue
    byReason.set(why, [...(byReason.get(why) ?? []), at])
  }
  return [...byReason]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([because, addresses]) => ({ note: 'completed', because, addresses: addresses.toSorted() }))
}

interface BoundEnds {
  readonly at: string
  readonly source: string
  readonly destination: string
  /** Whether it has to be created, so that both of its ends have to exist. */
  readonly isNew: boolean
}

/** A declared topic permission that is missing. */
interface PermissionOnExchange {
  readonly at: string
  readonly exchange: string
  /** Whether this project has never had it, so that it has to be created. */
  readonly isNew: boolean
}

/**
 * Removes objects that a new binding needs, and auto-delete exchanges that lost a binding for another reason than a
 * self-deleted object: these count as drift.
 */
function removeNeeded(candidates: Map<string, SelfDeletion>, bindings: readonly BoundEnds[]): void {
  for (let before = -1; before !== candidates.size;) {
    before = candidates.size
    for (const { source, destination, isNew } of bindings) {
      if (isNew) candidates.delete(destination)
      if (isNew || !candidates.has(destination)) candidates.delete(source)
    }
  }
}

function endsOf({ vhost, source, destinationType, destination }: Binding) {
  return { source: address('exchange', vhost, source), destination: address(destinationType, vhost, destination) }
}

function selfDeletingKinds(topology: Topology): Subject[] {
  return (['parameter', 'queue', 'exchange'] as const).flatMap((kind) =>
    objectsOf(kind, topology).map((object) => ({ kind, object }) as Subject),
  )
}

/** The objects that this project certainly had on the broker, with their original declaration if known. */
function settledIn({ own, lost }: Ownership): ReadonlyMap<string, string | undefined> {
  const records = [...own.values()].map((record) => without(record, lost))
  return new Map([
    ...records.flatMap(({ owned, adopted }) => [...owned, ...adopted].map((at) => [at, undefined] as const)),
    ...records.flatMap(({ selfDeleting = [] }) =>
      selfDeleting.flatMap(({ declaration, addresses }) => addresses.map((at) => [at, declaration] as const)),
    ),
  ])
}
