import { consumedQueues } from '../../model/routes.ts'
import type { ConsumeMessage } from 'amqplib'
import { countedBy } from '../../runtime/consume/broker-counts.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { ConsumeSettings } from '../../runtime/consume/consume-options.ts'
import type { DeclaredSubscription } from '../../runtime/routes/declared-routes.ts'
import type { Handler } from '../../runtime/consume/handler-delivery.ts'
import type { AnswerFailure } from '../../runtime/failure/failure-handling.ts'
import { aboutDelivery } from '../../runtime/failure/failure.ts'
import type { Failure } from '../../runtime/failure/failure.ts'
import { handlerPlan, queueTypeOf, runHandler } from '../../runtime/consume/run-handler.ts'
import type { HandlerPlan } from '../../runtime/consume/run-handler.ts'
import type { IdempotencySettings } from '../../runtime/consume/idempotency-settings.ts'
import { Delivery } from '../../runtime/consume/delivery.ts'
import type { DeliverySession, Settlement } from '../../runtime/consume/delivery.ts'
import type { Instrumentation } from '../../runtime/events/instrumentation.ts'
import { Observer } from '../../runtime/events/observer.ts'
import { RuntimeEmitter } from '../../runtime/events/runtime-events.ts'
import type { RuntimeEventName, RuntimeEvents } from '../../runtime/events/runtime-events.ts'
import { redelivered } from './delivered-message.ts'
import type { DeliveryOutcome, OutcomeKind } from './outcome.ts'
import type { TestQueues } from './test-queues.ts'

/** The version of RabbitMQ that a test runtime assumes. It supports everything that a topology can declare. */
const SUPPOSED_VERSION = '4.3.6'

/** The state that the consumers of a test runtime share. */
export interface SharedParts {
  readonly clock: Clock
  readonly events: RuntimeEmitter
  readonly queues: TestQueues
  readonly idempotency: IdempotencySettings | undefined
  readonly instrumentation: Instrumentation | undefined
  /** Called with each attempt that begins. */
  readonly onAttempt: (ended: Promise<DeliveryOutcome>) => void
}

/** The consumer that a delivery belongs to. */
export interface SessionOwner {
  readonly shared: SharedParts
  readonly declared: DeclaredSubscription
  readonly handler: Handler
  readonly answerFailure: AnswerFailure | undefined
  readonly settings: ConsumeSettings
  /** Whether it is being stopped. */
  readonly isDraining: boolean
  /** Whether deliveries can still be settled. */
  readonly isLive: boolean
  /** Aborted when no delivery can be settled any more. */
  readonly over: AbortSignal
  /** A delivery was settled. */
  settled(session: TestSession, isBackInQueue: boolean): void
  /** Ends it because of an error. */
  fail(error: Error): void
}

/** One delivery in a test: runs its handler by the rules of the runtime, and records the result of each attempt. */
export class TestSession implements DeliverySession {
  readonly #consumer: SessionOwner
  readonly #delivery: Delivery
  readonly #plan: HandlerPlan
  #how: Settlement | undefined
  #attempt = 1
  /** Undefined between two attempts. */
  #resolve: ((outcome: DeliveryOutcome) => void) | undefined

  /** @param failedHere how often its handler has failed while the process held it */
  constructor(consumer: SessionOwner, message: ConsumeMessage, failedHere: number) {
    this.#consumer = consumer
    const { declared, settings, shared, handler, answerFailure } = consumer
    const { failure } = declared.subscription
    // A test does not distribute messages among the partitions of a super stream.
    const [queue = declared.subscription.queue] = consumedQueues(declared.subscription)
    const counted = countedBy(queueTypeOf(declared.subscription, settings), SUPPOSED_VERSION)
    this.#delivery = new Delivery(message, queue, this, failure.kind === 'native', counted)
    this.#delivery.failedHere = failedHere
    const events = new WatchedEvents(shared.events, (name, event) => this.#heard(name, event))
    this.#plan = handlerPlan({
      ...declared,
      handler,
      answerFailure,
      settings,
      idempotency: shared.idempotency,
      copies: shared.queues.copiesOf(declared.subscription),
      events,
      observer: new Observer(events, shared.instrumentation, shared.clock),
      brokerVersion: () => SUPPOSED_VERSION,
      stop: (error, cause) => {
        this.#end('stopped', cause)
        consumer.fail(error)
      },
    })
  }

  get #name(): string {
    return this.#consumer.declared.subscription.name
  }

  get clock(): Clock {
    return this.#consumer.shared.clock
  }

  get isStream(): boolean {
    return this.#consumer.settings.isStream
  }

  get isLive(): boolean {
    return this.#consumer.isLive
  }

  get isDraining(): boolean {
    return this.#consumer.isDraining
  }

  get over(): AbortSignal {
    return this.#consumer.over
  }

  /** Runs the handler, and resolves when the attempt has ended. */
  begin(): Promise<DeliveryOutcome> {
    const ended = new Promise<DeliveryOutcome>((resolve) => (this.#resolve = resolve))
    this.#consumer.shared.onAttempt(ended)
    const delivery = this.#delivery
    this.#attempt = delivery.attempt
    delivery.stage = 'running'
    runHandler(this.#plan, delivery, () => {
      // A message whose key another attempt holds waits without being settled.
      if (delivery.stage === 'pausing') this.#end('held')
    })
    return ended
  }

  runAgain(delivery: Delivery): void {
    this.#consumer.shared.queues.leave(this)
    delivery.renew()
    if (this.isDraining) delivery.requeue()
    else void this.begin()
  }

  settle(_incoming: Delivery, how: Settlement): boolean {
    if (!this.isLive || this.#how !== undefined) return false
    this.#how = how
    this.#consumer.shared.queues.leave(this)
    const isBackInQueue = how === 'requeue' || how === 'reject'
    this.#consumer.settled(this, isBackInQueue)
    // Events with further details follow in the same turn. This is a promise because jest can replace `queueMicrotask`.
    void Promise.resolve().then(() => this.#end(isBackInQueue ? 'requeued' : 'done'))
    return true
  }

  /** Requeues a delivery that waits for another attempt in this process. */
  returnIfPausing(): void {
    if (this.#delivery.stage === 'pausing') this.#delivery.requeue()
  }

  abort(reason: Error): void {
    this.#delivery.abort(reason)
  }

  /** The consumer has ended before the delivery was settled. */
  lose(): void {
    this.#consumer.shared.queues.leave(this)
    this.#end('requeued')
  }

  #end(outcome: OutcomeKind, about: Partial<Failure> & { readonly delay?: number } = {}): void {
    const { subscription, messageId } = aboutDelivery(this.#name, this.#delivery)
    this.#resolve?.({ outcome, subscription, messageId, attempt: this.#attempt, ...about })
    this.#resolve = undefined
  }

  #heard(name: RuntimeEventName, event: unknown): void {
    if (name === 'duplicate') return this.#end('duplicate')
    if (name !== 'retried' && name !== 'deadLettered' && name !== 'discarded' && name !== 'requestFailed') return
    const { reason, error } = event as RuntimeEvents['deadLettered']
    if (name === 'requestFailed') return this.#end('discarded', { reason, error })
    if (name !== 'retried') return this.#end(name, { reason, error })
    const { delay } = event as RuntimeEvents['retried']
    const { queues } = this.#consumer.shared
    const { message } = this.#delivery
    if (this.#how === 'reject' || this.#how === 'requeue') {
      queues.deliverLater(this.#name, redelivered(message, this.#how === 'reject'), this.#attempt + 1, delay)
    } else if (this.#how === undefined) {
      queues.hold(this, { ...aboutDelivery(this.#name, this.#delivery), attempt: this.#attempt + 1 }, delay)
    }
    this.#end('retried', { reason, error, delay })
  }
}

/** The events that one delivery causes in a test runtime. */
class WatchedEvents extends RuntimeEmitter {
  readonly #all: RuntimeEmitter
  readonly #heard: (name: RuntimeEventName, event: unknown) => void

  constructor(all: RuntimeEmitter, heard: (name: RuntimeEventName, event: unknown) => void) {
    super(all.secrets)
    this.#all = all
    this.#heard = heard
  }

  override hears(name: RuntimeEventName): boolean {
    return this.#all.hears(name)
  }

  override emit<N extends RuntimeEventName>(name: N, event: RuntimeEvents[N]): void {
    this.#heard(name, event)
    this.#all.emit(name, event)
  }
}
