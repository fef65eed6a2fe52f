import { asError } from '../../diagnostics/thrown.ts'
import { createHash, randomUUID } from 'node:crypto'
import type { ClaimAnswer, IdempotencyStore } from '../idempotency/idempotency-store.ts'
import { growingPause } from '../connection/backoff.ts'
import type { Growth } from '../connection/backoff.ts'
import { aboutDelivery } from '../failure/failure.ts'
import type { FailureHandling } from '../failure/failure-handling.ts'
import { IdempotencyClaim, withPatience } from './idempotency-claim.ts'
import type { Incoming } from '../consume/incoming.ts'
import { pause } from '../pause.ts'
import type { RuntimeEmitter } from '../events/runtime-events.ts'

/** Between two tries to claim a message, in milliseconds. */
const CLAIM_AGAIN: Growth = { first: 250, most: 5_000 }

/** How long a delivery is held for being claimed, in milliseconds: the broker wants it back after 30 minutes. */
const LONGEST_HOLD = 15 * 60_000

/** Keys that any store takes as they are. */
const PLAIN = /^[\x20-\x7e]{1,250}$/

/** What a guard works with. */
export interface GuardParts {
  readonly store: IdempotencyStore
  /** How long a claim lasts without being renewed, in milliseconds. */
  readonly lease: number
  /** How long a message is known as done, in milliseconds. */
  readonly ttl: number
  readonly subscription: string
  /** The same message may come to several queues, and is another piece of work in each. */
  readonly scope: string
  readonly failures: FailureHandling
  readonly events: RuntimeEmitter
}

/** Lets the handler run once for each message, as far as the store knows: claims it, and tells it from what was done. */
export class IdempotencyGuard {
  readonly #parts: GuardParts
  readonly #tries = new WeakMap<Incoming, number>()

  constructor(parts: GuardParts) {
    this.#parts = parts
  }

  /** Resolves with the claim, or with why the handler must not run: the delivery is then taken care of. */
  async claim(incoming: Incoming, key: string): Promise<IdempotencyClaim | 'duplicate' | 'later'> {
    const { store, lease, subscription, events } = this.#parts
    const stored = storedKey(this.#parts.scope, key)
    const holder = randomUUID()
    let answer: ClaimAnswer
    try {
      const asked = store.claim(stored, holder, lease)
      answer = await withPatience(incoming.session.clock, asked, () => {
        // A claim that comes too late is nobody's.
        asked.then(() => store.release(stored, holder)).catch(() => undefined)
      })
    } catch (error) {
      events.emit('idempotencyFailed', { ...aboutDelivery(subscription, incoming), error: asError(error) })
      return this.#again(incoming, asError(error))
    }
    if (answer === 'busy') {
      return this.#again(incoming, new Error('another worker has held this message for a quarter of an hour'))
    }
    if (answer === 'done') {
      if (!incoming.ack()) return 'later'
      events.emit('duplicate', aboutDelivery(subscription, incoming))
      return 'duplicate'
    }
    const claim = new IdempotencyClaim(this.#parts, incoming, stored, holder)
    const { session } = incoming
    if (session.isLive && !session.isDraining && !incoming.isAborted) return claim
    await claim.release()
    incoming.requeue()
    return 'later'
  }

  /** Puts the delivery into the line again after a pause, in which it takes no slot. */
  #again(incoming: Incoming, error: Error): 'later' {
    const { session } = incoming
    if (session.isDraining) {
      incoming.requeue()
      return 'later'
    }
    if (incoming.heldFor > LONGEST_HOLD) {
      if (session.isLive) this.#parts.failures.failed(incoming, { reason: 'error', error })
      return 'later'
    }
    const tries = this.#tries.get(incoming) ?? 0
    this.#tries.set(incoming, tries + 1)
    void runAgainLater(incoming, growingPause(CLAIM_AGAIN, tries))
    return 'later'
  }
}

async function runAgainLater(incoming: Incoming, milliseconds: number): Promise<void> {
  const { session } = incoming
  incoming.stage = 'pausing'
  await pause(milliseconds, session.over, true, session.clock)
  if (session.isLive) session.runAgain(incoming)
}

function storedKey(scope: string, key: string): string {
  const full = `${scope}/${key}`
  return PLAIN.test(full) ? full : `sha256:${createHash('sha256').update(full).digest('hex')}`
}
