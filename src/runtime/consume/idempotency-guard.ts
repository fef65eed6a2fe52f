import { withCode } from '../../diagnostics/error-code.ts'
import { asError } from '../../diagnostics/thrown.ts'
import type { IdempotencyStore, LeaseAnswer } from '../idempotency/idempotency-store.ts'
import type { Clock, ClockTimer } from '../clock.ts'
import { aboutDelivery } from '../failure/failure.ts'
import type { Delivery } from './delivery.ts'
import type { RuntimeEmitter } from '../events/runtime-events.ts'
import { createHash, randomUUID } from 'node:crypto'
import { growingPause } from '../connection/backoff.ts'
import type { Growth } from '../connection/backoff.ts'
import type { FailureHandling } from '../failure/failure-handling.ts'
import { pause } from '../pause.ts'
import { withDeadline } from '../with-deadline.ts'

/** How long a store may take to answer, in milliseconds. */
const STORE_TIMEOUT = 10_000

/** The exclusive right of one handler to work on a message, renewed until the handler ends. */
export class IdempotencyLease {
  readonly #parts: LeaseParts
  readonly #delivery: Delivery
  readonly #key: string
  readonly #holder: string
  readonly #clock: Clock
  /** Undefined once the lease is given up. */
  #timer: ClockTimer | undefined
  #renewal: Promise<void> = Promise.resolve()

  constructor(parts: LeaseParts, delivery: Delivery, key: string, holder: string) {
    this.#parts = parts
    this.#delivery = delivery
    this.#key = key
    this.#holder = holder
    this.#clock = delivery.session.clock
    this.#renewLater()
  }

  #renewLater(): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#renewLater()
      this.#renewal = this.#renew()
    }, this.#parts.lease / 3)
    this.#timer.unref()
  }

  /** Marks the message as done, so that later deliveries of it are duplicates. Never rejects; a store that fails is reported as an event. */
  async complete(): Promise<void> {
    this.#clock.clearTimeout(this.#timer)
    const { store, ttl } = this.#parts
    await this.#update(() => store.complete(this.#key, this.#holder, ttl))
  }

  /** Frees the message for the next attempt. Never rejects; if the store fails, the lease expires. */
  async release(): Promise<void> {
    this.#clock.clearTimeout(this.#timer)
    await this.#update(() => this.#parts.store.release(this.#key, this.#holder))
  }

  async #renew(): Promise<void> {
    try {
      const answer = await this.#parts.store.acquire(this.#key, this.#holder, this.#parts.lease)
      if (answer === 'acquired') return
      this.#clock.clearTimeout(this.#timer)
      this.#delivery.abort(
        withCode('IDEMPOTENCY_LOST', new Error('the lease of the message expired, and another worker holds it now')),
      )
    } catch {
      // The next renewal tries again. If the store remains unreachable, the lease expires, and the message may be
      // handled twice.
    }
  }

  /** Waits for a renewal in progress first, because otherwise it would acquire the released lease again. */
  async #update(write: () => Promise<void>): Promise<void> {
    try {
      await withDeadline(this.#clock, this.#renewal.then(write), STORE_TIMEOUT, tooLate)
    } catch (error) {
      this.#parts.events.emit('idempotencyFailed', {
        ...aboutDelivery(this.#parts.subscription, this.#delivery),
        error: asError(error),
      })
    }
  }
}

interface LeaseParts {
  readonly store: IdempotencyStore
  readonly lease: number
  readonly ttl: number
  readonly subscription: string
  readonly events: RuntimeEmitter
}

function tooLate(): Error {
  return withCode(
    'IDEMPOTENCY_UNAVAILABLE',
    new Error(`the idempotency store did not answer within ${STORE_TIMEOUT} ms`),
  )
}

/** Between two attempts to acquire a lease, in milliseconds. */
const ACQUIRE_AGAIN: Growth = { first: 250, most: 5_000 }

/** How long a delivery may wait for its lease, in milliseconds; the broker requeues it after 30 minutes. */
const LONGEST_HOLD = 15 * 60_000

/** Keys that every store accepts unchanged. */
const PLAIN = /^[\x20-\x7e]{1,250}$/

/** The parts of a guard. */
export interface GuardParts {
  readonly store: IdempotencyStore
  /** How long a lease lasts without being renewed, in milliseconds. */
  readonly lease: number
  /** How long a message remains marked as done, in milliseconds. */
  readonly ttl: number
  readonly subscription: string
  /** Part of the key: one message may reach several queues, and is separate work in each of them. */
  readonly scope: string
  readonly failures: FailureHandling
  readonly events: RuntimeEmitter
}

/** Lets the handler run once for each message, as far as the store knows. */
export class IdempotencyGuard {
  readonly #parts: GuardParts
  readonly #attempts = new WeakMap<Delivery, number>()

  constructor(parts: GuardParts) {
    this.#parts = parts
  }

  /** Resolves with the lease, or with the reason why the handler must not run; the delivery is then settled or waits. */
  async acquire(delivery: Delivery, key: string): Promise<IdempotencyLease | 'duplicate' | 'later'> {
    const { store, lease, subscription, events } = this.#parts
    const stored = storedKey(this.#parts.scope, key)
    const holder = randomUUID()
    let answer: LeaseAnswer
    try {
      const asked = store.acquire(stored, holder, lease)
      answer = await withDeadline(delivery.session.clock, asked, STORE_TIMEOUT, () => {
        // A lease that arrives too late is not used, so it is released.
        asked.then(() => store.release(stored, holder)).catch(() => undefined)
        return tooLate()
      })
    } catch (error) {
      events.emit('idempotencyFailed', { ...aboutDelivery(subscription, delivery), error: asError(error) })
      return this.#again(delivery, asError(error))
    }
    if (answer === 'busy') {
      return this.#again(
        delivery,
        withCode('IDEMPOTENCY_LOST', new Error('another worker has held this message for a quarter of an hour')),
      )
    }
    if (answer === 'done') {
      if (!delivery.ack()) return 'later'
      events.emit('duplicate', aboutDelivery(subscription, delivery))
      return 'duplicate'
    }
    const acquired = new IdempotencyLease(this.#parts, delivery, stored, holder)
    const { session } = delivery
    if (session.isLive && !session.isDraining && !delivery.isAborted) return acquired
    await acquired.release()
    delivery.requeue()
    return 'later'
  }

  /** Puts the delivery back in the line for a handler after a pause, during which it occupies no slot. */
  #again(delivery: Delivery, error: Error): 'later' {
    const { session } = delivery
    if (session.isDraining) {
      delivery.requeue()
      return 'later'
    }
    if (delivery.heldFor > LONGEST_HOLD) {
      if (session.isLive) this.#parts.failures.failed(delivery, { reason: 'error', error })
      return 'later'
    }
    const attempts = this.#attempts.get(delivery) ?? 0
    this.#attempts.set(delivery, attempts + 1)
    void runAgainLater(delivery, growingPause(ACQUIRE_AGAIN, attempts))
    return 'later'
  }
}

async function runAgainLater(delivery: Delivery, milliseconds: number): Promise<void> {
  const { session } = delivery
  delivery.stage = 'pausing'
  await pause(milliseconds, session.over, true, session.clock)
  if (session.isLive) session.runAgain(delivery)
}

function storedKey(scope: string, key: string): string {
  const full = `${scope}/${key}`
  return PLAIN.test(full) ? full : `sha256:${createHash('sha256').update(full).digest('hex')}`
}
