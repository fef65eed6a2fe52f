import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagementClient } from '../management/client.ts'
import type { Amqp } from '../messages/amqp.ts'
import { type QueueCount, countQueues } from './count-queues.ts'

/** The API counts a message at the latest so long after it came, in milliseconds: a quorum queue counts every 5 s. */
export const API_DELAY = 6_000
const PAUSE = 500

export interface EmptyQuestion {
  readonly amqp: Amqp
  readonly client: ManagementClient
  readonly vhost: string
  readonly queue: string
  /** When the last binding that could feed the queue was removed, by `performance.now()`. */
  readonly since: number
}

/**
 * Whether a queue has nothing in it for sure: AMQP says 0, and the API too, in a sample taken at least six seconds after
 * the last binding that could feed it was removed. Waits until such a sample can be had.
 *
 * A message that a program sends to the queue's own name, through the default exchange, may come at any time.
 *
 * @returns `empty`, `missing`, or what is in it; 0 messages where the API does not count them, so that nobody can tell
 */
export async function whatIsLeft(question: EmptyQuestion): Promise<QueueCount | 'empty' | 'missing'> {
  const { amqp, client, vhost, queue, since } = question
  const wait = since + API_DELAY - performance.now()
  if (wait > 0) await sleep(wait)
  const count = (await countQueues(amqp, client, vhost, [queue])).get(queue)
  if (count === undefined) return 'missing'
  const counted = count.type === 'stream' || count.total !== undefined
  return counted && count.messages === 0 ? 'empty' : count
}

/**
 * Waits until a queue is empty.
 *
 * @param patience how long, in milliseconds, after the first sample that counts
 * @returns what was left at the end
 */
export async function waitUntilEmpty(
  question: EmptyQuestion,
  patience: number,
  signal?: AbortSignal,
): Promise<QueueCount | 'empty' | 'missing'> {
  const end = Math.max(question.since + API_DELAY, performance.now()) + patience
  for (;;) {
    const left = await whatIsLeft(question)
    if (typeof left === 'string' || performance.now() > end || signal?.aborted) return left
    await sleep(PAUSE)
  }
}
