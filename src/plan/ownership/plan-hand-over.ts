import { address, addressOf } from '../../model/address.ts'
import type { HandOver } from '../../model/desired.ts'
import { type Declared, type Kind, KINDS, objectsOf, type Topology } from '../../model/topology.ts'
import { entryOf } from '../../broker/records/entry.ts'
import {
  marksByEntry,
  ownershipAfter,
  type TakenOver,
  unfinishedHandOvers,
  withTakes,
} from '../../broker/records/hand-over.ts'
import { emptyRecord, type OwnershipRecord } from '../../broker/records/ownership-record.ts'
import { addressesIn, type Ownership, ownershipOf, takenFrom, without } from '../../broker/records/ownership.ts'
import { ownAddresses, type ProjectOfRun } from '../declared-by-run.ts'
import { isOwnable } from '../steps/plan-object.ts'
import type { PlanMode } from '../plan-mode.ts'
import type { PlannedTopology } from '../planned-topology.ts'
import type { Block } from '../block.ts'
import { type Subject, vhostOf } from '../steps/subject.ts'
import { isWithin } from '../guards/targets.ts'

/** The objects that a project takes over, and the resulting records. */
export interface PlannedHandOver {
  /** The records after the hand-over. The plan treats the objects as the project's. */
  readonly ownership: Ownership
  /** The objects that are added to the record of each virtual host. */
  readonly takes: ReadonlyMap<string, readonly TakenOver[]>
  /** Addresses whose hand-over an earlier run has not finished. */
  readonly unfinished: readonly string[]
  readonly blocks: readonly Block[]
}

interface HandOverInput {
  readonly ownership: Ownership
  readonly desired: Topology
  readonly handOver?: HandOver | undefined
  readonly live: Pick<PlannedTopology, 'otherProjects' | 'foreignMoves' | 'handOverLocks'>
  readonly mode: PlanMode
}

/**
 * Plans which objects the project takes over without changing them: those that it declares, or all objects of its
 * former name. An object that another project of the run no longer declares needs no `takesOver`. Objects that other
 * projects of the run take over are no longer its own.
 */
export function planHandOver(input: HandOverInput): PlannedHandOver {
  const { ownership, handOver, live } = input
  const unfinished = unfinishedHandOvers(ownership.project, ownership.records)
  const takes = takesOf(input)
  const byVhost = takes.byVhost()
  const known = withTakesOfOthers(input)
  const isUnchanged = unfinished.length === 0 && byVhost.size === 0 && known === ownership
  return {
    ownership: isUnchanged ? ownership : ownershipAfter(known, byVhost),
    takes: byVhost,
    unfinished,
    blocks: [...takes.blocks, ...takeOverBlocks({ ownership, live, handOver }, byVhost)],
  }
}

function takesOf(input: HandOverInput): Takes {
  const { ownership, handOver, live, mode } = input
  const takes = new Takes()
  if (mode.destroy || (handOver === undefined && (live.otherProjects ?? []).length === 0)) return takes
  takeDeclared(input, takes)
  if (handOver?.renamedFrom !== undefined) takeAll(ownership, handOver.renamedFrom, takes)
  return takes
}

/** The records after the other projects of the run have taken over the objects that they declare. */
function withTakesOfOthers({ ownership, desired, handOver, live, mode }: HandOverInput): Ownership {
  const { project, own, damaged } = ownership
  const { otherProjects = [] } = live
  const mine = [...own.values()].flatMap(addressesIn)
  const all: readonly ProjectOfRun[] = [{ project, topology: desired, ...(handOver && { handOver }) }, ...otherProjects]
  let { records } = ownership
  for (const other of otherProjects) {
    const declared = ownAddresses(other.topology)
    if (other.handOver?.renamedFrom !== project && !mine.some((at) => declared.has(at))) continue
    const takes = takesOf({
      ownership: ownershipOf(other.project, ownership.records, damaged),
      desired: other.topology,
      handOver: other.handOver,
      live: { otherProjects: all.filter((each) => each !== other) },
      mode,
    }).byVhost()
    for (const [vhost, each] of takes) {
      const fromThis = each.filter(({ from }) => from === project)
      const isTheirs = (record: OwnershipRecord) => record.project === other.project && record.vhost === vhost
      const record = records.find(isTheirs) ?? emptyRecord(other.project, vhost)
      if (fromThis.length === 0) continue
      records = [...records.filter((one) => !isTheirs(one)), withTakes(record, fromThis, ownership.records)]
    }
  }
  return records === ownership.records ? ownership : ownershipOf(project, records, damaged)
}

type List = 'owned' | 'adopted' | 'protected'

/** Collects the objects to take over, and the reasons why others cannot be taken over. */
class Takes {
  readonly blocks: Block[] = []
  readonly #found = new Map<string, Map<string, Record<List, Set<string>>>>()

  add(vhost: string, from: string, list: List, at: string): void {
    const inVhost = this.#found.get(vhost) ?? new Map<string, Record<List, Set<string>>>()
    this.#found.set(vhost, inVhost)
    const lists = inVhost.get(from) ?? { owned: new Set(), adopted: new Set(), protected: new Set() }
    inVhost.set(from, lists)
    lists[list].add(at)
  }

  byVhost(): ReadonlyMap<string, readonly TakenOver[]> {
    return new Map(
      [...this.#found].map(([vhost, projects]) => [
        vhost,
        [...projects].map(([from, { owned, adopted, protected: kept }]): TakenOver => {
          return {
            from,
            owned: [...owned].toSorted(),
            adopted: [...adopted].filter((at) => !owned.has(at)).toSorted(),
            protected: [...kept].toSorted(),
          }
        }),
      ]),
    )
  }
}

/** A project's entry for an object. A user may be in several of its records. */
interface OwnerEntry {
  readonly project: string
  readonly record: OwnershipRecord
}

function takeDeclared({ ownership, desired, handOver, live, mode }: HandOverInput, takes: Takes): void {
  const { takesOver = [] } = handOver ?? {}
  const inRun = new Map(live.otherProjects?.map(({ project, topology }) => [project, topology]))
  const owners = ownersIn(
    ownership.others.filter(({ project }) => takesOver.includes(project) || inRun.has(project)),
    (at, project) => {
      const theirs = inRun.get(project)
      return takesOver.includes(project) || (theirs !== undefined && !ownAddresses(theirs).has(at))
    },
  )
  const ofKind = <K extends Kind>(kind: K) => {
    for (const object of objectsOf(kind, desired)) {
      const at = addressOf(kind, object)
      if ((object as Declared).external === true || !isOwnable(kind, object) || !isWithin(mode, [at])) continue
      const subject = { kind, object } as unknown as Subject
      takeObject({ at, owners: owners.get(at) ?? [], vhosts: recordVhosts(subject) }, takes)
      if (vhostOf(subject) === undefined) completeTake(ownership, at, recordVhosts(subject), takes)
    }
  }
  for (const kind of KINDS) ofKind(kind)
}

function takeObject(
  { at, owners, vhosts }: { at: string; owners: readonly OwnerEntry[]; vhosts: readonly string[] },
  takes: Takes,
): void {
  for (const { project, record } of owners) {
    if (record.intended.some(({ addresses }) => addresses.includes(at))) {
      takes.blocks.push({ reason: 'hand-over-unfinished', address: at, project })
      continue
    }
    for (const vhost of vhosts) {
      takes.add(vhost, project, record.owned.includes(at) ? 'owned' : 'adopted', at)
      if (record.protected.includes(at)) takes.add(vhost, project, 'protected', at)
    }
  }
}

/** A killed run may have recorded a user in one virtual host, but not yet in others that declare it. */
function completeTake({ own }: Ownership, at: string, vhosts: readonly string[], takes: Takes): void {
  for (const record of own.values()) {
    const mark = record.taken.find(({ addresses }) => addresses.includes(at))
    if (mark === undefined) continue
    for (const vhost of vhosts) {
      const there = own.get(vhost)
      if (there !== undefined && addressesIn(there).includes(at)) continue
      takes.add(vhost, mark.from, record.owned.includes(at) ? 'owned' : 'adopted', at)
      if (record.protected.includes(at)) takes.add(vhost, mark.from, 'protected', at)
    }
  }
}

/** All objects in the records of a former name, in any virtual host, that no third project has taken over. */
function takeAll({ project, own, records }: Ownership, from: string, takes: Takes): void {
  const lost = takenFrom(records.filter((each) => each.project !== project)).get(from) ?? new Set()
  for (const record of records.filter((each) => each.project === from).map((each) => without(each, lost))) {
    const { vhost } = record
    if (record.intended.length > 0)
      takes.blocks.push({ reason: 'hand-over-unfinished', address: address('vhost', vhost), project: from })
    const there = own.get(vhost)
    const known = new Set(there === undefined ? [] : [...addressesIn(there), ...there.protected].map(entryOf))
    for (const list of ['owned', 'adopted', 'protected'] as const)
      for (const at of record[list]) if (!known.has(entryOf(at))) takes.add(vhost, from, list, at)
  }
}

/** @param mayTake whether an object may be taken over from a project */
function ownersIn(
  records: readonly OwnershipRecord[],
  mayTake: (at: string, project: string) => boolean,
): ReadonlyMap<string, readonly OwnerEntry[]> {
  const owners = new Map<string, OwnerEntry[]>()
  for (const record of records) {
    for (const at of new Set(addressesIn(record))) {
      if (!mayTake(at, record.project)) continue
      const all = owners.get(at) ?? []
      owners.set(at, all)
      all.push({ project: record.project, record })
    }
  }
  return owners
}

/** The virtual hosts whose records contain an object. */
function recordVhosts(subject: Subject): readonly string[] {
  const own = vhostOf(subject)
  return own === undefined ? ((subject.object as { declaredIn?: readonly string[] }).declaredIn ?? []) : [own]
}

/** Why nothing may be taken over now: the owner has an unfinished migration, or a lock is not held. */
export function takeOverBlocks(
  input: Pick<HandOverInput, 'ownership'> & {
    readonly live: Pick<PlannedTopology, 'foreignMoves' | 'handOverLocks'>
    readonly handOver?: HandOver | undefined
  },
  takes: PlannedHandOver['takes'],
): Block[] {
  return [...unfinishedMoves(input.live.foreignMoves ?? [], takes), ...unlocked(input, takes)]
}

/** The record of an object in an unfinished move is out of date. */
function unfinishedMoves(
  foreignMoves: NonNullable<PlannedTopology['foreignMoves']>,
  takes: PlannedHandOver['takes'],
): Block[] {
  return [...takes].flatMap(([vhost, all]) =>
    all
      .filter(({ from }) => foreignMoves.some((each) => each.project === from && each.vhost === vhost))
      .map(({ from }): Block => ({
        reason: 'hand-over-unfinished',
        address: address('vhost', vhost),
        project: from,
      })),
  )
}

/**
 * The records of all projects of a hand-over may be written only under their locks. Without given locks, none are
 * needed yet.
 */
function unlocked(
  { ownership, handOver, live }: Parameters<typeof takeOverBlocks>[0],
  takes: PlannedHandOver['takes'],
): Block[] {
  const { handOverLocks: locks } = live
  const all = [...takes.values()].flat()
  if (locks === undefined || all.length === 0) return []
  const { project, records } = ownership
  const marks = marksByEntry(records)
  const isMarkedBack = all
    .flatMap(({ owned, adopted, protected: kept }) => [...owned, ...adopted, ...kept])
    .some((at) => marks.get(entryOf(at))?.has(project))
  const back = isMarkedBack
    ? records.filter(({ taken }) => taken.some(({ from }) => from === project)).map((each) => each.project)
    : []
  const needed = new Set([...all.map(({ from }) => from), ...back])
  const own = locks.problems.get(project)
  return [...needed].flatMap((from): Block[] => {
    const because =
      own ??
      locks.problems.get(from) ??
      (locks.projects.has(from) ? undefined : 'its records have changed in the meantime')
    const address = handOver?.renamedFrom === from ? 'projectRenamedFrom' : 'takesOver'
    return because === undefined ? [] : [{ reason: 'hand-over-unlocked', address, project: from, because }]
  })
}
