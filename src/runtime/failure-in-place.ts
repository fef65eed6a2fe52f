import type { FailureRule } from '../model/routes.ts'
import { growingPause, HOLD } from './backoff.ts'
import { aboutFailure } from './failure.ts'
import type { Failure, FailureHandling } from './failure.ts'
import type { Incoming } from './incoming.ts'
import { pause } from './pause.ts'
import { askedDelay, asksForNoRetry } from './retry-hints.ts'
import { RouteError } from './route-error.ts'
import type { RuntimeEmitter } from './runtime-events.ts'
import { failureText } from './warren-headers.ts'

type InPlaceRule = Extract<FailureRule, { kind: 'onFailure' }>

/**
 * How long a delivery is held for being tried again, in milliseconds. The broker takes the channel away
 * from who keeps a delivery for 30 minutes (`consumer_timeout`), and the last try needs some of that.
 */
const LONGEST_HOLD = 15 * 60_000

/** A handler that asks for a later time gets the message earlier: it can be held no longer. In milliseconds. */
const LONGEST_PAUSE = 5 * 60_000

/** How many returns a quorum queue of RabbitMQ 4 takes that sets no delivery limit; the next one drops the message. */
const DEFAULT_DELIVERY_LIMIT = 20

/** What the queue does with what is given back to it. */
export interface ReturnRule {
  /** `stream` keeps no count and takes nothing back; anything but `classic` may count and drop. */
  readonly queueType: string | undefined
  /** The broker's version: before 4.0 a quorum queue without a limit drops nothing. */
  readonly brokerVersion: () => string
}

/** What happens to what failed on a queue with neither `retry` nor `deadLetter`: `onFailure` decides. */
export class FailureInPlace implements FailureHandling {
  readonly parksPoison = false
  readonly #subscription: string
  readonly #rule: InPlaceRule
  readonly #returns: ReturnRule
  readonly #events: RuntimeEmitter
  readonly #stop: (error: Error) => void

  constructor(
    subscription: string,
    rule: InPlaceRule,
    returns: ReturnRule,
    events: RuntimeEmitter,
    stop: (error: Error) => void,
  ) {
    this.#subscription = subscription
    this.#rule = rule
    this.#returns = returns
    this.#events = events
    this.#stop = stop
  }

  failed(incoming: Incoming, failure: Failure): void {
    incoming.stage = 'failing'
    if (failure.reason === 'invalid') return this.#stopAt(incoming, failure, 'cannot read a message')
    if (this.#rule.action === 'discard') {
      if (incoming.ack()) this.#events.emit('discarded', aboutFailure(this.#subscription, incoming, failure))
      return
    }
    if (this.#rule.action === 'stop') return this.#stopAt(incoming, failure, 'failed on a message (onFailure: stop)')
    if (asksForNoRetry(failure.error)) return this.#stopAt(incoming, failure, 'may not retry a message')
    void this.#again(incoming, failure)
  }

  async #again(incoming: Incoming, failure: Failure): Promise<void> {
    const { session } = incoming
    if (session.isDraining) {
      incoming.handBack()
      return
    }
    const about = aboutFailure(this.#subscription, incoming, failure)
    const delay = Math.min(askedDelay(failure.error) ?? growingPause(HOLD, incoming.failedHere), LONGEST_PAUSE)
    if (performance.now() - incoming.receivedAt + delay > LONGEST_HOLD) {
      const left = this.#returnsLeft(incoming)
      // The stop returns the message, too. At the last return that the queue takes, the consumer has to end.
      if (left === 1) return this.#stopAt(incoming, failure, 'has failed on a message for too long')
      if (left > 1) {
        incoming.handBack()
        this.#events.emit('retried', { ...about, delay: 0 })
        return
      }
      // Every return would lose it: all that can be done is to go on trying.
    }
    incoming.stage = 'pausing'
    incoming.failedHere++
    this.#events.emit('retried', { ...about, delay })
    await pause(delay, session.over)
    if (session.isLive) session.runAgain(incoming)
  }

  /** How often the queue still takes the message back before it drops it. */
  #returnsLeft(incoming: Incoming): number {
    const { queueType, brokerVersion } = this.#returns
    if (queueType === 'stream') return 0
    if (queueType === 'classic') return Infinity
    const limit = this.#rule.deliveryLimit
    if (limit === undefined && Number.parseInt(brokerVersion(), 10) < 4) return Infinity
    return Math.max(0, (limit ?? DEFAULT_DELIVERY_LIMIT) - incoming.returns)
  }

  #stopAt(incoming: Incoming, failure: Failure, what: string): void {
    const id = incoming.messageId === undefined ? 'without an id' : JSON.stringify(incoming.messageId)
    this.#stop(
      new RouteError(
        this.#subscription,
        `subscription "${this.#subscription}" ${what} (${id}) and has stopped: ${failureText(failure.error)}`,
        `declare deadLetter on the queue "${incoming.queue}", and such messages are put aside instead of stopping the consumer`,
        failure.error,
      ),
    )
    // Only now, when the consumer is cancelled: it would get the message again.
    incoming.handBack()
  }
}
