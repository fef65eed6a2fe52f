import { connect as connectAmqp } from 'amqplib'
import type { ChannelModel, ConfirmChannel, ConsumeMessage } from 'amqplib'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ApplyOptions, ApplyRun } from '../../../src/apply/apply-run.ts'
import type { QueueMove } from '../../../src/apply/migrate/queue-move.ts'
import { ManagementClient } from '../../../src/broker/management/client.ts'
import { Amqp } from '../../../src/broker/amqp/connections/amqp.ts'
import type { Arguments } from '../../../src/model/arguments.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import type { Queue } from '../../../src/model/topology.ts'
import { queue } from '../../builders/objects.ts'
import { amqpTarget } from '../support/brokers/amqp-target.ts'
import { amqpUrl, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { inTime, until } from '../support/until.ts'

export const PROJECT = 'shop'

/** The tests run concurrently, so each one uses its own context to clean up at its end. */
export type AtEnd = (cleanUp: () => Promise<void>) => void

/** A queue with its ladder in its own vhost, and programs that constantly use it. */
export interface Shop {
  readonly vhost: string
  readonly connection: ChannelModel
  readonly channel: ConfirmChannel
  /** The old definition and the new one. */
  readonly move: QueueMove
  /** Messages that were published, confirmed and not returned. */
  readonly published: Set<string>
  /** Messages that consumers acknowledged, once for each time. */
  readonly consumed: string[]
  /** Publishes through the exchange with confirms and `mandatory`, and to the failure path, until it is stopped. */
  produce(perSecond: number): Producer
  /**
   * Consumes from a queue, even after it was deleted and recreated. Every tenth message fails and goes to the delay
   * queue.
   */
  consume(queue: string, perSecond: number): Consumer
}

export interface Producer {
  /** Messages that the broker returned as unroutable. */
  readonly returned: Set<string>
  stop(): Promise<void>
}

export interface Consumer {
  stop(): Promise<void>
}

const LADDER = { delay: 1_000 }
/** The time limit of a worker for a confirm, in milliseconds. */
const CONFIRM_TIMEOUT = 10_000

export type Types = 'classic' | 'quorum'

/** The arguments that `deadLetter: true` and `retry` give a queue. */
export function workArguments(type: Types, name: string): Arguments {
  return {
    'x-dead-letter-exchange': `${name}.failed`,
    'x-dead-letter-routing-key': 'dead',
    ...(type === 'quorum' && { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' }),
  }
}

export function workQueue(vhost: string, type: Types, name: string, more: Arguments = {}): Queue {
  return queue(name, { vhost, type, arguments: { ...workArguments(type, name), ...more } })
}

/** Creates `orders` with an exchange, a ladder of one delay and a dead-letter queue. */
export async function shop(
  kind: { readonly from: Types; readonly to: Types; readonly name?: string; readonly more?: Arguments },
  atEnd: AtEnd,
): Promise<Shop> {
  const vhost = await freshVhost(atEnd)
  const url = await amqpUrl(vhost)
  const connection = await connectAmqp(url)
  atEnd(() => connection.close())
  const channel = await connection.createConfirmChannel()
  const from = workQueue(vhost, kind.from, 'orders')
  const to = workQueue(vhost, kind.to, kind.name ?? 'orders', kind.more)
  await channel.assertExchange('events', 'topic')
  await channel.assertExchange('orders.failed', 'direct')
  await channel.assertQueue('orders', { arguments: { ...from.arguments, 'x-queue-type': kind.from } })
  await channel.bindQueue('orders', 'events', 'order.#')
  await channel.bindQueue('orders', 'orders.failed', 'back')
  await channel.assertQueue('orders.dead', {
    // As with `deadLetter: true`, because the tests read messages in it repeatedly.
    arguments: { 'x-queue-type': kind.from, ...(kind.from === 'quorum' && { 'x-delivery-limit': 1_000_000 }) },
  })
  await channel.bindQueue('orders.dead', 'orders.failed', 'dead')
  await channel.assertQueue('orders.retry.1s', {
    arguments: {
      'x-queue-type': kind.from,
      'x-message-ttl': LADDER.delay,
      'x-dead-letter-exchange': 'orders.failed',
      'x-dead-letter-routing-key': 'back',
      ...(kind.from === 'quorum' && { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' }),
    },
  })
  await channel.bindQueue('orders.retry.1s', 'orders.failed', '1s')

  const published = new Set<string>()
  const consumed: string[] = []
  return {
    vhost,
    connection,
    channel,
    move: { from, to },
    published,
    consumed,
    produce(perSecond) {
      const producer = produce(connection, published, perSecond)
      atEnd(() => producer.stop())
      return producer
    },
    consume(queue, perSecond) {
      const consumer = consume(url, queue, consumed, perSecond)
      atEnd(() => consumer.stop())
      return consumer
    },
  }
}

let producers = 0

function produce(connection: ChannelModel, published: Set<string>, perSecond: number): Producer {
  const returned = new Set<string>()
  const stopped = new AbortController()
  const name = `p${(producers += 1)}`
  const run = async (): Promise<void> => {
    const channel = await connection.createConfirmChannel()
    channel.on('return', (message) => returned.add(String(message.properties.messageId)))
    for (let index = 0; !stopped.signal.aborted; index += 1) {
      const messageId = `${name}-${index}`
      channel.publish('events', 'order.placed', Buffer.from(messageId), { messageId, mandatory: true }, (error) => {
        if (!error && !returned.has(messageId)) published.add(messageId)
      })
      await sleep(1_000 / perSecond)
    }
    // A broker may never answer for a queue that was just deleted: unconfirmed messages count as not published.
    const ended = channel.waitForConfirms().then(() => channel.close())
    await Promise.race([ended.catch(() => undefined), sleep(CONFIRM_TIMEOUT, undefined, { ref: false })])
  }
  const running = run()
  return {
    returned,
    async stop() {
      stopped.abort()
      await inTime(running, 'the end of a producer')
    },
  }
}

function consume(url: string, queue: string, consumed: string[], perSecond: number): Consumer {
  const stopped = new AbortController()
  let busy: Promise<unknown> = Promise.resolve()
  let close: () => Promise<void> = () => Promise.resolve()
  const returned = new Set<string>()
  const handle = async (channel: ConfirmChannel, message: ConsumeMessage, nth: number): Promise<void> => {
    if (stopped.signal.aborted) return
    await sleep(1_000 / perSecond)
    const { messageId, headers } = message.properties
    const fails = headers?.['x-attempt'] === undefined && nth % 10 === 0
    try {
      if (fails) {
        const properties = { messageId: String(messageId), headers: { ...headers, 'x-attempt': 1 }, mandatory: true }
        const confirmed = new Promise<'confirmed'>((resolve, reject) => {
          channel.publish('orders.failed', '1s', message.content, properties, (error) =>
            error ? reject(error as Error) : resolve('confirmed'),
          )
        })
        // A broker may never answer for a queue that is deleted at that moment (seen on 4.3).
        const answer = await Promise.race([confirmed, sleep(CONFIRM_TIMEOUT, 'none' as const)])
        if (answer === 'none') return channel.nack(message)
        // A delay queue is unbound while it is recreated, so a worker holds the messages that it cannot publish to it.
        if (returned.delete(String(messageId))) return channel.nack(message)
      }
      channel.ack(message)
      if (!fails) consumed.push(String(messageId))
    } catch {
      // The channel is closed, and the broker redelivers its unacknowledged messages.
    }
  }
  const attach = async (): Promise<void> => {
    // A separate connection, because the broker closes it if a consumer starts while its queue is being deleted (541).
    const connection = await connectAmqp(url)
    connection.on('error', () => undefined)
    const closed = new Promise<void>((resolve) => connection.on('close', () => resolve()))
    // amqplib never answers a close that crosses with that of the broker, but then it emits `close`.
    close = () => Promise.race([connection.close().catch(() => undefined), closed])
    // It was stopped while it connected, and no other code would close this connection.
    if (stopped.signal.aborted) return close()
    try {
      const channel = await connection.createConfirmChannel()
      channel.on('error', () => undefined)
      channel.on('close', () => void close())
      channel.on('return', (message) => returned.add(String(message.properties.messageId)))
      await channel.prefetch(10)
      let seen = 0
      await channel.consume(queue, (message) => {
        if (!message) return void close()
        busy = busy.then(() => handle(channel, message, (seen += 1)))
      })
    } catch {
      // The queue does not exist at the moment.
      await close()
    }
    await closed
  }
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await attach()
      await sleep(200)
    }
  })()
  return {
    async stop() {
      stopped.abort()
      await inTime(busy, `the last message of a consumer of ${queue}`)
      // The messages that it has not acknowledged are ready again.
      await inTime(close(), `the end of the connection of a consumer of ${queue}`)
      await inTime(running, `the end of a consumer of ${queue}`)
    },
  }
}

/** Publishes these numbers of messages through the exchange and to the delay queue before the first move. */
export async function fill({ channel, published }: Shop, count: number, waiting: number): Promise<void> {
  for (let index = 0; index < count + waiting; index += 1) {
    const messageId = `m${index}`
    const toLadder = index >= count
    const [exchange, key] = toLadder ? ['orders.failed', '1s'] : ['events', 'order.placed']
    channel.publish(exchange, key, Buffer.from(messageId), {
      messageId,
      persistent: true,
      ...(toLadder && { headers: { 'x-attempt': 1 } }),
    })
    published.add(messageId)
  }
  await inTime(channel.waitForConfirms(), `the confirms of ${count + waiting} messages`, MOST)
}

/** A run that moves queues. Its connections are closed at the end of the test. */
export async function moveRun(atEnd: AtEnd, options: Partial<ApplyOptions> = {}): Promise<ApplyRun> {
  const broker = await testBroker()
  const client = new ManagementClient({
    url: broker.managementUrl,
    user: broker.username,
    password: new Secret(broker.password),
  })
  const amqp = new Amqp(await amqpTarget())
  atEnd(async () => {
    await amqp.close()
    await client.close()
  })
  return runOf(client, { amqp, ...options })
}

/** A run of the same project on another client. */
export function runOf(client: ManagementClient, options: Partial<ApplyOptions>): ApplyRun {
  return new ApplyRun(client, { project: PROJECT, changes: [] }, { parallelism: 1, ...options })
}

/** Milliseconds without a message after which all have arrived: the delay of the ladder, and a margin. */
const QUIET = 4_000
/** The time limit for tens of thousands of messages, in milliseconds. */
const MOST = 300_000

/**
 * All messages that were consumed or are in the queues of the shop, once for each time.
 *
 * @param dead the dead-letter queue, by the name that it has at the end
 */
export async function everything(
  { connection, move, published, consumed }: Shop,
  dead = 'orders.dead',
): Promise<string[]> {
  const found = [...consumed]
  const missing = new Set([...published].filter((id) => !consumed.includes(id)))
  let last = performance.now()
  const channel = await connection.createChannel()
  for (const name of [move.to.name, dead]) {
    const take = (message: ConsumeMessage | null): void => {
      last = performance.now()
      const id = String(message?.properties.messageId)
      found.push(id)
      missing.delete(id)
    }
    await channel.consume(name, take, { noAck: true })
  }
  // The test says which are missing.
  await until(() => missing.size === 0, 'every message').catch(() => undefined)
  await until(() => performance.now() - last > QUIET, 'the last message', MOST)
  await channel.close()
  return found
}
