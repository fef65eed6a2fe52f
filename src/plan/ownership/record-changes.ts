import { addressOf } from '../../model/address.ts'
import { type Declared, type Kind, KINDS, type ObjectOf, objectsOf, type Topology } from '../../model/topology.ts'
import { kindOfEntry } from '../../broker/records/entry.ts'
import type { OwnershipRecord } from '../../broker/records/ownership-record.ts'
import { addressesIn } from '../../broker/records/ownership.ts'
import type { PlanContext } from '../plan-context.ts'
import type { PlannedHandOver } from './plan-hand-over.ts'
import type { Change } from '../change.ts'
import type { RecordChange } from './planned-ownership.ts'
import { addressOfSubject, type Subject, vhostOf } from '../steps/subject.ts'

/**
 * The record changes of an apply in addition to created and deleted objects: adopted objects, changed protection,
 * objects released because they are declared as external, entries of objects that no longer exist, and entries of a
 * removed tenant's record that another record of the project also contains.
 *
 * An object of an unfinished hand-over is neither released nor removed before the hand-over is finished, because
 * otherwise its former owner would own it again.
 */
export function recordChanges(context: PlanContext, { desired, changes, adopts, handed }: Recorded): RecordChange[] {
  const { ownership } = context
  if (ownership === undefined) return []
  const adopted = byVhost(
    adopts.flatMap((at) => context.desiredIndex.find(at) ?? []).map((subject) => [addressOfSubject(subject), subject]),
  )
  const guarded = byVhost(protectedIn(desired))
  const worked = new Set(changes.map(({ address }) => address))
  const takes = [...handed.takes.values()].flat()
  const unsettled = new Set([
    ...handed.unfinished,
    ...takes.flatMap(({ owned, adopted: both, protected: kept }) => [...owned, ...both, ...kept]),
  ])
  const inRun = [...context.vhosts]
  const outside = [...handed.takes.keys()].filter((vhost) => !inRun.includes(vhost))
  const entered = new Set(context.live.entered)
  const nothing = { adopt: [], release: [], forget: [], drop: [], protect: [], unprotect: [] }
  return inRun
    .map((vhost): RecordChange => {
      const record = ownership.own.get(vhost)
      const known = (record === undefined ? [] : addressesIn(record)).filter((at) => !unsettled.has(at))
      const release = new Set(known.filter((at) => !worked.has(at) && isLent(context, at)))
      const rest = known.filter((at) => !worked.has(at) && !release.has(at))
      const forget = new Set(rest.filter((at) => isGone(context, at)))
      const drop = new Set(rest.filter((at) => !forget.has(at) && isOwnedElsewhere(context, vhost, at, entered)))
      const removed = (at: string) => release.has(at) || forget.has(at) || drop.has(at)
      const stopped = intendedIn(record).filter((at) => !worked.has(at) && !removed(at))
      const protect = new Set(guarded.get(vhost))
      const before = new Set(record?.protected)
      const unprotect = [...before].filter(
        (at) => !protect.has(at) && (context.desiredIndex.find(at) !== undefined || removed(at)),
      )
      return {
        vhost,
        adopt: [...(adopted.get(vhost) ?? []), ...stopped].toSorted(),
        release: [...release].toSorted(),
        forget: [...forget].toSorted(),
        drop: [...drop].toSorted(),
        // Destroyed objects need no protection, and their record has to be empty at the end.
        protect: context.mode.destroy ? [] : [...protect].filter((at) => !before.has(at)).toSorted(),
        unprotect: unprotect.toSorted(),
        take: handed.takes.get(vhost) ?? [],
      }
    })
    .concat(outside.map((vhost) => ({ vhost, ...nothing, take: handed.takes.get(vhost) ?? [] })))
    .filter(({ vhost: _vhost, ...lists }) => Object.values(lists).some((list) => list.length > 0))
}

/** The facts that decide how records change. */
interface Recorded {
  readonly desired: Topology
  readonly changes: readonly Change[]
  /** Addresses of existing declared objects without an owner. */
  readonly adopts: readonly string[]
  readonly handed: PlannedHandOver
}

/** A stopped run may or may not have created it. It exists now, so it counts as adopted. */
function intendedIn(record: OwnershipRecord | undefined): string[] {
  return (record?.intended ?? []).flatMap(({ addresses }) => addresses)
}

/** Whether an object is declared as external. */
function isLent({ desiredIndex }: PlanContext, at: string): boolean {
  return (desiredIndex.find(at)?.object as Declared | undefined)?.external === true
}

/**
 * Whether an entry of a removed tenant names a user or a global parameter that another record of the project also
 * contains, with the same protection. Then the project still owns it, and the tenant's record can become empty.
 *
 * @param entered the virtual hosts of removed tenants
 */
export function isOwnedElsewhere(
  { ownership, desiredIndex }: PlanContext,
  vhost: string,
  at: string,
  entered: ReadonlySet<string>,
): boolean {
  const kind = kindOfEntry(at)
  if (!entered.has(vhost) || (kind !== 'user' && kind !== 'global-parameter')) return false
  const isProtected = ownership?.own.get(vhost)?.protected.includes(at) === true && desiredIndex.find(at) === undefined
  return [...(ownership?.own.values() ?? [])].some(
    (record) =>
      !entered.has(record.vhost) && addressesIn(record).includes(at) && (!isProtected || record.protected.includes(at)),
  )
}

/** Whether the object of an entry was searched for and does not exist. */
export function isGone({ liveIndex, live, completed }: PlanContext, at: string): boolean {
  if (completed.has(at)) return false
  const kind = kindOfEntry(at)
  // An object that a stopped run was replacing is temporarily missing, together with its bindings. The continuing run
  // recreates it.
  if ((live.moves?.size ?? 0) + (live.replaced?.size ?? 0) > 0) return false
  return kind !== undefined && live.kindsRead.has(kind) && !liveIndex.has(kind, at)
}

function protectedIn(topology: Topology): [string, Subject][] {
  const ofKind = <K extends Kind>(kind: K) =>
    objectsOf(kind, topology)
      .filter((object) => (object as Declared).protect === true)
      .map((object): [string, Subject] => [addressOf(kind, object), { kind, object } as unknown as Subject])
  return KINDS.flatMap((kind) => ofKind(kind))
}

/**
 * Groups by virtual host. Users and global parameters are recorded in each virtual host whose documents declare them.
 */
export function byVhost(subjects: readonly (readonly [string, Subject])[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const [at, subject] of subjects) {
    const own = vhostOf(subject)
    const vhosts = own === undefined ? ((subject.object as ObjectOf['user']).declaredIn ?? []) : [own]
    for (const vhost of vhosts) {
      const group = groups.get(vhost)
      if (group) group.push(at)
      else groups.set(vhost, [at])
    }
  }
  return groups
}
