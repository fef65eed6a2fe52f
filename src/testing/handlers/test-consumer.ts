import { withCode } from '../../diagnostics/error-code.ts'
import type { ConsumeMessage } from 'amqplib'
import { consumeSettings } from '../../runtime/consume/consume-options.ts'
import type { ConsumeOptions, ConsumeSettings } from '../../runtime/consume/consume-options.ts'
import type { DeclaredSubscription } from '../../runtime/routes/declared-routes.ts'
import type { Handler } from '../../runtime/consume/handler-delivery.ts'
import type { AnswerFailure } from '../../runtime/failure/failure-handling.ts'
import type { Consumer, ConsumerEnd } from '../../runtime/runtime-types.ts'
import type { DeliveryOutcome } from './outcome.ts'
import { TestSession } from './test-session.ts'
import type { SessionOwner, SharedParts } from './test-session.ts'
import { eventLoopTurn } from './event-loop-turn.ts'

/** A consumer without a queue: the test or the clock delivers its messages. */
export class TestConsumer implements Consumer, SessionOwner {
  readonly shared: SharedParts
  readonly declared: DeclaredSubscription
  readonly handler: Handler
  readonly answerFailure: AnswerFailure | undefined
  readonly settings: ConsumeSettings
  readonly stopped: Promise<ConsumerEnd>
  isDraining = false
  isLive = true
  readonly #over = new AbortController()
  readonly #stopping = new AbortController()
  readonly #unsettled = new Set<TestSession>()
  readonly #drained = { finished: 0, requeued: 0 }
  #ended: (end: ConsumerEnd) => void = () => undefined

  constructor(
    shared: SharedParts,
    declared: DeclaredSubscription,
    handler: Handler,
    options: ConsumeOptions,
    answerFailure?: AnswerFailure,
  ) {
    this.answerFailure = answerFailure
    this.shared = shared
    this.declared = declared
    this.handler = handler
    this.settings = consumeSettings(declared.subscription, options)
    this.stopped = new Promise((resolve) => (this.#ended = resolve))
  }

  get subscription(): string {
    return this.declared.subscription.name
  }

  get isUp(): boolean {
    return !this.isDraining
  }

  /** Aborted when it stops, for any reason. */
  get stopping(): AbortSignal {
    return this.#stopping.signal
  }

  get over(): AbortSignal {
    return this.#over.signal
  }

  /** Runs the handler with a message, and resolves when the attempt has ended. */
  deliver(message: ConsumeMessage, failedHere = 0): Promise<DeliveryOutcome> {
    const session = new TestSession(this, message, failedHere)
    this.#unsettled.add(session)
    return session.begin()
  }

  settled(session: TestSession, isBackInQueue: boolean): void {
    this.#unsettled.delete(session)
    if (this.isDraining) this.#drained[isBackInQueue ? 'requeued' : 'finished']++
  }

  async stop(_options: { deadline?: number } = {}): Promise<ConsumerEnd> {
    return this.#end(undefined)
  }

  fail(error: Error): void {
    if (this.isDraining) return
    const { name, queue } = this.declared.subscription
    this.shared.events.emit('consumerStopped', { subscription: name, queue, error })
    void this.#end(error)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #end(error: Error | undefined): Promise<ConsumerEnd> {
    if (this.isDraining) return this.stopped
    this.isDraining = true
    this.#stopping.abort()
    for (const session of this.#unsettled) session.returnIfPausing()
    await eventLoopTurn()
    for (const session of this.#unsettled)
      session.abort(withCode('CONSUMER_STOPPED', new Error('the consumer was stopped')))
    await eventLoopTurn()
    this.isLive = false
    this.#over.abort()
    const aborted = this.#unsettled.size
    for (const session of this.#unsettled) session.lose()
    this.#unsettled.clear()
    this.#ended({ ...this.#drained, aborted, error })
    return this.stopped
  }
}
