import { setTimeout as sleep } from 'node:timers/promises'
import { brokerReason, replyCode } from '../../diagnostics/broker-reason.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import { address } from '../../model/address.ts'
import type { Rate } from '../../model/routes.ts'
import { RateLimit } from '../../broker/amqp/rate-limit.ts'
import { deadLetterError } from './dead-letter-error.ts'
import type { DeadLetterQueue, ServedRoute } from './dead-letter-queues.ts'
import { type HeldLetter, lookThrough } from './look-through.ts'
import { isFiltering, matcherOf, type MessageFilter } from './message-filter.ts'
import { BATCH, QueueReader } from './queue-reader.ts'
import { ReplayPublisher } from './replay-publisher.ts'

export interface ReplayOrder {
  readonly from: DeadLetterQueue
  /** How many messages were ready at the beginning; later messages are not looked at. */
  readonly count: number
  readonly filter: MessageFilter
  /** Replays at most this many. */
  readonly limit?: number
  /** The maximum rate. */
  readonly rate?: Rate
  /** Replays none, and counts those that it would replay. */
  readonly dryRun: boolean
  /** When aborted, published copies are completed, and the rest is requeued. */
  readonly signal?: AbortSignal
  /** Called after each batch with how many messages were looked at and how many replayed. */
  readonly onProgress?: (looked: number, replayed: number) => void
  /** Called every ten seconds while the broker confirms nothing. */
  readonly onWaiting?: (text: string) => void
}

/** The result of a replay. */
export interface Replayed {
  readonly looked: number
  /** By the queue that they went back to, or with `dryRun` would go back to. */
  readonly replayed: readonly QueueMessages[]
  /** Why the others stayed in the dead-letter queue. */
  readonly left: {
    /** They do not match the filter. */
    readonly notMeant: number
    /** The queue that they failed in is unknown, or not in the topology. */
    readonly unknownQueue: number
    /** The broker did not accept them. */
    readonly refused: readonly (QueueMessages & { readonly reason: string })[]
  }
  /** Why it ended early: a signal, or what the broker or the network said. */
  readonly stopped?:
    | { readonly by: 'signal' }
    | { readonly by: 'error'; readonly reason: string; readonly hint?: string }
}

export interface QueueMessages {
  readonly queue: string
  readonly messages: number
}

/** How long a batch may be held at a low rate, in milliseconds: the broker requeues messages that are held for half an hour. */
const LONGEST_BATCH = 60_000

/**
 * Sends dead letters back to the queue that failed on them, and to no other, in order.
 *
 * Each is published as a copy, and acknowledged only after the broker has confirmed that the queue has it. If a replay is
 * interrupted, each message is in the dead-letter queue, in its queue, or, for at most one batch, in both; another run
 * continues with the rest. Each message is looked at once: one that fails again in the meantime waits for the next run.
 *
 * @throws {WarrenError} when it could not start
 */
export async function replay(connection: OpenConnection, order: ReplayOrder): Promise<Replayed> {
  const doing = `replaying ${address('queue', order.from.vhost, order.from.name)}`
  try {
    await using reader = await QueueReader.open(connection, order.from.name)
    await using publisher = await ReplayPublisher.open(connection, order.onWaiting)
    return await new Replay(reader, publisher, order).run()
  } catch (error) {
    if (order.signal?.aborted) return INTERRUPTED_AT_ONCE
    throw deadLetterError(doing, error)
  }
}

const INTERRUPTED_AT_ONCE: Replayed = {
  looked: 0,
  replayed: [],
  left: { notMeant: 0, unknownQueue: 0, refused: [] },
  stopped: { by: 'signal' },
}

class Replay {
  readonly #reader: QueueReader
  readonly #publisher: ReplayPublisher
  readonly #order: ReplayOrder
  readonly #routes: ReadonlyMap<string, ServedRoute>
  readonly #pace: RateLimit | undefined
  readonly #replayed = new Map<string, number>()
  readonly #refused = new Map<string, { messages: number; reason: string }>()
  #failure: { readonly reason: unknown } | undefined
  #looked = 0
  #tried = 0
  #notMeant = 0
  #unknownQueue = 0

  constructor(reader: QueueReader, publisher: ReplayPublisher, order: ReplayOrder) {
    this.#reader = reader
    this.#publisher = publisher
    this.#order = order
    this.#routes = new Map(order.from.routes.map((route) => [route.queue, route]))
    this.#pace = order.rate && new RateLimit(order.rate)
  }

  async run(): Promise<Replayed> {
    const { from, count, filter, signal } = this.#order
    const isMeant = matcherOf(filter)
    try {
      await lookThrough(this.#reader, { from, count, batch: () => this.#batch(), signal }, async (held) => {
        this.#looked += held.length
        await this.#replayBatch(held, isMeant)
        this.#order.onProgress?.(this.#looked, sum(this.#replayed.values()))
        return this.#remaining > 0
      })
      await this.#reader.settle()
    } catch (thrown) {
      if (signal?.aborted) return this.#result({ by: 'signal' })
      // Nothing was replayed, or the broker refused the first copy: that is an error, not a result.
      const isRefused = replyCode(thrown) !== undefined && this.#replayed.size === 0 && this.#refused.size === 0
      if (this.#tried === 0 || isRefused) throw thrown
      const { hint } = deadLetterError('replaying', thrown)
      return this.#result({ by: 'error', reason: brokerReason(thrown), ...(hint !== undefined && { hint }) })
    }
    return this.#result(signal?.aborted ? { by: 'signal' } : undefined)
  }

  get #remaining(): number {
    return (this.#order.limit ?? Infinity) - this.#tried
  }

  /** No more than can be replayed before the broker requeues them; without a filter, no more than will be replayed. */
  #batch(): number {
    const { rate, filter } = this.#order
    const paced = rate ? Math.max(1, Math.floor((LONGEST_BATCH * rate.count) / rate.per)) : BATCH
    return Math.min(BATCH, paced, isFiltering(filter) ? BATCH : this.#remaining)
  }

  /** Publishes the selected messages, in order and without waiting for each, and acknowledges those that have arrived. */
  async #replayBatch(held: readonly HeldLetter[], isMeant: (letter: HeldLetter['letter']) => boolean): Promise<void> {
    const underWay: Promise<void>[] = []
    for (const each of held) {
      if (this.#remaining <= 0 || this.#order.signal?.aborted) break
      if (!isMeant(each.letter)) {
        this.#notMeant += 1
        continue
      }
      const route = each.letter.queue === undefined ? undefined : this.#routes.get(each.letter.queue)
      if (route === undefined) {
        this.#unknownQueue += 1
        continue
      }
      await this.#turn()
      if (this.#order.signal?.aborted || this.#failure) break
      this.#tried += 1
      if (this.#order.dryRun) addTo(this.#replayed, route.queue)
      // Caught immediately: at a low rate it takes long until all promises are awaited.
      else underWay.push(this.#send(each, route).catch((reason: unknown) => void (this.#failure ??= { reason })))
    }
    await Promise.all(underWay)
    if (this.#failure) throw this.#failure.reason
  }

  async #send(each: HeldLetter, route: ServedRoute): Promise<void> {
    const closed = this.#publisher.closedBecause(route)
    const answer =
      closed === undefined
        ? await this.#publisher.publish(each, route)
        : ({ confirmed: false, reason: closed } as const)
    if (answer.confirmed) {
      this.#reader.ack(each.message)
      addTo(this.#replayed, route.queue)
      return
    }
    const messages = (this.#refused.get(route.queue)?.messages ?? 0) + 1
    this.#refused.set(route.queue, { messages, reason: answer.reason })
  }

  async #turn(): Promise<void> {
    if (!this.#pace || this.#order.dryRun) return
    for (let wait = this.#pace.take(); wait > 0; wait = this.#pace.take()) {
      await sleep(wait, undefined, { signal: this.#order.signal }).catch(() => undefined)
      if (this.#order.signal?.aborted) return
    }
  }

  #result(stopped: Replayed['stopped']): Replayed {
    return {
      looked: this.#looked,
      replayed: [...this.#replayed].map(([queue, messages]) => ({ queue, messages })),
      left: {
        notMeant: this.#notMeant,
        unknownQueue: this.#unknownQueue,
        refused: [...this.#refused].map(([queue, each]) => ({ queue, ...each })),
      },
      ...(stopped && { stopped }),
    }
  }
}

function addTo(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, each) => total + each, 0)
}
