import { liveExchange, liveQueue } from '../../broker/live/normalize.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { ManagementError } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import { address } from '../../model/address.ts'
import type { Kind, ObjectOf } from '../../model/topology.ts'
import type { WriteChange } from '../../plan/change.ts'
import { readBindingsTo } from '../bindings.ts'
import { forEachConcurrent } from '../for-each-concurrent.ts'

/** How many objects a broker lists in the time of one single read. */
const LISTED_IN_THE_TIME_OF_ONE = 20
const AT_ONCE = 16

type SinglyReadable = Extract<WriteChange, { kind: 'queue' | 'exchange' | 'binding' }>

/**
 * Whether reading each changed object takes the broker less time than listing all objects.
 *
 * @param present the approximate number of objects in the listing
 */
export function isQuickerSingly(
  changes: readonly WriteChange[],
  present: number,
): changes is readonly SinglyReadable[] {
  return changes.length * LISTED_IN_THE_TIME_OF_ONE < present && changes.every(isSinglyReadable)
}

function isSinglyReadable({ kind }: WriteChange): boolean {
  return kind === 'queue' || kind === 'exchange' || kind === 'binding'
}

/**
 * Reads the changed objects one by one.
 *
 * @returns by address; missing objects are left out
 */
export async function readSingly(
  client: ManagementClient,
  changes: readonly SinglyReadable[],
): Promise<ReadonlyMap<string, ObjectOf[Kind]>> {
  const found = new Map<string, ObjectOf[Kind]>()
  const readings = new Map(changes.map((change) => readingOf(client, change)))
  await forEachConcurrent([...readings.values()], AT_ONCE, async (read) => {
    try {
      for (const [at, object] of await read()) found.set(at, object)
    } catch (error) {
      if (!(error instanceof ManagementError && error.isNotFound())) throw error
    }
  })
  return found
}

type Reading = () => Promise<readonly (readonly [string, ObjectOf[Kind]])[]>

/** The request for a change and a key for it: changes with the same key share one request. */
function readingOf(client: ManagementClient, { kind, address: at, after }: SinglyReadable): [string, Reading] {
  switch (kind) {
    case 'queue':
      return [at, async () => [[at, liveQueue(await reads.queue(client, after.vhost, after.name))]]]
    case 'exchange':
      return [at, async () => [[at, liveExchange(await reads.exchange(client, after.vhost, after.name))]]]
    case 'binding': {
      const { vhost, destinationType, destination } = after
      // All bindings to its destination, because RabbitMQ 3.10 searches all bindings of the source for a pair of
      // ends.
      return [
        `bindings to ${address(destinationType, vhost, destination)}`,
        async () => (await readBindingsTo(client, after)).map((each) => [each.address, each.binding]),
      ]
    }
  }
}
