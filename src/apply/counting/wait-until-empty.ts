import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagementClient } from '../../broker/management/client.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { countQueues, type QueueCount, type Uncounted } from './count-queues.ts'
import { untilRouted } from '../replace/until-routed.ts'

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
 * Checks whether a queue is certainly empty, including unacknowledged and held messages. If the broker counts some of
 * them late, the function waits for counts that are newer than `since`.
 *
 * A program may publish to the queue's own name, through the default exchange, at any time.
 *
 * @returns `empty`, `missing`, or the content. The number is 0 if messages remain that the API does not count
 */
export async function whatIsLeft(question: EmptyQuestion): Promise<QueueCount | Uncounted | 'empty' | 'missing'> {
  const { amqp, client, vhost, queue, since } = question
  await untilRouted(client, since)
  const count = (await countQueues({ amqp, client, vhost, names: [queue], since })).get(queue)
  if (count === undefined) return 'missing'
  if ('uncounted' in count) return count
  const isCounted = count.type === 'stream' || count.total !== undefined
  return isCounted && count.messages === 0 ? 'empty' : count
}

/**
 * Waits until a queue is empty.
 *
 * @param patience how long to wait, in milliseconds, after the first valid sample
 * @returns the content at the end
 */
export async function waitUntilEmpty(
  question: EmptyQuestion,
  patience: number,
  signal?: AbortSignal,
): Promise<QueueCount | Uncounted | 'empty' | 'missing'> {
  let end: number | undefined
  for (;;) {
    const left = await whatIsLeft(question)
    end ??= performance.now() + patience
    if (typeof left === 'string' || performance.now() > end || signal?.aborted) return left
    await sleep(PAUSE)
  }
}
