import { entryOf } from './entry.ts'
import type { OwnershipRecord } from './ownership-record.ts'

/**
 * Applies the changes of a run to a record. Changes on the broker since the run read the record are kept: another
 * project may have taken over an object, or a person may have released it.
 *
 * @param base the record that the run has read
 * @param target the record that the run would write
 * @param current the current record on the broker
 */
export function mergeRecords(
  base: OwnershipRecord,
  target: OwnershipRecord,
  current: OwnershipRecord,
): OwnershipRecord {
  const [before, after] = [factsOf(base), factsOf(target)]
  const facts = factsOf(current)
  for (const each of before.keys()) if (!after.has(each)) facts.delete(each)
  for (const [each, fact] of after) if (!before.has(each)) facts.set(each, fact)
  return recordOf(current, facts.values())
}

/** Whether two records have the same content in any order. */
export function isSameRecord(one: OwnershipRecord, other: OwnershipRecord): boolean {
  const [first, second] = [factsOf(one), factsOf(other)]
  return first.size === second.size && [...first.keys()].every((each) => second.has(each))
}

/** One statement of a record about one address. */
interface Fact {
  readonly list: 'owned' | 'adopted' | 'intended' | 'protected' | 'taken' | 'selfDeleting'
  /** The run and its time, the former project, or the declaration with which it was created. */
  readonly by: readonly string[]
  readonly address: string
}

function factsOf({
  owned,
  adopted,
  intended,
  protected: kept,
  taken,
  selfDeleting = [],
}: OwnershipRecord): Map<string, Fact> {
  const facts = new Map<string, Fact>()
  const add = (list: Fact['list'], addresses: readonly string[], ...by: readonly string[]) => {
    for (const address of addresses) facts.set([list, ...by, entryOf(address)].join('\0'), { list, by, address })
  }
  add('owned', owned)
  add('adopted', adopted)
  for (const { run, at, addresses } of intended) add('intended', addresses, run, at)
  add('protected', kept)
  for (const { from, addresses } of taken) add('taken', addresses, from)
  for (const { declaration, addresses } of selfDeleting) add('selfDeleting', addresses, declaration)
  return facts
}

function recordOf({ project, vhost }: OwnershipRecord, facts: Iterable<Fact>): OwnershipRecord {
  const all = [...facts]
  const inList = (list: Fact['list']) => all.flatMap((each) => (each.list === list ? [each.address] : []))
  const owned = inList('owned')
  const isOwned = new Set(owned.map(entryOf))
  const selfDeleting = groups(all, 'selfDeleting')
  return {
    project,
    vhost,
    owned,
    adopted: inList('adopted').filter((each) => !isOwned.has(entryOf(each))),
    intended: groups(all, 'intended').map(([[run = '', at = ''], addresses]) => ({ run, at, addresses })),
    protected: inList('protected'),
    taken: groups(all, 'taken').map(([[from = ''], addresses]) => ({ from, addresses })),
    ...(selfDeleting.length > 0 && {
      selfDeleting: selfDeleting.map(([[declaration = ''], addresses]) => ({ declaration, addresses })),
    }),
  }
}

function groups(facts: readonly Fact[], list: Fact['list']): [by: readonly string[], addresses: string[]][] {
  const found = new Map<string, [readonly string[], string[]]>()
  for (const { list: its, by, address } of facts) {
    if (its !== list) continue
    const group = found.get(by.join('\0'))
    if (group) group[1].push(address)
    else found.set(by.join('\0'), [by, [address]])
  }
  return [...found.values()]
}
