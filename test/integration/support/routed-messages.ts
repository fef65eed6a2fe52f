import { type Channel, type ChannelModel, type ConfirmChannel, connect } from 'amqplib'
import type { RoutedTopology, Published } from '../../builders/arbitrary/arbitrary-routing.ts'
import { amqpUrl, freshVhost, testBroker } from './brokers/broker.ts'

/** A virtual host with a topology, to which messages are published for real. */
export interface RoutedVhost {
  /** Publishes one message and waits for the broker's answer to it. */
  publish(published: Published, id: string): Promise<'confirmed' | 'returned' | 'refused'>
  /** Rejects the first message of a queue; whether there was one. */
  reject(queue: string): Promise<boolean>
  /** Takes all messages out of the queues: the ids in each queue that had one, in order. */
  drain(queues: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>
  close(): Promise<void>
}

/** Declares a topology in a virtual host of its own, without the code under test. */
export async function routedVhost(topology: RoutedTopology): Promise<RoutedVhost> {
  const { api } = await testBroker()
  const vhost = await freshVhost()
  // Before the queues: a quorum queue learns of a later policy only after a while.
  for (const { name, pattern, applyTo, priority, definition } of topology.operatorPolicies) {
    await api.put(['operator-policies', vhost, name], { pattern, 'apply-to': applyTo, priority, definition })
  }
  await api.post(['definitions', vhost], {
    exchanges: topology.exchanges.map(({ name, type, durable, autoDelete, internal, arguments: table }) => ({
      name,
      type,
      durable,
      auto_delete: autoDelete,
      internal,
      arguments: table,
    })),
    queues: topology.queues.map(({ name, type, durable, autoDelete, arguments: table }) => ({
      name,
      durable,
      auto_delete: autoDelete,
      arguments: { ...table, 'x-queue-type': type },
    })),
    bindings: topology.bindings.map(({ source, destination, destinationType, routingKey, arguments: table }) => ({
      source,
      destination,
      destination_type: destinationType,
      routing_key: routingKey,
      arguments: table,
    })),
    policies: topology.policies.map(({ name, pattern, applyTo, priority, definition }) => ({
      name,
      pattern,
      'apply-to': applyTo,
      priority,
      definition,
    })),
  })
  const connection = await connect(await amqpUrl(vhost))
  return new RoutedMessages(connection, await connection.createConfirmChannel(), await connection.createChannel())
}

class RoutedMessages implements RoutedVhost {
  readonly #connection: ChannelModel
  readonly #publisher: ConfirmChannel
  readonly #consumer: Channel
  readonly #returned = new Set<string>()

  constructor(connection: ChannelModel, publisher: ConfirmChannel, consumer: Channel) {
    this.#connection = connection
    this.#publisher = publisher
    this.#consumer = consumer
    publisher.on('return', ({ properties }) => this.#returned.add(String(properties.messageId)))
  }

  async publish({ exchange, message }: Published, id: string): Promise<'confirmed' | 'returned' | 'refused'> {
    const { routingKey, headers = {}, expiration, priority, bytes = 1 } = message
    const { CC, BCC, ...others } = headers
    const isConfirmed = await new Promise<boolean>((resolve) => {
      this.#publisher.publish(
        exchange,
        routingKey,
        Buffer.alloc(bytes),
        {
          messageId: id,
          mandatory: true,
          headers: others,
          ...(CC !== undefined && { CC: CC as string[] }),
          ...(BCC !== undefined && { BCC: BCC as string[] }),
          ...(expiration !== undefined && { expiration }),
          ...(priority !== undefined && { priority }),
        },
        (error: unknown) => resolve(error === null || error === undefined),
      )
    })
    if (this.#returned.has(id)) return 'returned'
    return isConfirmed ? 'confirmed' : 'refused'
  }

  async reject(queue: string): Promise<boolean> {
    const message = await this.#consumer.get(queue)
    if (message !== false) this.#consumer.nack(message, false, false)
    return message !== false
  }

  async drain(queues: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = new Map<string, string[]>()
    for (const name of queues) {
      for (;;) {
        const message = await this.#consumer.get(name, { noAck: true })
        if (message === false) break
        found.set(name, [...(found.get(name) ?? []), String(message.properties.messageId)])
      }
    }
    return found
  }

  close(): Promise<void> {
    return this.#connection.close()
  }
}
