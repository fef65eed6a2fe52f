import type { FailureRule } from '../../model/routes.ts'
import { decideFailure } from './decide-failure.ts'
import type { StopCause } from './decide-failure.ts'
import { aboutFailure } from './failure.ts'
import type { Failure } from './failure.ts'
import type { FailureCopies } from './failure-copies.ts'
import type { Delivery } from '../consume/delivery.ts'
import { pause } from '../pause.ts'
import { RouteError } from '../routes/route-error.ts'
import type { RuntimeEmitter } from '../events/runtime-events.ts'
import { failureText } from '../../broker/amqp/messages/warren-headers.ts'

/** The parts of the failure handling. */
export interface FailureParts {
  readonly subscription: string
  readonly rule: FailureRule
  /**
   * A `stream` counts nothing and cannot requeue. Every type except `classic` may count deliveries and drop messages.
   */
  readonly queueType: string | undefined
  readonly brokerVersion: () => string
  readonly copies: FailureCopies
  readonly events: RuntimeEmitter
  /** Reports a failure to the sender of a request; absent for messages without a reply. */
  readonly answerFailure: AnswerFailure | undefined
  /** Ends the consumer. */
  readonly stop: (error: Error, failure: Failure) => void
}

/** Sends the failure of a request to its sender. Never rejects. */
export type AnswerFailure = (subscription: string, delivery: Delivery, failure: Failure) => Promise<void>

/** Executes the decisions about failed deliveries. It never throws, and settles each delivery at most once. */
export class FailureHandling {
  readonly #parts: FailureParts

  constructor(parts: FailureParts) {
    this.#parts = parts
  }

  /** Whether a message that repeatedly crashes its workers can be dead-lettered. */
  get parksPoison(): boolean {
    return this.#parts.rule.kind !== 'onFailure'
  }

  failed(delivery: Delivery, failure: Failure): void {
    delivery.stage = 'failing'
    const { subscription, rule, queueType, brokerVersion, copies, events } = this.#parts
    const { answerFailure } = this.#parts
    if (answerFailure && rule.kind === 'onFailure') return void this.#refuse(delivery, failure, answerFailure)
    const about = aboutFailure(subscription, delivery, failure)
    const decision = decideFailure(rule, failure, {
      retries: delivery.retries,
      failedHere: delivery.failedHere,
      heldFor: delivery.heldFor,
      returns: delivery.returns,
      isDraining: delivery.session.isDraining,
      queueType,
      brokerVersion: brokerVersion(),
    })
    // No further attempt can answer the sender.
    if (decision.kind === 'deadLetter' || decision.kind === 'discard')
      void answerFailure?.(subscription, delivery, failure)
    switch (decision.kind) {
      case 'delay': {
        const { exchange, delays } = decision
        const steps = delays.map(({ routingKey, delay }) => ({ exchange, routingKey, delay }))
        return void copies.move(delivery, failure, steps)
      }
      case 'deadLetter': {
        const { exchange, routingKey } = decision
        return void copies.move(delivery, failure, [{ exchange, routingKey, delay: undefined }])
      }
      case 'reject':
        if (delivery.reject()) events.emit('retried', { ...about, delay: decision.delay })
        return
      case 'discard':
        if (delivery.ack()) events.emit('discarded', about)
        return
      case 'runAgain':
        return void this.#runAgain(delivery, failure, decision.delay)
      case 'requeue':
        delivery.requeue()
        if (decision.because === 'held too long') events.emit('retried', { ...about, delay: 0 })
        return
      case 'stop':
        return this.#stopAt(delivery, failure, decision.cause)
    }
  }

  /** Without a ladder, the sender decides whether to ask again. */
  async #refuse(delivery: Delivery, failure: Failure, answerFailure: AnswerFailure): Promise<void> {
    const { subscription, events } = this.#parts
    const about = aboutFailure(subscription, delivery, failure)
    await answerFailure(subscription, delivery, failure)
    if (delivery.ack()) events.emit('requestFailed', about)
  }

  async #runAgain(delivery: Delivery, failure: Failure, delay: number): Promise<void> {
    const { session } = delivery
    const about = aboutFailure(this.#parts.subscription, delivery, failure)
    delivery.stage = 'pausing'
    delivery.failedHere++
    this.#parts.events.emit('retried', { ...about, delay })
    await pause(delay, session.over, true, session.clock)
    if (session.isLive) session.runAgain(delivery)
  }

  #stopAt(delivery: Delivery, failure: Failure, cause: StopCause): void {
    const { subscription, stop } = this.#parts
    const id = delivery.messageId === undefined ? 'without an id' : JSON.stringify(delivery.messageId)
    stop(
      new RouteError(
        'CONSUMER_STOPPED',
        subscription,
        `subscription "${subscription}" ${cause} (${id}) and has stopped: ${failureText(failure.error)}`,
        `declare deadLetter on the queue "${delivery.queue}", so that such messages are dead-lettered instead of stopping the consumer`,
        failure.error,
      ),
      failure,
    )
    // The consumer is cancelled first, because it would otherwise receive the message again.
    delivery.requeue()
  }
}
