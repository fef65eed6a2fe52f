import { hostInUrl } from '../../model/amqp/amqp-address.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { ManagementError } from '../../broker/management/errors.ts'
import type { ReceivedConnection, ReceivedConsumer } from '../../broker/management/answers/received.ts'
import { reads } from '../../broker/management/reads.ts'
import { addressOf } from '../../model/address.ts'
import type { Change } from '../../plan/change.ts'
import type { ConsumingClient, QueueConsumers } from '../../plan/plan.ts'

/**
 * Finds the consumers of queues that are replaced or renamed, because afterwards the broker refuses programs that
 * declare these queues with the old arguments. The broker lists consumers and connections with a delay of some
 * seconds, and only to a login with the tag `monitoring`. Consumers that AMQP counts and the broker does not list are
 * reported as unknown.
 */
export async function findConsumers(client: ManagementClient, changes: readonly Change[]): Promise<QueueConsumers[]> {
  const replaced = changes.filter(isReplaced).filter(({ impact }) => impact?.consumers !== 0)
  if (replaced.length === 0) return []
  const vhosts = [...new Set(replaced.map(({ before }) => before.vhost))]
  const [consumers, connections] = await Promise.all([
    Promise.all(vhosts.map((vhost) => orNothing(reads.consumers(client, vhost)))).then((lists) => lists.flat()),
    orNothing(reads.connections(client)),
  ])
  const byName = new Map(connections.map((each) => [each.name, each]))
  return replaced
    .map(({ before, impact }): QueueConsumers => {
      const own = consumers.filter(({ queue }) => queue.name === before.name && queue.vhost === before.vhost)
      const clients = clientsOf(own, byName)
      const known = clients.reduce((sum, each) => sum + each.consumers, 0)
      return {
        address: addressOf('queue', before),
        clients,
        unknown: Math.max(0, Math.max(impact?.consumers ?? 0, own.length) - known),
      }
    })
    .filter(({ clients, unknown }) => clients.length + unknown > 0)
}

type Replaced = Extract<Change, { kind: 'queue'; action: 'replace' | 'rename' }>

function isReplaced(change: Change): change is Replaced {
  return change.kind === 'queue' && (change.action === 'replace' || change.action === 'rename')
}

/** A broker without statistics answers 400. */
async function orNothing<T>(answer: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ManagementError && error.status < 500) return []
    throw error
  }
}

function clientsOf(
  consumers: readonly ReceivedConsumer[],
  connections: ReadonlyMap<string, ReceivedConnection>,
): ConsumingClient[] {
  const counts = new Map<string, { readonly details: ReceivedConsumer['channel_details']; consumers: number }>()
  for (const { channel_details: details } of consumers) {
    if (details.connection_name === undefined) continue
    const known = counts.get(details.connection_name)
    if (known) known.consumers += 1
    else counts.set(details.connection_name, { details, consumers: 1 })
  }
  return [...counts.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { details, consumers: count }]) => {
      const properties = connections.get(name)?.client_properties ?? {}
      const product = [properties['product'], properties['version']].filter(isText).join(' ')
      const own = properties['connection_name']
      const { user, peer_host: host, peer_port: port } = details
      return {
        ...(user !== undefined && { user }),
        ...(product !== '' && { product }),
        ...(isText(own) && { name: own }),
        ...(isText(host) && { peer: peerOf(host, port) }),
        consumers: count,
      }
    })
}

function peerOf(host: string, port: unknown): string {
  const inUrl = hostInUrl(host)
  return typeof port === 'number' ? `${inUrl}:${port}` : inUrl
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
