import type { Change } from '../../plan/change.ts'
import type { RecordChange } from '../../plan/ownership/planned-ownership.ts'
import { byVhost } from '../../plan/ownership/record-changes.ts'
import { isWrite, isRebind, subjectOf, unboundBy, vhostOf } from '../../plan/steps/subject.ts'
import { withTakes } from '../../broker/records/hand-over.ts'
import { emptyRecord, type OwnershipRecord, type CreatedWith } from '../../broker/records/ownership-record.ts'
import type { Ownership } from '../../broker/records/ownership.ts'
import type { Outcome } from '../report.ts'
import { deletesItself } from '../../plan/steps/deletes-itself.ts'
import { fingerprintOf } from '../../plan/saved/fingerprint.ts'

/** The records of a project, by virtual host. */
export type RecordsByVhost = ReadonlyMap<string, OwnershipRecord>

/** Names a run in its claims. */
export interface RunName {
  readonly run: string
  /** When it began to write, as ISO 8601. */
  readonly at: string
}

/**
 * Computes the records before the first object is created: objects to be created are intended. After a killed run,
 * the records contain too many objects rather than too few.
 *
 * @returns the records of virtual hosts in which something is created or recorded
 */
export function recordsBefore(
  { project, own, records }: Ownership,
  changes: readonly Change[],
  recordChanges: readonly RecordChange[],
  name: RunName,
): RecordsByVhost {
  const claims = byVhost(changes.filter(isClaimed).map((change) => [change.address, subjectOf(change)]))
  const changesByVhost = new Map(recordChanges.map((each) => [each.vhost, each]))
  return new Map(
    [...new Set([...own.keys(), ...claims.keys(), ...changesByVhost.keys()])].map((vhost) => {
      const { take = [] } = changesByVhost.get(vhost) ?? {}
      const record = withTakes(own.get(vhost) ?? emptyRecord(project, vhost), take, records)
      const {
        adopt = [],
        release = [],
        forget = [],
        drop = [],
        protect = [],
        unprotect = [],
      } = changesByVhost.get(vhost) ?? {}
      const unprotected = new Set(unprotect)
      const claimed = claims.get(vhost) ?? []
      const dropped = new Set([...release, ...forget, ...drop, ...claimed])
      const owned = record.owned.filter((at) => !dropped.has(at))
      const leftOut = new Set([...dropped, ...owned])
      const isTouched = claims.has(vhost) || changesByVhost.has(vhost)
      // Objects that an earlier run intended and that this run does not create may exist, and their deletion may
      // fail.
      const stopped = isTouched ? record.intended.flatMap(({ addresses }) => addresses) : []
      return [
        vhost,
        {
          ...record,
          owned,
          adopted: [...new Set([...record.adopted, ...adopt, ...stopped])].filter((at) => !leftOut.has(at)),
          intended: claimed.length > 0 ? [{ ...name, addresses: claimed }] : isTouched ? [] : record.intended,
          protected: [...record.protected.filter((at) => !unprotected.has(at)), ...protect],
          ...declarationsWithout(record, (at) => dropped.has(at)),
        },
      ]
    }),
  )
}

/**
 * Computes the records after the last write. Objects that were created and read back are owned. Objects that may have
 * been created remain intended. Deleted objects are removed.
 */
export function recordsAfter(
  before: RecordsByVhost,
  changes: readonly Change[],
  outcomes: ReadonlyMap<string, Outcome>,
): RecordsByVhost {
  const gone = new Set(
    changes.flatMap((change) => {
      if (outcomes.get(change.address)?.status !== 'done') return []
      if (isRebind(change)) return unboundBy(change).filter((at) => at !== change.address)
      return change.action === 'delete' ? [change.address] : change.action === 'rename' ? [change.from] : []
    }),
  )
  const carried = carriedBindings(changes, outcomes)
  const stays = (at: string) => !gone.has(at)
  const rest = (list: readonly string[]) => [
    ...new Set(list.filter(stays).flatMap((at) => (carried.has(at) ? (carried.get(at) ?? []) : [at]))),
  ]
  const claimed = new Set(changes.filter(isClaimed).map(({ address }) => address))
  // The new object is created long before the old one is deleted, so it may exist even if the rename failed.
  const renamed = new Set(
    changes.flatMap(({ action, address }) =>
      action === 'rename' && outcomes.get(address)?.status !== 'done' ? [address] : [],
    ),
  )
  return new Map(
    [...before].map(([vhost, record]) => {
      const ends = record.intended
        .flatMap(({ addresses }) => addresses)
        .filter((at) => claimed.has(at))
        .map((at) => ({ at, outcome: outcomes.get(at) }))
      const made = ends.filter(({ outcome }) => outcome?.status === 'done' && outcome.found !== true)
      const found = ends.filter(({ outcome }) => outcome?.status === 'done' && outcome.found === true)
      const doubtful = new Set(
        ends.filter(({ at, outcome }) => renamed.has(at) || isDoubtful(outcome)).map(({ at }) => at),
      )
      return [
        vhost,
        {
          ...record,
          owned: [...rest(record.owned), ...made.map(({ at }) => at)],
          adopted: [...rest(record.adopted), ...found.map(({ at }) => at)],
          intended: record.intended
            .map((each) => ({
              ...each,
              addresses: each.addresses.filter((at) => !claimed.has(at) || doubtful.has(at)),
            }))
            .filter(({ addresses }) => addresses.length > 0),
          protected: rest(record.protected),
          taken: record.taken
            .map((each) => ({ ...each, addresses: each.addresses.filter(stays) }))
            .filter(({ addresses }) => addresses.length > 0),
          ...declarationsAfter(record, changes, { outcomes, gone }),
        },
      ]
    }),
  )
}

/**
 * The new addresses of the bindings of renamed queues and exchanges, by their old addresses; none if they are
 * dropped, or declared for the new name.
 */
function carriedBindings(
  changes: readonly Change[],
  outcomes: ReadonlyMap<string, Outcome>,
): ReadonlyMap<string, readonly string[]> {
  const carried = new Map<string, readonly string[]>()
  const unfinished = new Set<string>()
  for (const change of changes) {
    if (change.action !== 'rename') continue
    const isDone = outcomes.get(change.address)?.status === 'done'
    for (const at of change.impact?.bindings ?? []) {
      if (!isDone) unfinished.add(at)
      else if (!carried.has(at)) carried.set(at, [])
    }
    if (isDone) for (const { from, to } of change.carries ?? []) carried.set(from, [to])
  }
  for (const at of unfinished) carried.delete(at)
  return carried
}

/** A virtual host that the files only refer to is created but not owned. */
function isClaimed(change: Change): boolean {
  if (isRebind(change)) return !unboundBy(change).includes(change.address)
  if (change.action !== 'create' && change.action !== 'rename') return false
  return change.kind !== 'vhost' || (isWrite(change) && change.after.claimed)
}

/** Whether an object may have been created without being read back. */
function isDoubtful(outcome: Outcome | undefined): boolean {
  if (outcome === undefined) return true
  return outcome.status === 'interrupted' || (outcome.status === 'failed' && outcome.maybeDone === true)
}

type Declarations = Pick<OwnershipRecord, 'selfDeleting'>

/** The declarations in a record, except those of some objects. */
function declarationsWithout({ selfDeleting }: Declarations, drops: (address: string) => boolean): Declarations {
  if (selfDeleting === undefined) return {}
  return {
    selfDeleting: selfDeleting
      .map((each) => ({ ...each, addresses: each.addresses.filter((at) => !drops(at)) }))
      .filter(({ addresses }) => addresses.length > 0),
  }
}

/**
 * The declarations in a record after a run, including those of objects that it created or changed and that delete
 * themselves.
 */
function declarationsAfter(
  record: OwnershipRecord,
  changes: readonly Change[],
  { outcomes, gone }: { readonly outcomes: ReadonlyMap<string, Outcome>; readonly gone: ReadonlySet<string> },
): Declarations {
  const made = changes.filter(
    (change) =>
      isWrite(change) && outcomes.get(change.address)?.status === 'done' && vhostOf(subjectOf(change)) === record.vhost,
  )
  const changed = new Set(made.map(({ address }) => address))
  const added = made.flatMap((change): CreatedWith[] => {
    const subject = subjectOf(change)
    if (deletesItself(subject.kind, subject.object) === undefined) return []
    return [{ declaration: fingerprintOf(subject), addresses: [change.address] }]
  })
  const { selfDeleting = [] } = declarationsWithout(record, (at) => changed.has(at) || gone.has(at))
  const all = [...selfDeleting, ...added]
  return all.length === 0 && record.selfDeleting === undefined ? {} : { selfDeleting: all }
}
