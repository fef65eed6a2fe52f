import { addressOf } from '../../../model/address.ts'
import type { DeathReason } from '../deaths.ts'
import { EventQueue } from './event-queue.ts'
import { QueueContents, type Waiting } from './queue-contents.ts'
import type { PossibleSettings } from '../queue-settings.ts'
import { type Doubt, type Reach, isCertain } from '../reach.ts'
import type { Message, VhostModel } from '../vhost-model.ts'

/** An event on the route of a message. `Item` is the caller's identifier of the message. */
export type RoutingEvent<Item> =
  | { readonly kind: 'arrived'; readonly item: Item; readonly queue: string }
  /** The publisher gets it back: it is unroutable. */
  | { readonly kind: 'unroutable'; readonly item: Item }
  /** A full queue refuses it, and the publisher gets no confirm. */
  | { readonly kind: 'refused'; readonly item: Item; readonly queue: string }
  | { readonly kind: 'dead-lettered'; readonly item: Item; readonly queue: string; readonly reason: DeathReason }
  | { readonly kind: 'lost'; readonly item: Item; readonly queue: string; readonly because: Loss }
  /** Its queue keeps it until its target accepts it. */
  | { readonly kind: 'held'; readonly item: Item; readonly queue: string }
  /** From this point on, it is unknown what happens to it. */
  | { readonly kind: 'uncertain'; readonly item: Item; readonly because: readonly Doubt[] }

/** Why a message was lost. */
export type Loss =
  | { readonly kind: 'no-dead-letter-exchange'; readonly reason: DeathReason }
  | { readonly kind: 'dead-letter-unroutable'; readonly reason: DeathReason }
  | { readonly kind: 'cycle'; readonly reason: DeathReason; readonly target: string }
  /** A dead letter that its target refuses. */
  | { readonly kind: 'refused'; readonly target: string }

/**
 * The events that may happen later than planned: a published message or a dead letter arrives in a queue, or a
 * message expires.
 */
export type Late = 'publish' | 'dead-letter' | 'expiry'

/** The callbacks and assumptions of a simulation. */
export interface SimulationOptions<Item> {
  readonly onEvent?: (event: RoutingEvent<Item>) => void
  /**
   * How much later than planned an event happens, in milliseconds; called for each event. Default: 0, so that all
   * events happen in order, and a message arrives in all of its queues before one of them drops or dead-letters it. The
   * broker does not guarantee this order, because each queue is a separate process. Random values show whether a result
   * depends on the order.
   */
  readonly lateness?: (of: Late) => number
}

/**
 * The sender of a message to a queue. A queue with at-least-once dead letters holds messages that the target refuses.
 */
type Sender = 'publisher' | 'queue' | { readonly holder: string }

/** A future event: a dead letter arrives in a queue, or a queue looks for expired messages. */
type Coming<Item> =
  | { readonly kind: 'arrival'; readonly happen: () => void }
  | { readonly kind: 'look'; readonly queue: string; readonly contents: QueueContents<Item> }

/**
 * Publishes messages to the queues of a model, one at a time. Each is confirmed before the next. Messages are
 * consumed only when the caller takes them, and time advances only when the caller says so.
 */
export class Simulation<Item> {
  readonly #model: VhostModel
  readonly #queues = new Map<string, QueueContents<Item>>()
  readonly #onEvent: (event: RoutingEvent<Item>) => void
  readonly #lateness: (of: Late) => number
  /** A dead letter arrives in all of its queues before any of them drops it. */
  readonly #coming = new EventQueue<Coming<Item>>()
  #now = 0

  constructor(model: VhostModel, { onEvent = () => {}, lateness = () => 0 }: SimulationOptions<Item> = {}) {
    this.#model = model
    this.#onEvent = onEvent
    this.#lateness = lateness
  }

  /** The time that has passed, in milliseconds. */
  get now(): number {
    return this.#now
  }

  /** @param exchange its name; empty for the default exchange */
  publish(exchange: string, message: Message, item: Item): void {
    const reach = this.#model.route(exchange, message)
    if (!isCertain(reach)) return this.#doubt(item, reach)
    if (reach.queues.length === 0) return this.#onEvent({ kind: 'unroutable', item })
    const arrivals = reach.queues.map((name) => ({ name, at: this.#now + this.#lateness('publish') }))
    for (const { name, at } of arrivals) {
      this.#coming.add(at, { kind: 'arrival', happen: () => this.#arrive(name, message, item, 'publisher') })
    }
    this.letTimePass(Math.max(...arrivals.map(({ at }) => at)))
  }

  /** Puts a message directly into one queue, like a publisher whose message reaches only this queue. */
  put(queue: string, message: Message, item: Item): void {
    this.#arrive(queue, message, item, 'publisher')
    this.letTimePass(this.#now)
  }

  /** The items in a queue, in the order of delivery. */
  itemsIn(queue: string): readonly Item[] {
    return (
      this.#queues
        .get(queue)
        ?.all()
        .map(({ item }) => item) ?? []
    )
  }

  /** The names of the queues that hold messages. */
  get occupied(): readonly string[] {
    return [...this.#queues]
      .filter(([, { count }]) => count > 0)
      .map(([name]) => name)
      .toSorted()
  }

  /** Takes the first message of a queue, like a consumer that acknowledges it; undefined if there is none. */
  takeFirst(queue: string): Item | undefined {
    const contents = this.#queues.get(queue)
    const taken = contents && this.#consume(queue, contents)
    // The next one may have expired long ago.
    this.letTimePass(this.#now)
    return taken?.item
  }

  /**
   * Drops or dead-letters the first message of a queue, as if a consumer had rejected it or returned it too often.
   *
   * @returns whether there was a message
   */
  giveUpFirst(queue: string, reason: DeathReason): boolean {
    const contents = this.#queues.get(queue)
    if (contents === undefined) return false
    const first = this.#consume(queue, contents)
    if (first === undefined) return false
    this.#giveUp(queue, contents, first.message, first.item, reason)
    this.letTimePass(this.#now)
    return true
  }

  /**
   * Advances the clock until no more events are due, or up to a limit.
   *
   * @param until the time at which it stops at the latest, in milliseconds
   * @param steps the maximum number of events, because a message may circulate forever
   * @returns whether it stopped because of the maximum number of steps
   */
  letTimePass(until = Infinity, steps = 10_000): boolean {
    for (let step = 0; step < steps; step += 1) {
      const next = this.#next()
      if (next === undefined || next.at > until) {
        if (until !== Infinity) this.#now = Math.max(this.#now, until)
        return false
      }
      this.#now = Math.max(this.#now, next.at)
      this.#coming.removeFirst()
      next.happen()
    }
    return true
  }

  /** The next event: a dead letter arrives, or a queue looks for expired messages. */
  #next(): { readonly at: number; readonly happen: () => void } | undefined {
    for (;;) {
      const entry = this.#coming.first
      if (entry === undefined) return undefined
      const { at, event } = entry
      if (event.kind === 'arrival') return { at, happen: event.happen }
      const { queue, contents } = event
      // Otherwise it looks at another time, since the message has left or is behind another one.
      if (contents.nextLook === at) return { at, happen: () => this.#expire(queue, contents) }
      this.#coming.removeFirst()
    }
  }

  #expire(queue: string, contents: QueueContents<Item>): void {
    const expired = contents.takeExpired(this.#now)
    this.#watch(queue, contents)
    for (const { message, item } of expired) this.#giveUp(queue, contents, message, item, 'expired')
  }

  /** Has to be called whenever a queue may look for expired messages at another time. */
  #watch(queue: string, contents: QueueContents<Item>): void {
    const at = contents.nextLook
    if (at !== undefined) this.#coming.add(at, { kind: 'look', queue, contents })
  }

  /** Takes what a consumer gets. Then the queue looks for expired messages. */
  #consume(queue: string, contents: QueueContents<Item>): Waiting<Item> | undefined {
    const taken = contents.takeFirst()
    this.#expire(queue, contents)
    return taken
  }

  #arrive(name: string, message: Message, item: Item, from: Sender): void {
    const contents = this.#contentsOf(name, item)
    if (contents === undefined) return
    if (contents.refuses(message)) {
      const { overflow, type } = contents.settings
      // A dead letter needs no confirm unless it is at-least-once, so a quorum queue accepts it even above its limit.
      const takesAnyway = from === 'queue' && type === 'quorum'
      if (!takesAnyway) {
        if (from === 'publisher') this.#onEvent({ kind: 'refused', item, queue: name })
        if (overflow === 'reject-publish-dlx') this.#giveUp(name, contents, message, item, 'maxlen')
        else if (from === 'queue') this.#lose(item, name, { kind: 'refused', target: name })
        if (typeof from === 'object') this.#onEvent({ kind: 'held', item, queue: from.holder })
        return
      }
    }
    const added = contents.add(item, message, this.#now + this.#lateness('expiry'))
    this.#onEvent({ kind: 'arrived', item, queue: name })
    let hasEvicted = false
    while (contents.isOverfull) {
      const evicted = contents.takeFirst()
      if (evicted === undefined) break
      hasEvicted = true
      this.#giveUp(name, contents, evicted.message, evicted.item, 'maxlen')
    }
    if (contents.looksAfter(added, hasEvicted)) this.#expire(name, contents)
  }

  /** Undefined if the settings of the queue are unknown, or if it has a limit that cannot be simulated. */
  #contentsOf(name: string, item: Item): QueueContents<Item> | undefined {
    const known = this.#queues.get(name)
    if (known !== undefined) return known
    const possible = this.#model.settings(name)
    const [settings] = possible?.options ?? []
    if (possible === undefined || settings === undefined) return undefined
    const doubt = this.#doubtAbout(name, possible)
    if (doubt !== undefined) {
      this.#onEvent({ kind: 'uncertain', item, because: [doubt] })
      return undefined
    }
    const contents = new QueueContents<Item>(settings, this.#model.version)
    this.#queues.set(name, contents)
    return contents
  }

  /** The number of bytes that a quorum queue counts for a message is unknown. */
  #doubtAbout(name: string, { options, because }: PossibleSettings): Doubt | undefined {
    if (options.length > 1) return because
    const queue = this.#model.queue(name)
    const countsBytes = options.some(({ type, maxLengthBytes }) => type === 'quorum' && maxLengthBytes !== undefined)
    return countsBytes && queue !== undefined ? { kind: 'byte-limit', address: addressOf('queue', queue) } : undefined
  }

  #giveUp(name: string, contents: QueueContents<Item>, message: Message, item: Item, reason: DeathReason): void {
    const letter = this.#model.deadLetter(name, message, reason, contents.settings)
    if (letter === undefined) return this.#lose(item, name, { kind: 'no-dead-letter-exchange', reason })
    if (!isCertain(letter.reach)) return this.#doubt(item, letter.reach)
    if (letter.held) return this.#onEvent({ kind: 'held', item, queue: name })
    this.#onEvent({ kind: 'dead-lettered', item, queue: name, reason })
    for (const target of letter.cycles) this.#lose(item, name, { kind: 'cycle', reason, target })
    if (letter.reach.queues.length === 0 && letter.cycles.length === 0) {
      this.#lose(item, name, { kind: 'dead-letter-unroutable', reason })
    }
    for (const target of letter.reach.queues) {
      const from = contents.settings.atLeastOnce ? { holder: name } : 'queue'
      const happen = () => this.#arrive(target, letter.message, item, from)
      this.#coming.add(this.#now + this.#lateness('dead-letter'), { kind: 'arrival', happen })
    }
  }

  #lose(item: Item, queue: string, because: Loss): void {
    this.#onEvent({ kind: 'lost', item, queue, because })
  }

  #doubt(item: Item, reach: Reach): void {
    const because = [...reach.doubts, ...reach.choices.map((choice) => choice.because)]
    this.#onEvent({ kind: 'uncertain', item, because })
  }
}
