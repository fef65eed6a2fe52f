import { withCode } from '../../diagnostics/error-code.ts'
import { maskThrown } from '../../model/secrets/mask-thrown.ts'
import { batchSettings, checkConsumeBatch } from '../../runtime/consume/batch-options.ts'
import type { BatchOptions } from '../../runtime/consume/batch-options.ts'
import { Batches } from '../../runtime/consume/batches.ts'
import type { BatchHandler } from '../../runtime/consume/batches.ts'
import { checkConsume } from '../../runtime/consume/consume-options.ts'
import { drained } from '../../runtime/consume/consume-session.ts'
import type { DrainResult } from '../../runtime/consume/consume-session.ts'
import type { ConsumeOptions } from '../../runtime/consume/consume-options.ts'
import type { DeclaredRoutes, DeclaredSubscription } from '../../runtime/routes/declared-routes.ts'
import type { Handler } from '../../runtime/consume/handler-delivery.ts'
import type { IdempotencySettings } from '../../runtime/consume/idempotency-settings.ts'
import type { Instrumentation } from '../../runtime/events/instrumentation.ts'
import { Observer } from '../../runtime/events/observer.ts'
import { unknownOption } from '../../runtime/option-names.ts'
import type { Confirmed } from '../../runtime/publish/outgoing-message.ts'
import { PublishError } from '../../runtime/publish/publish-error.ts'
import { PUBLISH_OPTIONS, refuseUnknownOption } from '../../runtime/publish/publish-options.ts'
import type { PublishOptions } from '../../runtime/publish/publish-options.ts'
import type { AnswerFailure } from '../../runtime/failure/failure-handling.ts'
import { requestMessage } from '../../runtime/requests/request-message.ts'
import {
  REQUEST_OPTIONS,
  refuseUnknownOption as refuseUnknownRequestOption,
} from '../../runtime/requests/request-options.ts'
import type { RequestOptions } from '../../runtime/requests/request-options.ts'
import { Responder } from '../../runtime/requests/responder.ts'
import { RouteError } from '../../runtime/routes/route-error.ts'
import type { RouteTypes } from '../../runtime/routes/route-types.ts'
import { RuntimeEventSource } from '../../runtime/events/runtime-events.ts'
import type { RuntimeEmitter } from '../../runtime/events/runtime-events.ts'
import type { Closed, Consumer, ConsumerEnd } from '../../runtime/runtime-types.ts'
import { asDelivered, checkDelivered } from './delivered-message.ts'
import type { DeliveredMessage } from './delivered-message.ts'
import { eventLoopTurn } from './event-loop-turn.ts'
import type { DeliveryOutcome } from './outcome.ts'
import { recorded } from './recorded.ts'
import type { RecordedDeadLetter, RecordedPublish, WaitingMessage } from './recorded.ts'
import type { TestClock } from './test-clock.ts'
import { TestConsumer } from './test-consumer.ts'
import { TestQueues } from './test-queues.ts'
import { notAnswered, TestRequests } from './test-requests.ts'
import type { TestRuntime } from './test-runtime-types.ts'

/** The parts that `createTestRuntime` passes to a test runtime. */
export interface TestRuntimeParts {
  readonly vhost: string
  readonly routes: DeclaredRoutes
  readonly clock: TestClock
  readonly events: RuntimeEmitter
  readonly instrumentation: Instrumentation | undefined
  readonly idempotency: IdempotencySettings | undefined
}

/** Runs handlers and records publishes, in the memory of a test. */
export class InMemoryRuntime<Types extends RouteTypes = RouteTypes>
  extends RuntimeEventSource
  implements TestRuntime<Types>
{
  readonly #parts: TestRuntimeParts
  readonly #observer: Observer
  readonly #queues: TestQueues
  readonly #requests: TestRequests
  readonly #consumers = new Set<TestConsumer>()
  readonly #published: RecordedPublish[] = []
  /** Every attempt that has begun. */
  readonly #attempts: Promise<DeliveryOutcome>[] = []
  /** Subscriptions that ended because of an error and were not consumed again. */
  readonly #failed = new Set<string>()
  #closing: Promise<Closed> | undefined
  #resolveClosed: (closed: Closed) => void = () => undefined
  readonly closed: Promise<Closed> = new Promise((resolve) => (this.#resolveClosed = resolve))

  constructor(parts: TestRuntimeParts) {
    super(parts.events)
    this.#parts = parts
    this.#observer = new Observer(parts.events, parts.instrumentation, parts.clock)
    this.#requests = new TestRequests(parts.clock)
    this.#queues = new TestQueues(parts.clock, (name, message) => {
      const consumer = this.#consumerOf(name)
      if (consumer) void consumer.deliver(message)
      return consumer !== undefined
    })
  }

  get vhost(): string {
    return this.#parts.vhost
  }

  get isReady(): boolean {
    return this.isAlive
  }

  get isClosing(): boolean {
    return this.#closing !== undefined
  }

  get isAlive(): boolean {
    return !this.#closing && this.#failed.size === 0
  }

  get now(): Date {
    return new Date(this.#parts.clock.time())
  }

  async publish(publication: string, ...rest: unknown[]): Promise<Confirmed> {
    const [body, options = {}] = rest as [body: unknown, options?: PublishOptions]
    const unknown = unknownOption(options, PUBLISH_OPTIONS)
    if (unknown !== undefined) return refuseUnknownOption(publication, unknown)
    const { routes, clock, events } = this.#parts
    try {
      const route = routes.publication(publication)
      const message = route.message(body, options)
      message.properties.timestamp = Math.floor(clock.time() / 1_000)
      const exchange = message.delayExchange ?? route.publication.exchange
      const { messageId, routingKey } = message
      const ended = this.#observer.publishing(route.publication, message)
      if (this.#closing) {
        const error = new PublishError(`${message.label}: the runtime is closed`, {
          outcome: 'invalid',
          publication,
          messageId,
        })
        ended?.(error)
        throw error
      }
      this.#published.push(recorded(exchange, message, options.delay))
      ended?.()
      return { messageId, exchange, routingKey }
    } catch (thrown) {
      const error = maskThrown(thrown, events.secrets)
      this.#observer.refused(publication, error)
      throw error
    }
  }

  async request(request: string, ...rest: unknown[]): Promise<never> {
    const [body, options = {}] = rest as [body: unknown, options?: RequestOptions]
    const unknown = unknownOption(options, REQUEST_OPTIONS)
    if (unknown !== undefined) return refuseUnknownRequestOption(request, unknown)
    this.#checkOpen(request)
    const declared = this.#parts.routes.request(request)
    const message = requestMessage(declared, body, options)
    message.properties.timestamp = Math.floor(this.#parts.clock.time() / 1_000)
    const consumer = this.#consumerOf(declared.request.reply.subscription ?? '')
    if (!consumer) throw notAnswered(request)
    this.#published.push(recorded(declared.request.exchange, message))
    const reply = this.#requests.request(declared, message, options, (delivered) => consumer.deliver(delivered))
    return (await reply) as never
  }

  async respond(request: string, handler: Handler<never>, options: ConsumeOptions = {}): Promise<Consumer> {
    this.#checkOpen(request)
    await checkConsume(request, handler, options, 'respond')
    const { routes, events } = this.#parts
    const declared = routes.request(request)
    const responder = new Responder(declared, this.#requests, events)
    const answering = responder.answering(handler as Handler)
    return this.#consume(routes.responder(declared), answering, options, responder.answerFailure)
  }

  async consume(subscription: string, handler: Handler<never>, options: ConsumeOptions = {}): Promise<Consumer> {
    this.#checkOpen(subscription)
    await checkConsume(subscription, handler, options)
    return this.#consume(this.#parts.routes.subscription(subscription), handler, options)
  }

  async consumeBatch(subscription: string, options: BatchOptions, handler: BatchHandler<never>): Promise<Consumer> {
    this.#checkOpen(subscription)
    await checkConsumeBatch(subscription, options, handler)
    const { clock, routes } = this.#parts
    const declared = routes.subscription(subscription)
    const { options: single, ...settings } = batchSettings(declared.subscription, options)
    const batches = new Batches(handler as BatchHandler, settings, clock)
    const consumer = this.#consume(declared, batches.handle, single)
    consumer.stopping.addEventListener('abort', () => batches.stop())
    return consumer
  }

  #checkOpen(subscription: string): void {
    if (!this.#closing) return
    throw new RouteError('CLOSED', subscription, 'the runtime is closed', 'create another one to consume')
  }

  #consume(
    declared: DeclaredSubscription,
    handler: Handler<never>,
    options: ConsumeOptions,
    answerFailure?: AnswerFailure,
  ): TestConsumer {
    const { clock, events, idempotency, instrumentation } = this.#parts
    const { name: subscription, queue } = declared.subscription
    const shared = {
      clock,
      events,
      idempotency,
      instrumentation,
      queues: this.#queues,
      onAttempt: (ended: Promise<DeliveryOutcome>) => void this.#attempts.push(ended),
    }
    const consumer = new TestConsumer(shared, declared, handler as Handler, options, answerFailure)
    this.#consumers.add(consumer)
    void consumer.stopped.then((end) => this.#forget(consumer, end))
    this.#failed.delete(subscription)
    events.emit('consumerUp', { subscription, queue })
    this.#queues.consumed()
    return consumer
  }

  async deliver(subscription: string, message: DeliveredMessage): Promise<DeliveryOutcome> {
    checkDelivered(`deliver("${subscription}")`, message)
    const { subscription: declared } = this.#parts.routes.subscription(subscription)
    const consumer = this.#consumerOf(subscription)
    if (!consumer) {
      const hint = `call consume("${subscription}", handler) first, as the program does`
      throw new RouteError('NOT_CONSUMED', subscription, `nothing consumes the subscription "${subscription}"`, hint)
    }
    // Without copies and counts of the broker, only the process that holds the message counts attempts.
    const failedHere = declared.failure.kind === 'onFailure' ? (message.attempt ?? 1) - 1 : 0
    return consumer.deliver(asDelivered(declared, message, this.#parts.clock.time()), failedHere)
  }

  async advance(milliseconds: number): Promise<readonly DeliveryOutcome[]> {
    if (!(milliseconds >= 0 && Number.isFinite(milliseconds))) {
      throw withCode(
        'INVALID_OPTION',
        new RangeError(`advance() takes a time of at least 0 milliseconds, not ${milliseconds}`),
      )
    }
    const { clock } = this.#parts
    const end = clock.now() + milliseconds
    const outcomes: DeliveryOutcome[] = []
    // The called code may set timers and begin attempts.
    await eventLoopTurn()
    let known = this.#attempts.length
    while (clock.runNext(end)) {
      await eventLoopTurn()
      const begun = this.#attempts.slice(known)
      outcomes.push(...(await Promise.all(begun)))
      known += begun.length
      await eventLoopTurn()
    }
    return outcomes
  }

  published(publication?: string): RecordedPublish<never>[] {
    if (publication !== undefined) this.#parts.routes.publication(publication)
    const all = this.#published.filter((each) => publication === undefined || each.publication === publication)
    return all as RecordedPublish<never>[]
  }

  deadLetters(subscription?: string): RecordedDeadLetter<never>[] {
    if (subscription !== undefined) this.#parts.routes.subscription(subscription)
    const all = this.#queues.deadLetters.filter(
      (each) => subscription === undefined || each.subscription === subscription,
    )
    return all as RecordedDeadLetter<never>[]
  }

  waiting(subscription?: string): WaitingMessage[] {
    if (subscription !== undefined) this.#parts.routes.subscription(subscription)
    return this.#queues.waiting.filter((each) => subscription === undefined || each.subscription === subscription)
  }

  async stopConsuming(_options: { deadline?: number } = {}): Promise<DrainResult> {
    return drained(await Promise.all([...this.#consumers].map((consumer) => consumer.stop())))
  }

  close(_options: { deadline?: number } = {}): Promise<Closed> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(): Promise<Closed> {
    this.#requests.close()
    const total: Closed = { ...(await this.stopConsuming()), unconfirmed: 0 }
    this.#resolveClosed(total)
    return total
  }

  /** The first of several consumers, because a test runtime does not distribute messages among them. */
  #consumerOf(subscription: string): TestConsumer | undefined {
    return [...this.#consumers].find((consumer) => consumer.subscription === subscription && consumer.isUp)
  }

  #forget(consumer: TestConsumer, { error }: ConsumerEnd): void {
    this.#consumers.delete(consumer)
    if (error !== undefined) this.#failed.add(consumer.subscription)
  }
}
