import { deletesItself } from '../plan/steps/deletes-itself.ts'
import { fingerprintOf } from '../plan/saved/fingerprint.ts'
import type { Change } from '../plan/change.ts'
import { isWrite, subjectOf, vhostOf } from '../plan/steps/subject.ts'
import type { CreatedWith, OwnershipRecord } from '../broker/records/ownership-record.ts'
import type { Outcome } from './report.ts'

type Declarations = Pick<OwnershipRecord, 'selfDeleting'>

/** The declarations that a record keeps, without those of some objects. */
export function declarationsWithout({ selfDeleting }: Declarations, drops: (address: string) => boolean): Declarations {
  if (selfDeleting === undefined) return {}
  return {
    selfDeleting: selfDeleting
      .map((each) => ({ ...each, addresses: each.addresses.filter((at) => !drops(at)) }))
      .filter(({ addresses }) => addresses.length > 0),
  }
}

/** The declarations that a record keeps after a run: also those of objects that it created or changed and that delete themselves. */
export function declarationsAfter(
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
