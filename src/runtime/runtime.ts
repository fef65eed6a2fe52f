import { maskThrown } from '../model/secrets/mask-thrown.ts'
import type { Subscription } from '../model/routes.ts'
import { systemClock } from './clock.ts'
import { batchSettings, checkConsumeBatch } from './consume/batch-options.ts'
import type { BatchOptions } from './consume/batch-options.ts'
import { Batches } from './consume/batches.ts'
import type { BatchHandler } from './consume/batches.ts'
import { drained } from './consume/consume-session.ts'
import type { DrainResult } from './consume/consume-session.ts'
import { DEFAULT_DEADLINE } from './consume/consumer.ts'
import type { PayloadOffload } from './payloads/payload-offload.ts'
import { checkConsume } from './consume/consume-options.ts'
import type { ConsumeOptions } from './consume/consume-options.ts'
import type { RunningConsumer } from './consume/consumer.ts'
import type { DeclaredRoutes, DeclaredSubscription } from './routes/declared-routes.ts'
import type { Handler } from './consume/handler-delivery.ts'
import type { Confirmed } from './publish/outgoing-message.ts'
import type { IdempotencySettings } from './consume/idempotency-settings.ts'
import type { Observer } from './events/observer.ts'
import { pause } from './pause.ts'
import { unknownOption } from './option-names.ts'
import { PUBLISH_OPTIONS, refuseUnknownOption } from './publish/publish-options.ts'
import type { PublishOptions } from './publish/publish-options.ts'
import type { PublishWindow } from './publish/publisher.ts'
import { Publisher } from './publish/publisher.ts'
import { ReconnectingConnection } from './connection/reconnecting-connection.ts'
import type { ConnectionSettings } from './connection/log-in.ts'
import type { AnswerFailure } from './failure/failure-handling.ts'
import type { RequestOptions } from './requests/request-options.ts'
import type { Requests } from './requests/requests.ts'
import { RouteError } from './routes/route-error.ts'
import type { ArgumentsOf, KnownPublication, RouteTypes } from './routes/route-types.ts'
import { RuntimeEventSource } from './events/runtime-events.ts'
import type { RuntimeEmitter } from './events/runtime-events.ts'
import type { Closed, Consumer, ConsumerEnd, Runtime } from './runtime-types.ts'
import { buildRunning } from './super-streams/build-running.ts'

/** The parts that `connect` passes to a runtime. */
export interface RuntimeParts {
  readonly routes: DeclaredRoutes
  readonly settings: ConnectionSettings
  /** Open already. */
  readonly publishing: ReconnectingConnection
  readonly events: RuntimeEmitter
  /** The store for large payloads. */
  readonly offload: PayloadOffload | undefined
  readonly observer: Observer
  readonly idempotency: IdempotencySettings | undefined
  readonly window: PublishWindow
  readonly publishTimeout: number
  readonly startTimeout: number
}

/** The share of the closing time that is reserved for the connections, in milliseconds. */
const TO_DISCONNECT = 1_000

/** The runtime of a broker. Made by `connect`. */
export class BrokerRuntime<Types extends RouteTypes = RouteTypes> extends RuntimeEventSource implements Runtime<Types> {
  readonly #parts: RuntimeParts
  readonly #publisher: Publisher
  readonly #copies: Publisher
  readonly #consumers = new Set<RunningConsumer>()
  #consuming: { readonly connection: ReconnectingConnection; readonly started: Promise<void> } | undefined
  #closing: Promise<Closed> | undefined
  #isWarned = false
  /** Loaded with the first request or responder, because most programs have none. */
  #requests: Promise<Requests> | undefined
  /** Subscriptions that ended because of an error and were not consumed again. */
  readonly #failed = new Set<string>()
  #resolveClosed: (closed: Closed) => void = () => undefined
  readonly closed: Promise<Closed> = new Promise((resolve) => (this.#resolveClosed = resolve))

  constructor(parts: RuntimeParts) {
    super(parts.events)
    this.#parts = parts
    this.#publisher = new Publisher(parts.publishing, parts.window, parts.events.secrets)
    this.#copies = new Publisher(parts.publishing, parts.window, parts.events.secrets)
  }

  get vhost(): string {
    return this.#parts.settings.vhost
  }

  publish<Name extends string>(
    publication: KnownPublication<Types, Name>,
    ...message: ArgumentsOf<Types, Name>
  ): Promise<Confirmed>
  publish(publication: string, ...rest: unknown[]): Promise<Confirmed> {
    const [body, options = {}] = rest as [body: unknown, options?: PublishOptions]
    const { routes, observer } = this.#parts
    const unknown = unknownOption(options, PUBLISH_OPTIONS)
    if (unknown !== undefined) return refuseUnknownOption(publication, unknown)
    try {
      const route = routes.publication(publication)
      const message = route.message(body, options)
      const ended = observer.publishing(route.publication, message)
      const exchange = message.delayExchange ?? route.publication.exchange
      const deadline = { timeout: options.timeout ?? this.#parts.publishTimeout, signal: options.signal }
      const { offload } = this.#parts
      const confirmed =
        message.isForStore && offload
          ? offload.store(message).then(
              (light) => this.#publisher.publish(exchange, light, deadline),
              (error: unknown) => Promise.reject(this.#masked(error)),
            )
          : this.#publisher.publish(exchange, message, deadline)
      if (ended) confirmed.then(() => ended(), ended)
      if (route.publication.confirm) return confirmed

      confirmed.catch((error: Error) => this.#parts.events.emit('publishFailed', { publication, error }))
      const { messageId, routingKey } = message
      return Promise.resolve({ messageId, exchange, routingKey })
    } catch (thrown) {
      const error = this.#masked(thrown)
      observer.refused(publication, error)
      return Promise.reject(error)
    }
  }

  async request(request: string, ...rest: unknown[]): Promise<never> {
    const [body, options = {}] = rest as [body: unknown, options?: RequestOptions]
    try {
      if (this.#closing) throw closedError(request, 'to send requests')
      const declared = this.#parts.routes.request(request)
      return (await (await this.#loadRequests()).request(declared, body, options)) as never
    } catch (error) {
      throw this.#masked(error)
    }
  }

  async respond(request: string, handler: Handler<never>, options: ConsumeOptions = {}): Promise<Consumer> {
    try {
      const { routes } = this.#parts
      const declared = routes.request(request)
      await checkConsume(request, handler, options, 'respond')
      const { handler: answering, answerFailure } = (await this.#loadRequests()).respond(declared, handler as Handler)
      return await this.#consume(routes.responder(declared), answering, options, { answerFailure })
    } catch (error) {
      throw this.#masked(error)
    }
  }

  #loadRequests(): Promise<Requests> {
    this.#requests ??= import('./requests/requests.ts').then(({ Requests: Loaded }) => new Loaded(this.#parts))
    return this.#requests
  }

  async consume(subscription: string, handler: Handler<never>, options: ConsumeOptions = {}): Promise<Consumer> {
    try {
      await checkConsume(subscription, handler, options)
      return await this.#consume(this.#parts.routes.subscription(subscription), handler, options)
    } catch (error) {
      throw this.#masked(error)
    }
  }

  async consumeBatch(subscription: string, options: BatchOptions, handler: BatchHandler<never>): Promise<Consumer> {
    try {
      await checkConsumeBatch(subscription, options, handler)
      const declared = this.#parts.routes.subscription(subscription)
      const { options: single, ...settings } = batchSettings(declared.subscription, options)
      const batches = new Batches(handler as BatchHandler, settings, systemClock)
      return await this.#consume(declared, batches.handle, single, { onStop: () => batches.stop() })
    } catch (error) {
      throw this.#masked(error)
    }
  }

  /** @param special `onStop` is called when the consumer stops */
  async #consume(
    declared: DeclaredSubscription,
    handler: Handler<never>,
    options: ConsumeOptions,
    { onStop, answerFailure }: { onStop?: () => void; answerFailure?: AnswerFailure } = {},
  ): Promise<Consumer> {
    const { name } = declared.subscription
    if (this.#closing) throw closedError(name, 'to consume')
    const { events, observer, idempotency } = this.#parts
    const consumer = await buildRunning({
      ...declared,
      // The caller asserts the type of the body. Only a schema on the subscription guarantees it.
      handler: handler as Handler,
      options,
      connection: await this.#consumeConnection(),
      copies: this.#copies,
      events,
      offload: this.#parts.offload,
      observer,
      idempotency,
      answerFailure,
    })
    this.#consumers.add(consumer)
    if (onStop) consumer.stopping.addEventListener('abort', onStop)
    void consumer.stopped.then((end) => this.#forget(consumer, end))
    try {
      await consumer.start()
    } catch (error) {
      this.#consumers.delete(consumer)
      throw error
    }
    this.#failed.delete(name)
    this.#warnOfMemory(declared.subscription)
    return consumer
  }

  get isReady(): boolean {
    return (
      !this.#closing &&
      this.#failed.size === 0 &&
      this.#parts.publishing.isWritable &&
      [...this.#consumers].every((consumer) => consumer.isUp)
    )
  }

  get isClosing(): boolean {
    return this.#closing !== undefined
  }

  get isAlive(): boolean {
    return !this.#closing && this.#failed.size === 0
  }

  async stopConsuming({ deadline = DEFAULT_DEADLINE }: { deadline?: number } = {}): Promise<DrainResult> {
    return drained(await Promise.all([...this.#consumers].map((consumer) => consumer.stop({ deadline }))))
  }

  close({ deadline = DEFAULT_DEADLINE }: { deadline?: number } = {}): Promise<Closed> {
    this.#closing ??= this.#close(performance.now() + deadline).then((closed) => {
      this.#resolveClosed(closed)
      return closed
    })
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(end: number): Promise<Closed> {
    const remaining = (): number => Math.max(0, end - performance.now())
    const forWork = Math.max(0, remaining() - TO_DISCONNECT)
    const ends = await this.stopConsuming({ deadline: forWork })
    // Handlers may publish until they end, so publishes are refused only now.
    const flushed = new AbortController()
    const timeIsUp = pause(Math.max(0, remaining() - TO_DISCONNECT), flushed.signal)
    await Promise.race([timeIsUp, this.#publisher.whenSettled()])
    flushed.abort()
    const requests = await this.#requests
    const unconfirmed = this.#publisher.unsettled + (requests?.unanswered ?? 0)
    const lanesClosed = Promise.all([this.#publisher.close(), this.#copies.close(), requests?.close()])
    await Promise.race([lanesClosed, pause(Math.max(TO_DISCONNECT, remaining()), undefined, false)])
    const toDisconnect = Math.max(TO_DISCONNECT, remaining())
    await Promise.all([this.#consuming?.connection.close(toDisconnect), this.#parts.publishing.close(toDisconnect)])
    return { ...ends, unconfirmed }
  }

  /** Errors that the program receives show no secret. */
  #masked(thrown: unknown): Error {
    return maskThrown(thrown, this.#parts.events.secrets) as Error
  }

  /** Warns once, for the first subscription whose idempotency keys would be lost in a restart. */
  #warnOfMemory({ name, idempotencyKey }: Subscription): void {
    const { idempotency, events } = this.#parts
    if (this.#isWarned || idempotencyKey === undefined || !idempotency || idempotency.isChosen) return
    this.#isWarned = true
    events.emit('idempotencyInMemory', { subscription: name })
  }

  #forget(consumer: RunningConsumer, { error }: ConsumerEnd): void {
    this.#consumers.delete(consumer)
    if (error !== undefined) this.#failed.add(consumer.subscription)
  }

  /** Opens the connection for the first subscription, because a program that only publishes needs only one. */
  async #consumeConnection(): Promise<ReconnectingConnection> {
    const { settings, events, startTimeout } = this.#parts
    if (!this.#consuming) {
      const connection = new ReconnectingConnection('consume', settings, events)
      this.#consuming = { connection, started: connection.start(startTimeout) }
    }
    const { connection, started } = this.#consuming
    try {
      await started
      return connection
    } catch (error) {
      // The next subscription tries again.
      if (this.#consuming?.connection === connection) this.#consuming = undefined
      throw error
    }
  }
}

function closedError(route: string, what: string): RouteError {
  return new RouteError('CLOSED', route, 'the runtime is closed', `connect again ${what}`)
}
