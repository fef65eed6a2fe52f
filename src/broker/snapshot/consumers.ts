import { hostInUrl } from '../../model/amqp/amqp-address.ts'
import type { ReceivedConnection, ReceivedConsumer } from '../management/answers/received.ts'
import type { Consumer } from './snapshot.ts'

/** Consumers with the client properties of their connections, sorted by queue and connection. */
export function consumersIn(
  consumers: readonly ReceivedConsumer[],
  connections: readonly ReceivedConnection[],
): readonly Consumer[] {
  const byName = new Map(connections.map((each) => [each.name, each]))
  return consumers
    .map(({ queue, channel_details: channel }): Consumer => {
      const { connection_name: connection, peer_host: host, peer_port: port, user } = channel
      const properties = (connection === undefined ? undefined : byName.get(connection)?.client_properties) ?? {}
      const product = [properties['product'], properties['version']].filter(isText).join(' ')
      const name = properties['connection_name']
      return {
        queue: queue.name,
        ...(user !== undefined && { user }),
        ...(isText(name) && { name }),
        ...(product !== '' && { product }),
        ...(isText(host) && { address: typeof port === 'number' ? `${hostInUrl(host)}:${port}` : hostInUrl(host) }),
        ...(connection !== undefined && { connection }),
      }
    })
    .toSorted((a, b) => order(a.queue, b.queue) || order(a.connection ?? '', b.connection ?? ''))
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
