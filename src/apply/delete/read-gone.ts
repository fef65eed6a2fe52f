import { readLive } from '../../broker/live/read-live.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import type { DeleteChange } from '../../plan/change.ts'
import { subjectOf, vhostOf } from '../../plan/steps/subject.ts'
import { TopologyIndex } from '../../plan/topology-index.ts'

/**
 * Reads what was deleted, in bulk, and says by address what is there still.
 *
 * @returns nothing for an address that is gone
 */
export async function readGone(
  client: ManagementClient,
  changes: readonly DeleteChange[],
): Promise<ReadonlyMap<string, string>> {
  if (changes.length === 0) return new Map()
  const vhosts = new Set(changes.flatMap((change) => vhostOf(subjectOf(change)) ?? []))
  const { topology } = await readLive(client, {
    vhosts: [...vhosts],
    kinds: new Set(changes.map(({ kind }) => kind)),
  })
  const found = new TopologyIndex(topology)
  return new Map(
    changes
      .filter(({ kind, address }) => found.has(kind, address))
      .map(({ address }) => [address, 'the broker accepted the deletion, but it is still there']),
  )
}
