import { asError } from '../../diagnostics/thrown.ts'
import type { IdempotencyStore } from '../idempotency/idempotency-store.ts'
import type { Clock, ClockTimer } from '../clock.ts'
import { aboutDelivery } from '../failure/failure.ts'
import type { Incoming } from '../consume/incoming.ts'
import type { RuntimeEmitter } from '../events/runtime-events.ts'

/** How long a store may take to answer, in milliseconds. */
const PATIENCE = 10_000

/** A message that is this handler's alone, while the claim is renewed. */
export class IdempotencyClaim {
  readonly #parts: ClaimParts
  readonly #incoming: Incoming
  readonly #key: string
  readonly #holder: string
  readonly #clock: Clock
  /** Undefined once the claim is given up. */
  #timer: ClockTimer | undefined
  #renewal: Promise<void> = Promise.resolve()

  constructor(parts: ClaimParts, incoming: Incoming, key: string, holder: string) {
    this.#parts = parts
    this.#incoming = incoming
    this.#key = key
    this.#holder = holder
    this.#clock = incoming.session.clock
    this.#renewLater()
  }

  #renewLater(): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#renewLater()
      this.#renewal = this.#renew()
    }, this.#parts.lease / 3)
    this.#timer.unref()
  }

  /** The work is done: what comes again is a duplicate. Never rejects; a store that does not answer is told as an event. */
  async complete(): Promise<void> {
    this.#clock.clearTimeout(this.#timer)
    const { store, ttl } = this.#parts
    await this.#told(() => store.complete(this.#key, this.#holder, ttl))
  }

  /** The work has failed: whoever gets the message next may begin. Never rejects; at worst the claim runs out. */
  async release(): Promise<void> {
    this.#clock.clearTimeout(this.#timer)
    await this.#told(() => this.#parts.store.release(this.#key, this.#holder))
  }

  async #renew(): Promise<void> {
    try {
      const answer = await this.#parts.store.claim(this.#key, this.#holder, this.#parts.lease)
      if (answer === 'claimed') return
      this.#clock.clearTimeout(this.#timer)
      this.#incoming.abort(new Error('the claim of the message ran out, and another worker has it now'))
    } catch {
      // The next renewal tries again; if the store stays away, the claim runs out, and the message may be done twice.
    }
  }

  /** After a renewal that is still under way: one that came later would claim what has just been freed. */
  async #told(tell: () => Promise<void>): Promise<void> {
    try {
      await withPatience(this.#clock, this.#renewal.then(tell), () => undefined)
    } catch (error) {
      this.#parts.events.emit('idempotencyFailed', {
        ...aboutDelivery(this.#parts.subscription, this.#incoming),
        error: asError(error),
      })
    }
  }
}

interface ClaimParts {
  readonly store: IdempotencyStore
  readonly lease: number
  readonly ttl: number
  readonly subscription: string
  readonly events: RuntimeEmitter
}

/** Rejects when a store takes too long, since clients may wait for ever for a server that is gone. */
export async function withPatience<T>(clock: Clock, answer: Promise<T>, onLate: () => void): Promise<T> {
  let timer: ClockTimer | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = clock.setTimeout(() => {
      onLate()
      reject(new Error(`the idempotency store has not answered within ${PATIENCE} ms`))
    }, PATIENCE)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clock.clearTimeout(timer)
  }
}
