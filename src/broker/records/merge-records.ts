import { entryOf } from './entry.ts'
import type { OwnershipRecord } from './ownership-record.ts'

/**
 * Applies to a record what a run changes in it. What was changed on the broker since the run read the record is kept: another
 * project may have taken over an object, or a person released it.
 *
 * @param base the record as the run read it
 * @param target the record as the run would write it
 * @param current the record as it is on the broker now
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

/** Whether two records say the same, in whatever order. */
export function isSameRecord(one: OwnershipRecord, other: OwnershipRecord): boolean {
  const [first, second] = [factsOf(one), factsOf(other)]
  return first.size === second.size && [...first.keys()].every((each) => second.has(each))
}

/** One thing that a record says of one address. */
interface Fact {
  readonly list: 'owned' | 'adopted' | 'intended' | 'protected' | 'taken' | 'selfDeleting'
  /** The run and its time, the project that it was taken from, or the declaration that it was created with. */
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
