import { type PriorityRule, priorityRule } from './priority-rule.ts'
import type { QueueSettings } from '../queue-settings.ts'
import type { Message } from '../vhost-model.ts'

/** A message that is ready in a queue. */
export interface Waiting<T> {
  readonly item: T
  readonly message: Message
  /** How many messages the queue received before it. */
  readonly place: number
  /** When its time to live ends; absent if it never expires. In milliseconds, by the clock of the caller. */
  readonly expiresAt?: number
}

/** How many important messages a weighted queue delivers before it delivers another one (rabbit_fifo_q). */
const PREFERRED = 2

/** The ready messages of one queue, in the order of delivery. */
export class QueueContents<T> {
  readonly settings: QueueSettings
  readonly #rule: PriorityRule
  /** The messages by priority lane. A lane is never empty. */
  readonly #lanes = new Map<number, Waiting<T>[]>()
  #added = 0
  #count = 0
  #bytes = 0
  /** How many messages have left the queue since the last one that was not important. */
  #preferred = 0
  /** When a classic queue looks for expired messages next (rabbit_amqqueue_process: `ensure_ttl_timer`). */
  #timer = Infinity

  constructor(settings: QueueSettings, version: string) {
    this.settings = settings
    this.#rule = priorityRule(settings, version)
  }

  get count(): number {
    return this.#count
  }

  /**
   * Whether the queue refuses the next message of a publisher that waits for confirms. A classic queue includes that
   * message in the count; a quorum queue counts only the messages that it holds.
   */
  refuses({ bytes = 0 }: Message): boolean {
    const { maxLength = Infinity, maxLengthBytes = Infinity, overflow, type } = this.settings
    if (overflow === 'drop-head' || type === 'stream') return false
    if (type === 'quorum') return this.#count > maxLength
    return this.#count + 1 > maxLength || this.#bytes + bytes > maxLengthBytes
  }

  /** Whether the queue exceeds its limit, so that it drops or dead-letters the first message. */
  get isOverfull(): boolean {
    const { maxLength = Infinity, maxLengthBytes = Infinity, overflow, type } = this.settings
    if (overflow !== 'drop-head' || type === 'stream') return false
    return this.#count > maxLength || this.#bytes > maxLengthBytes
  }

  add(item: T, message: Message, now: number): Waiting<T> {
    const lifetimes = [this.settings.messageTtl, message.expiration].filter((each) => each !== undefined)
    const expires = lifetimes.length > 0 && { expiresAt: now + Math.min(...lifetimes) }
    const waiting = { item, message, place: this.#added, ...expires }
    const lane = this.#rule.laneOf(message.priority)
    const messages = this.#lanes.get(lane)
    if (messages === undefined) this.#lanes.set(lane, [waiting])
    else messages.push(waiting)
    this.#added += 1
    this.#count += 1
    this.#bytes += message.bytes ?? 0
    return waiting
  }

  /**
   * Takes the message that the queue would deliver next. A queue that is too long drops the same message. A consumer
   * may get a message whose time to live has ended.
   */
  takeFirst(): Waiting<T> | undefined {
    const lane = this.#firstLane()
    return lane === undefined ? undefined : this.#takeFrom(lane)
  }

  /**
   * Whether the queue looks for expired messages after it has received a message. A classic queue looks if that message
   * is the only one, or if it has evicted others and the message is not the only one or may expire
   * (rabbit_amqqueue_process: `deliver_or_enqueue`). So a message that overtakes the first one by its priority may stay
   * longer than its time to live.
   */
  looksAfter(added: Waiting<T>, hasEvicted: boolean): boolean {
    if (this.settings.type !== 'classic') return true
    const isAlone = this.#count === 1
    return hasEvicted ? !isAlone || added.expiresAt !== undefined : isAlone
  }

  /** When the queue looks for expired messages next. */
  get nextLook(): number | undefined {
    const at = this.settings.type === 'classic' ? this.#timer : this.#nextExpiry
    return at === Infinity ? undefined : at
  }

  /**
   * Looks for expired messages, and takes them. Only the first message can expire, on quorum queues of 4.3 the first of
   * each priority: the broker does not check messages behind these.
   */
  takeExpired(now: number): readonly Waiting<T>[] {
    const taken: Waiting<T>[] = []
    const isExpired = (lane: number) => (this.#headOf(lane)?.expiresAt ?? Infinity) <= now
    for (let lane = this.#expiring().find(isExpired); lane !== undefined; lane = this.#expiring().find(isExpired)) {
      const expired = this.#takeFrom(lane)
      if (expired !== undefined) taken.push(expired)
    }
    const pending = this.#timer <= now ? Infinity : this.#timer
    this.#timer = Math.min(pending, this.#nextExpiry)
    return taken
  }

  /** The messages in the order of delivery. */
  all(): readonly Waiting<T>[] {
    const copy = this.#copy()
    return Array.from({ length: this.#count }, () => copy.takeFirst()).filter((each) => each !== undefined)
  }

  get #nextExpiry(): number {
    return Math.min(...this.#expiring().map((lane) => this.#headOf(lane)?.expiresAt ?? Infinity))
  }

  /** The lanes whose first message may expire, the one that is delivered first in front. */
  #expiring(): readonly number[] {
    if (this.#rule.eachLaneExpires) return [...this.#lanes.keys()].toSorted((a, b) => b - a)
    const first = this.#firstLane()
    return first === undefined ? [] : [first]
  }

  #firstLane(): number | undefined {
    if (this.#count === 0) return undefined
    const [highest, lowest] = [Math.max(...this.#lanes.keys()), Math.min(...this.#lanes.keys())]
    if (!this.#rule.isWeighted || highest === lowest || this.#preferred < PREFERRED) return highest
    const [important, other] = [this.#headOf(highest), this.#headOf(lowest)]
    return important !== undefined && other !== undefined && important.place < other.place ? highest : lowest
  }

  #headOf(lane: number): Waiting<T> | undefined {
    return this.#lanes.get(lane)?.[0]
  }

  #takeFrom(lane: number): Waiting<T> | undefined {
    const messages = this.#lanes.get(lane)
    const taken = messages?.shift()
    if (taken === undefined) return undefined
    if (messages?.length === 0) this.#lanes.delete(lane)
    this.#count -= 1
    this.#bytes -= taken.message.bytes ?? 0
    this.#preferred = this.#preferred === PREFERRED ? 0 : this.#preferred + 1
    return taken
  }

  #copy(): QueueContents<T> {
    const copy = new QueueContents<T>(this.settings, this.#rule.version)
    for (const [lane, messages] of this.#lanes) copy.#lanes.set(lane, [...messages])
    copy.#count = this.#count
    copy.#preferred = this.#preferred
    return copy
  }
}
