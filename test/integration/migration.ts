import { connect as connectAmqp } from 'amqplib'
import type { ChannelModel, ConfirmChannel } from 'amqplib'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { JournalOnBroker } from '../../src/apply/migrate/journal-on-broker.ts'
import type { MoveContext, MoveResult, QueueMove } from '../../src/apply/migrate/move-context.ts'
import { moveQueue } from '../../src/apply/migrate/move-queue.ts'
import { ManagementClient } from '../../src/management/client.ts'
import { Amqp } from '../../src/messages/amqp.ts'
import type { Arguments } from '../../src/model/arguments.ts'
import { Secret } from '../../src/model/secret.ts'
import type { Queue } from '../../src/model/topology.ts'
import { queue } from '../builders/objects.ts'
import { amqpTarget } from './amqp-target.ts'
import { amqpUrl, freshVhost, testBroker } from './broker.ts'
import { until } from './until.ts'

export const PROJECT = 'shop'

/** A queue with its ladder on a vhost of its own, and programs that use it all the time. */
export interface Shop {
  readonly vhost: string
  readonly connection: ChannelModel
  readonly channel: ConfirmChannel
  /** The old definition and the new one. */
  readonly move: QueueMove
  /** What was published and confirmed, and not returned. */
  readonly published: Set<string>
  /** What consumers acknowledged, with every time. */
  readonly consumed: string[]
  /** Publishes through the exchange with confirms and `mandatory`, and to the failure path, until it is stopped. */
  produce(perSecond: number): Producer
  /** Consumes from a queue, also after it was deleted; every tenth message fails and takes the delay. */
  consume(queue: string, perSecond: number): Promise<Consumer>
}

export interface Producer {
  /** Messages that came back as unroutable. */
  readonly returned: Set<string>
  stop(): Promise<void>
}

export interface Consumer {
  stop(): Promise<void>
}

const LADDER = { delay: 1_000 }

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

/** Makes `orders` with an exchange, a ladder of one delay and a dead-letter queue. */
export async function shop(
  kind: { readonly from: Types; readonly to: Types; readonly name?: string; readonly more?: Arguments },
  atEnd: (cleanUp: () => Promise<void>) => void = onTestFinished,
): Promise<Shop> {
  const vhost = await freshVhost(atEnd)
  const connection = await connectAmqp(await amqpUrl(vhost))
  connection.on('error', () => undefined)
  atEnd(() => connection.close())
  const channel = await connection.createConfirmChannel()
  const from = workQueue(vhost, kind.from, 'orders')
  const to = workQueue(vhost, kind.to, kind.name ?? 'orders', kind.more)
  await channel.assertExchange('events', 'topic')
  await channel.assertExchange('orders.failed', 'direct')
  await channel.assertQueue('orders', { arguments: { ...from.arguments, 'x-queue-type': kind.from } })
  await channel.bindQueue('orders', 'events', 'order.#')
  await channel.bindQueue('orders', 'orders.failed', 'back')
  await channel.assertQueue('orders.dead', { arguments: { 'x-queue-type': kind.from } })
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
    produce: (perSecond) => produce(connection, published, perSecond),
    consume: (queue, perSecond) => consume(connection, queue, consumed, perSecond),
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
    await channel.waitForConfirms()
    await channel.close()
  }
  const running = run()
  return {
    returned,
    async stop() {
      stopped.abort()
      await running
    },
  }
}

async function consume(
  connection: ChannelModel,
  queue: string,
  consumed: string[],
  perSecond: number,
): Promise<Consumer> {
  const stopped = new AbortController()
  let busy: Promise<unknown> = Promise.resolve()
  const attach = async (): Promise<void> => {
    const channel = await connection.createConfirmChannel()
    channel.on('error', () => undefined)
    await channel.prefetch(10)
    let seen = 0
    try {
      await channel.checkQueue(queue)
      await channel.consume(queue, (message) => {
        if (!message) return void channel.close().catch(() => undefined)
        busy = busy.then(async () => {
          if (stopped.signal.aborted) return
          await sleep(1_000 / perSecond)
          seen += 1
          const first = message.properties.headers?.['x-attempt'] === undefined
          try {
            if (first && seen % 10 === 0) {
              const headers = { ...message.properties.headers, 'x-attempt': 1 }
              const properties = { messageId: message.properties.messageId as string, headers, mandatory: true }
              await new Promise<void>((resolve, reject) => {
                channel.publish('orders.failed', '1s', message.content, properties, (error) =>
                  error ? reject(error as Error) : resolve(),
                )
              })
              channel.ack(message)
            } else {
              channel.ack(message)
              consumed.push(String(message.properties.messageId))
            }
          } catch {
            // The channel is gone: what was not acknowledged comes again.
          }
        })
      })
      await new Promise((resolve) => channel.on('close', resolve))
    } catch {
      // No such queue for the moment.
    }
  }
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await Promise.race([attach(), new Promise((resolve) => stopped.signal.addEventListener('abort', resolve))])
      await sleep(50)
    }
  })()
  return {
    async stop() {
      stopped.abort()
      await running
      await busy
    },
  }
}

/** Publishes so many messages through the exchange, and to the delay queue, before anything moves. */
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
  await channel.waitForConfirms()
}

/** What a move needs, closed at the end of the test. */
export async function moveContext(
  vhost: string,
  more: Partial<MoveContext> = {},
  atEnd: (cleanUp: () => Promise<void>) => void = onTestFinished,
): Promise<MoveContext> {
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
  return { client, amqp, journal: new JournalOnBroker(client, PROJECT, vhost), ...more }
}

export async function run(place: Shop, more: Partial<MoveContext> = {}): Promise<MoveResult> {
  return moveQueue(await moveContext(place.vhost, more), place.move)
}

/** All that is in the queues of the shop at the end, with every time that it is there. */
export async function everything({ channel, move, consumed }: Shop): Promise<string[]> {
  const found = [...consumed]
  await until(async () => (await channel.checkQueue('orders.retry.1s')).messageCount === 0, 'the ladder to run out')
  for (const name of [move.to.name, 'orders.dead']) {
    const { messageCount } = await channel.checkQueue(name)
    let taken = 0
    const { consumerTag } = await channel.consume(
      name,
      (message) => {
        taken += 1
        found.push(String(message?.properties.messageId))
      },
      { noAck: true },
    )
    await until(() => taken >= messageCount, `${messageCount} messages of ${name}`)
    await channel.cancel(consumerTag)
  }
  return found
}
