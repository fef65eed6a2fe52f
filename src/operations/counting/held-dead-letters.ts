import type { Live } from '../../broker/live/live.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import { address, addressOf } from '../../model/address.ts'
import { winnersOf } from '../../model/policies/winning-policies.ts'
import type { Topology } from '../../model/topology.ts'
import { keepsDeadLetters } from '../../plan/policies/dropped-dead-letters.ts'
import type { Note } from '../../plan/note.ts'

/**
 * Finds the declared queues that hold dead letters because at-least-once dead-lettering could not deliver them: their
 * exchange is missing, or routes them to no queue. The statistics are some seconds old. They are read only if such
 * queues exist.
 */
export async function heldDeadLetters(
  client: ManagementClient,
  desired: Topology,
  { topology, broker }: Live,
): Promise<Note[]> {
  const declared = new Set(desired.queues.map((queue) => addressOf('queue', queue)))
  const winners = winnersOf(topology, broker.version)
  const keeping = topology.queues.filter(
    (queue) => queue.type === 'quorum' && declared.has(addressOf('queue', queue)) && keepsDeadLetters(queue, winners),
  )
  const wanted = new Set(keeping.map((queue) => addressOf('queue', queue)))
  const vhosts = [...new Set(keeping.map(({ vhost }) => vhost))]
  const received = await Promise.all(
    vhosts.map(async (vhost) =>
      (await reads.heldDeadLetters(client, vhost)).map((each) => ({ ...each, at: address('queue', vhost, each.name) })),
    ),
  )
  return received
    .flat()
    .toSorted((one, other) => (one.at < other.at ? -1 : 1))
    .flatMap(({ at, messages_dlx: messages = 0 }): Note[] =>
      wanted.has(at) && messages > 0 ? [{ note: 'dead-letters-held', messages, addresses: [at] }] : [],
    )
}
