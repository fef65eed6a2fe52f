import type { Records } from '../../broker/live/live.ts'
import { entryOf } from '../../broker/records/entry.ts'
import { unfinishedHandOvers } from '../../broker/records/hand-over.ts'
import type { OwnershipRecord } from '../../broker/records/ownership-record.ts'
import { without } from '../../broker/records/ownership.ts'
import type { RecordEdit } from './record-writes.ts'

/** An object whose ownership a project gives up. */
interface ReleasedObject {
  readonly address: string
  readonly state: 'owned' | 'adopted' | 'intended'
  readonly vhosts: readonly string[]
}

/**
 * Describes unfinished work of a project on the objects that it gives up, if there is any. A run that no longer owns
 * the object could not finish it.
 */
export function whyNotReleased(
  { ownership, journals }: Pick<Records, 'ownership' | 'journals'>,
  project: string,
  released: readonly ReleasedObject[],
): string | undefined {
  const vhosts = new Set(released.flatMap((each) => each.vhosts))
  const moving = journals.find(
    (each) => each.project === project && vhosts.has(each.vhost) && each.moves.length + each.exchanges.length > 0,
  )
  if (moving !== undefined) return `a migration in vhost ${JSON.stringify(moving.vhost)} is unfinished`
  const unfinished = new Set(unfinishedHandOvers(project, ownership).map(entryOf))
  const handed = released.find(({ address, state }) => state === 'intended' || unfinished.has(entryOf(address)))
  return handed && `a run has not finished creating or taking over ${handed.address}`
}

/** Removes objects from every record of a project. */
export function releaseEdits(
  ownership: readonly OwnershipRecord[],
  project: string,
  released: readonly ReleasedObject[],
): RecordEdit[] {
  const entries = new Set(released.map(({ address }) => entryOf(address)))
  return ownership.filter((each) => each.project === project).map((base) => ({ base, target: without(base, entries) }))
}
