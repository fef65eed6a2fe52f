import { type Channel, type ChannelModel, type ConfirmChannel, connect } from 'amqplib'
import type { Published, RoutedTopology, UserRights } from '../../builders/routing/topologies.ts'
import { amqpUrl, freshUser, freshVhost, testBroker } from './brokers/broker.ts'

/** The response of the broker to a message: `forbidden` if the user may not publish it. */
export type Answer = 'confirmed' | 'returned' | 'refused' | 'forbidden'

/** A virtual host with a topology on a real broker, to which messages are published. */
export interface RoutedVhost {
  readonly vhost: string
  /** The publishing user; the administrator if the topology contains no rights. */
  readonly username: string
  /** Publishes one message and waits for the broker's answer to it. */
  publish(published: Published, id: string): Promise<Answer>
  /** Whether the user who publishes may consume a queue. */
  mayConsume(queue: string): Promise<boolean>
  /** Rejects the first message of a queue. Returns whether there was one. */
  reject(queue: string): Promise<boolean>
  /** Takes all messages out of the queues: the ids in each queue that had one, in order. */
  drain(queues: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>
}

type CleanUp = () => Promise<void>

/** Declares a topology in its own virtual host, without the code under test, and deletes both at the end. */
export async function inRoutedVhost<T>(topology: RoutedTopology, use: (vhost: RoutedVhost) => Promise<T>): Promise<T> {
  const cleanUps: CleanUp[] = []
  const atEnd = (cleanUp: CleanUp) => cleanUps.push(cleanUp)
  try {
    return await use(await routedVhost(topology, atEnd))
  } finally {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp()
  }
}

async function routedVhost(topology: RoutedTopology, atEnd: (cleanUp: CleanUp) => void): Promise<RoutedVhost> {
  const { api, username: administrator } = await testBroker()
  const vhost = await freshVhost(atEnd)
  // Before the queues, because a quorum queue applies a later policy only after some time.
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
  const connection = await connected(vhost, atEnd)
  const user = topology.rights && (await userWith(topology.rights, vhost, atEnd))
  const own = user ? await connected(vhost, atEnd, user) : connection
  const username = user?.username ?? administrator
  return new RoutedMessages({ vhost, username, connection: own, consumer: await connection.createChannel() })
}

async function connected(
  vhost: string,
  atEnd: (cleanUp: CleanUp) => void,
  login?: { username: string; password: string },
): Promise<ChannelModel> {
  const connection = await connect(await amqpUrl(vhost, login))
  atEnd(() => connection.close())
  return connection
}

/** A user who has exactly these rights in the virtual host. */
async function userWith({ write, read, topics }: UserRights, vhost: string, atEnd: (cleanUp: CleanUp) => void) {
  const { api } = await testBroker()
  const user = await freshUser({ permissions: { [vhost]: { configure: '', write, read } } }, atEnd)
  for (const { exchange, write: keys } of topics) {
    await api.put(['topic-permissions', vhost, user.username], { exchange, write: keys, read: '' })
  }
  return user
}

class RoutedMessages implements RoutedVhost {
  readonly vhost: string
  readonly username: string
  readonly #connection: ChannelModel
  readonly #consumer: Channel
  readonly #returned = new Set<string>()
  /** Absent before the first message, and after a forbidden message, because the broker then closes the channel. */
  #publisher: Promise<ConfirmChannel> | undefined
  #onError: (error: unknown) => void = () => {}

  constructor(given: { vhost: string; username: string; connection: ChannelModel; consumer: Channel }) {
    this.vhost = given.vhost
    this.username = given.username
    this.#connection = given.connection
    this.#consumer = given.consumer
  }

  async publish({ exchange, message }: Published, id: string): Promise<Answer> {
    const { routingKey, headers = {}, expiration, priority, bytes = 0 } = message
    const { CC, BCC, ...others } = headers
    const publisher = await (this.#publisher ??= this.#openPublisher())
    const answer = await new Promise<Answer>((resolve) => {
      // The error of a closed channel comes before those of its unconfirmed messages.
      this.#onError = (error) => resolve(isForbidden(error) ? 'forbidden' : 'refused')
      publisher.publish(
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
        (error: unknown) => resolve(error === null || error === undefined ? 'confirmed' : 'refused'),
      )
    })
    if (answer === 'forbidden') this.#publisher = undefined
    return this.#returned.has(id) ? 'returned' : answer
  }

  async #openPublisher(): Promise<ConfirmChannel> {
    const channel = await this.#connection.createConfirmChannel()
    channel.on('error', (error: unknown) => this.#onError(error))
    channel.on('return', ({ properties }) => this.#returned.add(String(properties.messageId)))
    return channel
  }

  async mayConsume(queue: string): Promise<boolean> {
    const channel = await this.#connection.createChannel()
    // The refusal is the answer to `get` as well.
    channel.on('error', () => {})
    try {
      await channel.get(queue)
    } catch (error) {
      if (isForbidden(error)) return false
      throw error
    }
    await channel.close()
    return true
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
}

function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 403
}
