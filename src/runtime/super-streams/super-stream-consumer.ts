import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import { brokerReason, replyCode } from '../../diagnostics/broker-reason.ts'
import { errorCodeOf } from '../../diagnostics/error-code.ts'
import type { PartitionSharing, SharedPartition } from '../../model/routes.ts'
import { ClosedError } from '../connection/reconnecting-connection.ts'
import { consumeSettings } from '../consume/consume-options.ts'
import { drained } from '../consume/consume-session.ts'
import { buildConsumer, consumeRefused, DEFAULT_DEADLINE } from '../consume/consumer.ts'
import type { ConsumerParts, RunningConsumer } from '../consume/consumer.ts'
import { pause } from '../pause.ts'
import { missingError, RouteError } from '../routes/route-error.ts'
import { RouteCheck } from '../routes/verify-routes.ts'
import type { ConsumerEnd } from '../runtime-types.ts'
import { fairShare, wantedPartitions } from './fair-share.ts'
import { HeldPartition } from './held-partition.ts'
import { PartitionLock } from './partition-lock.ts'
import { WorkerPresence } from './worker-presence.ts'

/** The time between two rounds in milliseconds, with jitter, so that workers that start together do not stay in step. */
const ROUND = { least: 1_000, most: 2_000 }

/**
 * A running subscription to a super stream: one of several workers that share its partitions. In rounds, it compares its
 * partitions with those that it should have, gives some up or takes free ones. Each partition is consumed like a stream
 * of its own, while this worker holds its lock.
 */
export class SuperStreamConsumer implements RunningConsumer {
  readonly stopped: Promise<ConsumerEnd>
  readonly #parts: ConsumerParts
  readonly #sharing: PartitionSharing
  readonly #held = new Map<string, HeldPartition>()
  readonly #stopping = new AbortController()
  #presence: WorkerPresence | undefined
  /** Why the last round failed, so that it is reported once. */
  #reason: string | undefined
  #ended: (end: ConsumerEnd) => void = () => undefined

  /** Throws a `RouteError` for options that cannot be used. */
  constructor(parts: ConsumerParts, sharing: PartitionSharing) {
    const { rateLimit } = consumeSettings(parts.subscription, parts.options)
    // All partitions of a worker share its limit.
    this.#parts = { ...parts, options: { ...parts.options, ...(rateLimit && { rateLimit }) } }
    this.#sharing = sharing
    this.stopped = new Promise((resolve) => (this.#ended = resolve))
  }

  get subscription(): string {
    return this.#parts.subscription.name
  }

  /** A worker without partitions is up while it can see the others. */
  get isUp(): boolean {
    const isPresent = this.#presence?.isLive === true && !this.#stopping.signal.aborted
    return isPresent && [...this.#held.values()].every((each) => each.isUp || each.isReleasing)
  }

  get stopping(): AbortSignal {
    return this.#stopping.signal
  }

  async start(): Promise<void> {
    for (;;) {
      const connection = await this.#parts.connection.ready()
      try {
        await this.#verify(connection)
        await this.#round(connection)
        break
      } catch (error) {
        const final = this.#finalError(error, connection)
        if (final) {
          await this.stop({ deadline: 0 })
          throw final
        }
        this.#report(error)
      }
      await this.#pause()
      if (this.#stopping.signal.aborted) throw new ClosedError()
    }
    void this.#keepSharing()
  }

  stop({ deadline = DEFAULT_DEADLINE }: { deadline?: number } = {}): Promise<ConsumerEnd> {
    return this.#end(deadline, undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #end(deadline: number, error: Error | undefined): Promise<ConsumerEnd> {
    if (!this.#stopping.signal.aborted) {
      this.#stopping.abort()
      const ends = await Promise.all([...this.#held.values()].map((each) => each.release(deadline)))
      await this.#presence?.leave()
      this.#ended({ ...drained(ends), error })
    }
    return this.stopped
  }

  async #keepSharing(): Promise<void> {
    for (;;) {
      await this.#pause()
      if (this.#stopping.signal.aborted) return
      const connection = this.#parts.connection.current
      if (!connection) continue
      try {
        await this.#round(connection)
        this.#reason = undefined
      } catch (error) {
        this.#report(error)
      }
    }
  }

  async #round(connection: OpenConnection): Promise<void> {
    if (this.#presence?.isLive !== true) this.#presence = await WorkerPresence.join(connection, this.#sharing)
    const presence = this.#presence
    try {
      await this.#adjust(connection, presence)
    } finally {
      // A stop does not wait for a round, which may wait for the broker.
      if (this.#stopping.signal.aborted) await presence.leave()
    }
  }

  async #adjust(connection: OpenConnection, presence: WorkerPresence): Promise<void> {
    const partitions = this.#sharing.partitions.length
    const workers = await presence.workers()
    const isOtherWaiting = await presence.isOtherWaiting()
    const mine = [...this.#held.values()].filter(({ isReleasing }) => !isReleasing)
    const wanted = wantedPartitions({ partitions, workers, held: mine.length, isOtherWaiting })
    await Promise.all(mine.slice(wanted).map((each) => this.#release(each, 'another worker has too few partitions')))
    if (mine.length < wanted) await this.#takeFree(connection, presence, wanted)
    await presence.wait(this.#held.size < fairShare({ partitions, workers }))
  }

  /** Takes free partitions until there are `wanted`. Begins anywhere, so that workers do not all try the same one. */
  async #takeFree(connection: OpenConnection, presence: WorkerPresence, wanted: number): Promise<void> {
    const { partitions } = this.#sharing
    const first = Math.floor(Math.random() * partitions.length)
    for (const partition of [...partitions.slice(first), ...partitions.slice(0, first)]) {
      if (this.#held.size >= wanted || this.#stopping.signal.aborted) return
      if (this.#held.has(partition.queue) || !(await presence.isFree(partition.lock))) continue
      const lock = await PartitionLock.acquire(connection, partition.lock)
      if (lock) await this.#hold(partition, lock)
    }
  }

  async #hold(partition: SharedPartition, lock: PartitionLock): Promise<void> {
    if (this.#stopping.signal.aborted) return lock.release()
    const { sharing: _, ...subscription } = { ...this.#parts.subscription, queue: partition.queue }
    const held = new HeldPartition(partition, lock, buildConsumer({ ...this.#parts, subscription }))
    this.#held.set(held.queue, held)
    // Another worker may have begun already, so running handlers are aborted.
    void held.lost.then((reason) => this.#release(held, reason, 0))
    void held.stopped.then(({ error }) => error && this.#end(DEFAULT_DEADLINE, error))
    try {
      await held.start()
    } catch (error) {
      this.#held.delete(held.queue)
      throw error
    }
  }

  async #release(held: HeldPartition, reason: string, deadline: number = DEFAULT_DEADLINE): Promise<void> {
    if (held.isReleasing || !this.#held.has(held.queue)) return
    const { events } = this.#parts
    events.emit('partitionReleased', { subscription: this.subscription, queue: held.queue, reason })
    await held.release(deadline)
    this.#held.delete(held.queue)
  }

  async #verify(connection: OpenConnection): Promise<void> {
    const check = new RouteCheck(connection)
    try {
      const error = missingError((await check.subscription(this.#parts.subscription)).missing)
      if (error) throw error
    } finally {
      await check.close()
    }
  }

  /** The error with which the start fails, unless another attempt may succeed. */
  #finalError(error: unknown, connection: OpenConnection): Error | undefined {
    if (error instanceof RouteError || error instanceof ClosedError) return error
    if (error instanceof Error && errorCodeOf(error) === 'OFFSETS_UNAVAILABLE') return error
    if (replyCode(error) === undefined || connection.isGone) return undefined
    return consumeRefused(this.#parts.subscription, error)
  }

  #report(error: unknown): void {
    const reason = brokerReason(error)
    if (reason === this.#reason || this.#stopping.signal.aborted) return
    this.#reason = reason
    const { name, queue } = this.#parts.subscription
    this.#parts.events.emit('consumerDown', { subscription: name, queue, reason })
  }

  #pause(): Promise<void> {
    const { least, most } = ROUND
    return pause(least + Math.random() * (most - least), this.#stopping.signal)
  }
}
