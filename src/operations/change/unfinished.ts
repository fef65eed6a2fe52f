import { damagedJournal } from '../../apply/migrate/damaged-journal.ts'
import type { Live } from '../../broker/live/live.ts'
import { address } from '../../model/address.ts'
import { journalName } from '../../model/generated-names.ts'

/** The unfinished steps of stopped runs. */
export interface Unfinished {
  /** The new address of each queue in a move, by its old address. */
  readonly moves: ReadonlyMap<string, string>
  /** Addresses of exchanges. */
  readonly replaced: ReadonlySet<string>
}

/**
 * Finds the unfinished steps of a project's stopped runs in virtual hosts.
 *
 * @throws {WarrenError} `DAMAGED_RECORD` when a journal of these runs cannot be read
 */
export function unfinishedIn({ records }: Live, project: string, vhosts: readonly string[]): Unfinished {
  for (const vhost of vhosts) {
    const damaged = records?.damagedJournals.find(({ name }) => name === journalName({ project, vhost }))
    if (damaged !== undefined) throw damagedJournal(project, vhost, damaged)
  }
  const journals = (records?.journals ?? []).filter((each) => each.project === project && vhosts.includes(each.vhost))
  return {
    moves: new Map(
      journals.flatMap(({ vhost, moves }) =>
        moves.map(({ from, to }) => [address('queue', vhost, to), address('queue', vhost, from)] as const),
      ),
    ),
    replaced: new Set(
      journals.flatMap(({ vhost, exchanges }) => exchanges.map(({ name }) => address('exchange', vhost, name))),
    ),
  }
}

/** The virtual hosts in which runs of other projects are replacing objects, or stopped while doing so. */
export function foreignMovesIn(
  { records }: Pick<Live, 'records'>,
  project: string,
): readonly { readonly project: string; readonly vhost: string }[] {
  return (records?.journals ?? []).filter(
    (each) => each.project !== project && each.moves.length + each.exchanges.length > 0,
  )
}
