import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagementClient } from '../management/client.ts'
import { reads } from '../management/reads.ts'
import type { Amqp } from '../messages/amqp.ts'
import { countReady } from '../messages/count-ready.ts'
import { runSideBySide } from './run-side-by-side.ts'

/** What is known of a queue's messages: the larger of what AMQP and the API say, since neither sees everything. */
export interface QueueCount {
  readonly type: string
  /** Ready, unacknowledged, and held by at-least-once dead-lettering. */
  readonly messages: number
  /** What the API alone says; it does not count streams, and nothing where a broker's metrics are off. */
  readonly total: number | undefined
  /** Of these, the dead letters that could not be delivered yet; they die with the queue. Some seconds old. */
  readonly messagesDlx: number
  /** Without those that were cancelled and still hold messages. */
  readonly consumers: number
}

/** How many queues are asked at once: each is a channel of its own. */
const AT_ONCE = 32
/** A stream counts its messages every five seconds, so it is looked at again after so long, in milliseconds. */
const STREAM_PAUSE = 6_000

/**
 * Counts the messages and consumers of queues of one vhost: the ready ones over AMQP, exact at that moment, and all of
 * them by one request to the API, up to about six seconds late.
 *
 * @returns by name; a queue that is missing is left out
 * @throws {AmqpError} when the login may not look at one of them, or its node is down
 */
export async function countQueues(
  amqp: Amqp,
  client: ManagementClient,
  vhost: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, QueueCount>> {
  const received = new Map((await reads.queueTotals(client, vhost)).map((queue) => [queue.name, queue]))
  const first = await readyOf(amqp, vhost, names)
  const streams = names.filter((name) => received.get(name)?.type === 'stream' && first.has(name))
  if (streams.length > 0) await sleep(STREAM_PAUSE)
  const again = await readyOf(amqp, vhost, streams)
  return new Map(
    names.flatMap((name): [string, QueueCount][] => {
      const ready = first.get(name)
      if (!ready) return []
      const { messages, consumers } = ready

      const queue = received.get(name)
      const { messages: total, messages_ready = 0, messages_unacknowledged = 0 } = queue ?? {}
      // A total counts what is ready, what is unacknowledged, and the dead letters that are held (rabbit_fifo).
      const messagesDlx = Math.max(0, (total ?? 0) - messages_ready - messages_unacknowledged)
      const known = Math.max(messages, again.get(name)?.messages ?? 0, total ?? 0)
      return [[name, { type: queue?.type ?? 'classic', messages: known, total, messagesDlx, consumers }]]
    }),
  )
}

async function readyOf(amqp: Amqp, vhost: string, names: readonly string[]) {
  const counts = new Map<string, { readonly messages: number; readonly consumers: number }>()
  await runSideBySide(names, AT_ONCE, async (name) => {
    const ready = await countReady(amqp, vhost, name)
    if (ready !== 'missing') counts.set(name, ready)
  })
  return counts
}
