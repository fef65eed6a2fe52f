import { entryOf } from '../../broker/records/entry.ts'
import type { TakesByVhost } from '../../broker/records/hand-over.ts'
import { addressesIn, type Ownership } from '../../broker/records/ownership.ts'
import type { RecordChange } from '../ownership/planned-ownership.ts'
import type { StaleObject } from './saved-plan.ts'

/** The objects that a plan takes over, by virtual host. */
export function takeOversOf(records: readonly RecordChange[]): TakesByVhost {
  return new Map(records.filter(({ take }) => take.length > 0).map(({ vhost, take }) => [vhost, take]))
}

/**
 * Objects that a saved plan would take over from a project that no longer owns them, and that this project does not own
 * yet.
 */
export function staleTakeOvers(records: readonly RecordChange[], ownership: Ownership): StaleObject[] {
  return [...takeOversOf(records)].flatMap(([vhost, takes]) => {
    const own = ownership.own.get(vhost)
    const done = new Set(own === undefined ? [] : addressesIn(own).map(entryOf))
    return takes.flatMap(({ from, owned, adopted }) =>
      (
        [
          ['owned', owned],
          ['adopted', adopted],
        ] as const
      ).flatMap(([planned, addresses]) => {
        const theirs = ownership.others.filter(({ project }) => project === from).flatMap((each) => each[planned])
        const known = new Set(theirs.map(entryOf))
        return addresses
          .filter((at) => !done.has(entryOf(at)) && !known.has(entryOf(at)))
          .map((address): StaleObject => {
            return {
              address,
              planned: 'foreign',
              found: ownership.foreign.has(address) ? 'foreign' : 'unowned',
              differences: [],
            }
          })
      }),
    )
  })
}
