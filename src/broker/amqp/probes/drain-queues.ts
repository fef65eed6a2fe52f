import type { Channel } from 'amqplib'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Amqp } from '../connections/amqp.ts'
import { closeChannel, openChannel } from '../connections/channels.ts'
import { publishProbes } from './publish-probes.ts'

export interface DrainedQueue {
  readonly name: string
  readonly isStream: boolean
}

/** The id of the last message in each queue. */
const LAST = 'warren-test-last'
/** How long to wait for it, in milliseconds: a queue whose limits allow no message drops it. */
const LONGEST_WAIT = 5_000

/**
 * Consumes all messages of queues, which removes them, except from streams.
 *
 * @returns the queues of each message, by its id
 */
export async function drainQueues(
  amqp: Amqp,
  vhost: string,
  queues: readonly DrainedQueue[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>()
  const last = queues.map(({ name }) => ({ id: LAST, exchange: '', routingKey: name, mandatory: false }))
  await publishProbes(amqp, vhost, last)
  const channel = await openChannel(await amqp.connection(vhost))
  try {
    // A stream delivers nothing to a consumer without a limit of unacknowledged messages.
    await channel.prefetch(100)
    await Promise.all(queues.map((queue) => drain(channel, queue, (id) => add(found, id, queue.name))))
  } finally {
    await closeChannel(channel)
  }
  return found
}

function add(found: Map<string, string[]>, id: string, queue: string): void {
  const queues = found.get(id) ?? []
  found.set(id, queues)
  if (!queues.includes(queue)) queues.push(queue)
}

async function drain(
  channel: Channel,
  { name, isStream }: DrainedQueue,
  onMessage: (id: string) => void,
): Promise<void> {
  const end = new AbortController()
  const { consumerTag } = await channel.consume(
    name,
    (message) => {
      if (message === null) return end.abort()
      channel.ack(message)
      const { messageId: id } = message.properties as { readonly messageId?: string }
      if (id === LAST) end.abort()
      else if (id !== undefined) onMessage(id)
    },
    isStream ? { arguments: { 'x-stream-offset': 'first' } } : {},
  )
  await sleep(LONGEST_WAIT, undefined, { signal: end.signal }).catch(() => undefined)
  await channel.cancel(consumerTag)
}
