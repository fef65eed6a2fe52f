import { isAtLeast } from '../../model/broker-version.ts'
import type { QueueSettings } from './queue-settings.ts'
import type { Message } from './vhost-model.ts'

/** A message that waits in a queue. */
export interface Waiting<T> {
  readonly item: T
  readonly message: Message
  /** When its time to live ends; absent where it waits for ever. In milliseconds, on the clock of the caller. */
  readonly expiresAt?: number
}

/** From this priority on, a quorum queue of 4.x takes a message for an important one (rabbit_fifo). */
const IMPORTANT = 5

/**
 * The ready messages of one queue, in the order in which it would deliver them. Time counts for the first one only:
 * the broker looks at no message behind it.
 */
export class QueueContents<T> {
  readonly settings: QueueSettings
  readonly #lanes = new Map<number, Waiting<T>[]>()
  readonly #version: string
  #count = 0
  #bytes = 0

  constructor(settings: QueueSettings, version: string) {
    this.settings = settings
    this.#version = version
  }

  get count(): number {
    return this.#count
  }

  /**
   * Whether the queue refuses the next message of a publisher that waits for confirms. A classic queue counts that message,
   * a quorum queue only what it holds.
   */
  refuses({ bytes = 0 }: Message): boolean {
    const { maxLength = Infinity, maxLengthBytes = Infinity, overflow, type } = this.settings
    if (overflow === 'drop-head' || type === 'stream') return false
    if (type === 'quorum') return this.#count > maxLength
    return this.#count + 1 > maxLength || this.#bytes + bytes > maxLengthBytes
  }

  /** Whether it holds more than its limit, so that it gives up the first message. */
  get isOverfull(): boolean {
    const { maxLength = Infinity, maxLengthBytes = Infinity, overflow, type } = this.settings
    if (overflow !== 'drop-head' || type === 'stream') return false
    return this.#count > maxLength || this.#bytes > maxLengthBytes
  }

  add(item: T, message: Message, now: number): void {
    const lifetimes = [this.settings.messageTtl, message.expiration].filter((each) => each !== undefined)
    const waiting = { item, message, ...(lifetimes.length > 0 && { expiresAt: now + Math.min(...lifetimes) }) }
    const lane = this.#laneOf(message)
    const messages = this.#lanes.get(lane)
    if (messages === undefined) this.#lanes.set(lane, [waiting])
    else messages.push(waiting)
    this.#count += 1
    this.#bytes += message.bytes ?? 0
  }

  /** The message that it would deliver next. */
  get first(): Waiting<T> | undefined {
    return this.#firstLane()?.[0]
  }

  /** Takes it. It is also the one that a queue gives up when it is too long. */
  takeFirst(): Waiting<T> | undefined {
    const taken = this.#firstLane()?.shift()
    if (taken === undefined) return undefined
    this.#count -= 1
    this.#bytes -= taken.message.bytes ?? 0
    return taken
  }

  /** The messages in the order of delivery. */
  all(): readonly Waiting<T>[] {
    return [...this.#lanes].toSorted(([a], [b]) => b - a).flatMap(([, messages]) => messages)
  }

  #firstLane(): Waiting<T>[] | undefined {
    return [...this.#lanes].filter(([, { length }]) => length > 0).toSorted(([a], [b]) => b - a)[0]?.[1]
  }

  /** A classic queue has a lane for each priority up to its maximum, a quorum queue of 4.x has two. */
  #laneOf({ priority = 0 }: Message): number {
    const { type, maxPriority } = this.settings
    if (type === 'classic') return Math.min(priority, maxPriority ?? 0)
    return type === 'quorum' && isAtLeast(this.#version, '4.0.0') && priority >= IMPORTANT ? 1 : 0
  }
}
