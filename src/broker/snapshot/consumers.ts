import { hostInUrl } from '../../model/amqp/amqp-address.ts'
import type { ReceivedConnection, ReceivedConsumer } from '../management/answers/received.ts'
import type { Client } from './health.ts'
import type { Consumer } from './snapshot.ts'

/** Consumers with the client properties of their connections, sorted by queue and connection. */
export function consumersIn(
  consumers: readonly ReceivedConsumer[],
  connections: readonly ReceivedConnection[],
): readonly Consumer[] {
  const byName = new Map(connections.map((each) => [each.name, each]))
  return consumers
    .map(({ queue, channel_details: channel }): Consumer => {
      const { connection_name: connection } = channel
      const properties = (connection === undefined ? undefined : byName.get(connection)?.client_properties) ?? {}
      return {
        queue: queue.name,
        ...clientOf(properties, channel),
        ...(connection !== undefined && { connection }),
      }
    })
    .toSorted((a, b) => order(a.queue, b.queue) || order(a.connection ?? '', b.connection ?? ''))
}

/** A client, by the properties that it sent and what the broker knows about it. */
export function clientOf(
  properties: Readonly<Record<string, unknown>>,
  {
    user,
    peer_host: host,
    peer_port: port,
  }: { readonly user?: string; readonly peer_host?: unknown; readonly peer_port?: unknown },
): Client {
  const product = [properties['product'], properties['version']].filter(isText).join(' ')
  const name = properties['connection_name']
  return {
    ...(user !== undefined && { user }),
    ...(isText(name) && { name }),
    ...(product !== '' && { product }),
    ...(isText(host) && { address: typeof port === 'number' ? `${hostInUrl(host)}:${port}` : hostInUrl(host) }),
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
