import { liveBinding } from '../../broker/live/normalise.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { ManagementError } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import type { ReceivedBinding } from '../../broker/management/answers/received.ts'
import { deletes, writes } from '../../broker/management/writes.ts'
import { addressOf } from '../../model/address.ts'
import type { Binding } from '../../model/topology.ts'

/** A binding as it is on the broker at this moment. */
export interface LiveBinding {
  readonly address: string
  readonly binding: Binding
  readonly propertiesKey: string
}

/** Reads the bindings of a virtual host in one request, without the broker's own to the default exchange. */
export async function readBindings(client: ManagementClient, vhost: string): Promise<readonly LiveBinding[]> {
  return asLive(await reads.bindings(client, vhost))
}

/** Reads the bindings of one queue, which is quick in a virtual host of many; none when there is no such queue. */
export async function readBindingsOf(
  client: ManagementClient,
  vhost: string,
  queue: string,
): Promise<readonly LiveBinding[]> {
  return readBindingsTo(client, { vhost, destinationType: 'queue', destination: queue })
}

/** Reads the bindings that lead to one queue or exchange; none when there is no such destination. */
export async function readBindingsTo(
  client: ManagementClient,
  { vhost, destinationType, destination }: Pick<Binding, 'vhost' | 'destinationType' | 'destination'>,
): Promise<readonly LiveBinding[]> {
  const read = destinationType === 'queue' ? reads.bindingsOfQueue : reads.bindingsToExchange
  try {
    return asLive(await read(client, vhost, destination))
  } catch (error) {
    if (error instanceof ManagementError && error.isNotFound()) return []
    throw error
  }
}

function asLive(received: readonly ReceivedBinding[]): readonly LiveBinding[] {
  return received
    .filter(({ source }) => source !== '')
    .map((each) => {
      const binding = liveBinding(each)
      return { address: addressOf('binding', binding), binding, propertiesKey: each.properties_key }
    })
}

export function isBoundTo(queue: string): (binding: LiveBinding) => boolean {
  return ({ binding }) => binding.destinationType === 'queue' && binding.destination === queue
}

/** Whether a binding leads from or to an exchange. */
export function isOfExchange(exchange: string): (binding: LiveBinding) => boolean {
  return ({ binding }) => isOf(exchange, binding)
}

/** The same of a binding that may be gone. */
export function isOf(exchange: string, { source, destinationType, destination }: Binding): boolean {
  return source === exchange || (destinationType === 'exchange' && destination === exchange)
}

export async function bind(client: ManagementClient, binding: Binding): Promise<void> {
  await writes.postBinding(client, binding, { routing_key: binding.routingKey, arguments: binding.arguments })
}

export async function unbind(client: ManagementClient, { binding, propertiesKey }: LiveBinding): Promise<void> {
  await deletes.binding(client, binding, propertiesKey)
}
