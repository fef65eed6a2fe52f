import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagementClient } from '../../broker/management/client.ts'
import { joinedRead } from '../../broker/management/joined-reads.ts'
import { reads } from '../../broker/management/reads.ts'
import type { ReceivedQueueState } from '../../broker/management/answers/received.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { AmqpError, isSilence } from '../../broker/amqp/connections/amqp-error.ts'
import { countReady, type Ready, countReadyForSure } from '../../broker/amqp/count-ready.ts'
import { address } from '../../model/address.ts'
import { countingDelay } from '../counting-delay.ts'
import { lostMajority } from './majority.ts'
import { forEachConcurrent } from '../for-each-concurrent.ts'
import { canHoldUnseen, policiesOf } from './unseen-messages.ts'

/** The content of a queue: the larger of the counts of AMQP and the API, since neither includes everything. */
export interface QueueCount {
  readonly type: string
  /** Ready, unacknowledged, held by at-least-once dead-lettering, and waiting for a delayed retry. */
  readonly messages: number
  /** The count of the API; absent for a stream, and if the broker's metrics are off. */
  readonly total: number | undefined
  /**
   * Messages that are neither ready nor unacknowledged: dead letters that could not be delivered yet, or messages
   * that wait for a delayed retry. They are deleted together with the queue.
   */
  readonly held: number
  /** Excludes consumers that were cancelled and still hold messages. */
  readonly consumers: number
}

/** A queue whose messages cannot be counted. It must not be deleted. */
export interface Uncounted {
  readonly uncounted: string
  readonly error: Error
}

export interface CountQuestion {
  readonly amqp: Amqp
  readonly client: ManagementClient
  readonly vhost: string
  readonly names: readonly string[]
  /**
   * The time, by `performance.now()`, up to which every message has to be counted: when the last binding to the
   * queues was removed. Default: the numbers that the API already reports are sufficient.
   */
  readonly since?: number
  /**
   * True if the queues are counted again, with `since`, before anything is deleted. Then the broker's count of a stream
   * is sufficient, although it may be some seconds old. Default false.
   */
  readonly preliminary?: boolean
  readonly signal?: AbortSignal
}

/** The maximum number of queues that are counted at once. Each needs its own channel. */
const AT_ONCE = 32

/**
 * Counts the messages and consumers of queues of one vhost, before a delete.
 *
 * The totals of a classic queue are always exact, including unacknowledged messages. A quorum queue is counted over
 * AMQP, which is exact if the result is 0 messages and 0 consumers (`countReadyForSure`). Messages that AMQP does not
 * count are in the API's totals, which are read some seconds later, once for all queues. A stream is counted again
 * after that time, because the broker counts its messages only from time to time.
 *
 * @returns counts by name; a missing queue is left out
 * @throws {AmqpError} when the login may not passively declare or read one of them
 */
export async function countQueues(question: CountQuestion): Promise<ReadonlyMap<string, QueueCount | Uncounted>> {
  const { client, vhost, names, since, preliminary = false, signal } = question
  const received = await statesOf(client, vhost)
  const looks = await lookAt(question, names, received)
  const streams = names.filter((name) => received.get(name)?.type === 'stream' && isReady(looks.get(name)))
  const unseen = await notSeenInFull(question, received, looks)
  const late = since === undefined ? [] : unseen
  const isLate = late.length > 0 || (streams.length > 0 && !preliminary)
  const pause = isLate ? left(since ?? performance.now()) : 0
  if (pause > 0) await sleep(pause, undefined, { ...(signal && { signal }) })
  if (late.length > 0) for (const [name, state] of await statesOf(client, vhost)) received.set(name, state)
  const again = await lookAt(question, [...late, ...streams], received)
  return new Map(
    names.flatMap((name) => {
      const look = latest(looks.get(name), again.get(name))
      const state = received.get(name)
      const isSeen = state?.type === 'quorum' && !unseen.includes(name)
      return look === undefined ? [] : [[name, countOf(isSeen ? withoutTotals(state) : state, look)] as const]
    }),
  )
}

/** @throws {Error} when it could not be counted */
export function requireCounted(count: QueueCount | Uncounted): QueueCount {
  if ('uncounted' in count) throw count.error
  return count
}

type Look = Ready | Uncounted

/** The API leaves a queue out of the list if its leader does not answer. */
const NOT_LISTED = 'the management API does not list it at the moment'

/** How long to wait until the counts are new enough, in milliseconds. */
function left(since: number): number {
  return since + countingDelay() - performance.now()
}

async function statesOf(client: ManagementClient, vhost: string): Promise<Map<string, ReceivedQueueState>> {
  const states = await joinedRead(client, `states ${vhost}`, () => reads.queueStates(client, vhost))
  return new Map(states.map((queue) => [queue.name, queue]))
}

/** A missing queue is left out. */
async function lookAt(
  { amqp, vhost }: CountQuestion,
  names: readonly string[],
  received: ReadonlyMap<string, ReceivedQueueState>,
): Promise<ReadonlyMap<string, Look>> {
  const looks = new Map<string, Look>()
  await forEachConcurrent(names, AT_ONCE, async (name) => {
    const state = received.get(name)
    const lost = state ? lostMajority(state) : NOT_LISTED
    try {
      const count =
        lost === undefined ? countReadyForSure(amqp, vhost, name, state?.type) : countReady(amqp, vhost, name)
      const ready = await count
      if (ready !== 'missing') looks.set(name, lost === undefined ? ready : uncounted(vhost, name, lost))
    } catch (error) {
      // A queue that does not answer is not deleted, and does not prevent the deletion of others.
      if (!(error instanceof AmqpError && isSilence(error))) throw error
      looks.set(name, { uncounted: error.message, error })
    }
  })
  return looks
}

function uncounted(vhost: string, name: string, because: string): Uncounted {
  return {
    uncounted: because,
    error: new AmqpError(`counting ${address('queue', vhost, name)} failed`, { reason: because }),
  }
}

/** Quorum queues that may contain messages that AMQP does not count: held dead letters and unacknowledged messages. */
async function notSeenInFull(
  { client, vhost, names }: CountQuestion,
  received: ReadonlyMap<string, ReceivedQueueState>,
  looks: ReadonlyMap<string, Look>,
): Promise<readonly string[]> {
  const quorum = names.filter((name) => received.get(name)?.type === 'quorum' && isReady(looks.get(name)))
  const policies = await policiesOf(
    client,
    vhost,
    quorum.flatMap((name) => received.get(name) ?? []),
  )
  return quorum.filter((name) => {
    const [state, look] = [received.get(name), looks.get(name)]
    return (isReady(look) && look.messages + look.consumers > 0) || (state && canHoldUnseen(state, policies))
  })
}

function isReady(look: Look | undefined): look is Ready {
  return look !== undefined && !('uncounted' in look)
}

/** The larger of two counts, because the broker counts a stream late; undefined if the queue does not exist. */
function latest(first: Look | undefined, again: Look | undefined): Look | undefined {
  if (first === undefined || again === undefined || !isReady(first)) return first
  return isReady(again) ? { ...again, messages: Math.max(first.messages, again.messages) } : again
}

/**
 * Ignores the totals, which still include messages that were just purged or acknowledged, because AMQP has counted
 * everything.
 */
function withoutTotals(state: ReceivedQueueState): ReceivedQueueState {
  return { ...state, messages: 0, messages_ready: 0, messages_unacknowledged: 0 }
}

function countOf(state: ReceivedQueueState | undefined, look: Look): QueueCount | Uncounted {
  if (!isReady(look)) return look
  const { messages: total, messages_ready = 0, messages_unacknowledged = 0 } = state ?? {}
  // A total includes ready, unacknowledged and held messages (rabbit_fifo).
  const held = Math.max(0, (total ?? 0) - messages_ready - messages_unacknowledged)
  const messages = Math.max(look.messages, total ?? 0)
  return { type: state?.type ?? 'classic', messages, total, held, consumers: look.consumers }
}
