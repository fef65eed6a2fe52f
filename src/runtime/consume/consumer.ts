import { withCode } from '../../diagnostics/error-code.ts'
import { payloadReferenceOf } from '../payloads/payload-offload.ts'
import type { PayloadOffload } from '../payloads/payload-offload.ts'
import { consumeSettings } from './consume-options.ts'
import type { ConsumeOptions } from './consume-options.ts'
import { handlerPlan, queueTypeOf, refuse, runHandler } from './run-handler.ts'
import type { HandlerParts, HandlerPlan } from './run-handler.ts'
import type { Delivery } from './delivery.ts'
import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts'
import { KeptOffset } from './kept-offset.ts'
import { StreamPosition } from './stream-position.ts'
import type { Subscription } from '../../model/routes.ts'
import { jitteredPause, RECONNECT } from '../connection/backoff.ts'
import { brokerReason, replyCode } from '../../diagnostics/broker-reason.ts'
import { ConsumeSession } from './consume-session.ts'
import type { SessionPlan } from './consume-session.ts'
import { delaysRejected, NATIVE_RETRY_SINCE } from '../failure/decide-failure.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import { pause } from '../pause.ts'
import { ClosedError } from '../connection/reconnecting-connection.ts'
import { missingError, RouteError } from '../routes/route-error.ts'
import type { RuntimeEmitter } from '../events/runtime-events.ts'
import type { Consumer, ConsumerEnd } from '../runtime-types.ts'
import { RouteCheck } from '../routes/verify-routes.ts'

/** The parts of a consumer. */
export interface ConsumerParts extends Omit<HandlerParts, 'settings' | 'brokerVersion' | 'stop'> {
  readonly options: ConsumeOptions
  readonly connection: ReconnectingConnection
  readonly offload: PayloadOffload | undefined
}

/** Builds the consumer of one subscription. */
export function buildConsumer({ options, connection, offload, ...parts }: ConsumerParts): BrokerConsumer {
  const { subscription, events } = parts
  const settings = consumeSettings(subscription, options)
  const plan = handlerPlan({
    ...parts,
    settings,
    brokerVersion: () => connection.current?.brokerVersion ?? '',
    stop: (error) => consumer.fail(error),
  })
  const position = settings.isStream ? new StreamPosition(settings.offset) : undefined
  const kept = options.offsets && position && new KeptOffset(options.offsets, subscription, position, events)
  const sessions: SessionPlan = {
    queue: subscription.queue,
    prefetch: settings.prefetch,
    concurrency: settings.concurrency,
    rate: settings.rateLimit,
    isCountedByBroker: subscription.failure.kind === 'native',
    queueType: queueTypeOf(subscription, settings),
    position,
    start: (delivery, release) => {
      const reference = payloadReferenceOf(delivery)
      if (reference === undefined) runHandler(plan, delivery, release)
      else void runWithPayload(plan, offload, reference, delivery, release)
    },
  }
  const consumer = new BrokerConsumer(subscription, connection, events, sessions, kept)
  return consumer
}

/**
 * Fetches the payload first. A missing payload is a failed attempt: the store may be down, or may not contain it yet.
 */
async function runWithPayload(
  plan: HandlerPlan,
  offload: PayloadOffload | undefined,
  reference: string,
  delivery: Delivery,
  release: () => void,
): Promise<void> {
  try {
    if (!offload)
      throw withCode(
        'PAYLOAD_UNAVAILABLE',
        new Error('its payload is in a payload store, and connect() has no option payloads'),
      )
    await offload.load(delivery, reference)
  } catch (error) {
    return refuse(plan, delivery, { reason: 'error', error }, release)
  }
  // A delivery that was lost in the meantime is redelivered.
  if (delivery.session.isLive) runHandler(plan, delivery, release)
  else release()
}

/** How long running handlers may take to end, in milliseconds. */
export const DEFAULT_DEADLINE = 25_000

/**
 * After a session of at least this duration, in milliseconds, the pause before the next one is short again.
 */
const STABLE_AFTER = 10_000

/** A consumer, as the runtime starts and stops it. */
export interface RunningConsumer extends Consumer {
  /** Aborted when it stops, for any reason. */
  readonly stopping: AbortSignal
  /** Starts to consume. Rejects when the broker refuses the consumer, or when an object is missing. */
  start(): Promise<void>
}

/** A running subscription on a broker. */
export class BrokerConsumer implements RunningConsumer {
  readonly stopped: Promise<ConsumerEnd>
  readonly #subscription: Subscription
  readonly #connection: ReconnectingConnection
  readonly #plan: SessionPlan
  readonly #events: RuntimeEmitter
  readonly #keptOffset: KeptOffset | undefined
  readonly #stopping = new AbortController()
  #session: ConsumeSession | undefined
  #ended: (end: ConsumerEnd) => void = () => undefined

  constructor(
    subscription: Subscription,
    connection: ReconnectingConnection,
    events: RuntimeEmitter,
    plan: SessionPlan,
    keptOffset?: KeptOffset,
  ) {
    this.#keptOffset = keptOffset
    this.#subscription = subscription
    this.#connection = connection
    this.#events = events
    this.#plan = plan
    this.stopped = new Promise((resolve) => (this.#ended = resolve))
  }

  get subscription(): string {
    return this.#subscription.name
  }

  get isUp(): boolean {
    return this.#session?.isLive === true && !this.#stopping.signal.aborted
  }

  get stopping(): AbortSignal {
    return this.#stopping.signal
  }

  async start(): Promise<void> {
    let missingDelays: readonly string[]
    let session: ConsumeSession
    let reason: string | undefined
    await this.#keptOffset?.read()
    for (let tries = 0; ; tries++) {
      const connection = await this.#connection.ready()
      try {
        missingDelays = await this.#verify(connection)
        session = await ConsumeSession.open(connection, this.#plan)
        break
      } catch (error) {
        if (error instanceof RouteError) throw error
        if (replyCode(error) !== undefined && !connection.isGone) throw consumeRefused(this.#subscription, error)
        const now = brokerReason(error)
        if (now !== reason) this.#emitDown((reason = now))
        await pause(jitteredPause(RECONNECT, tries), this.#stopping.signal)
        if (this.#stopping.signal.aborted) throw new ClosedError()
      }
    }
    this.#session = session
    if (this.#stopping.signal.aborted) {
      await session.drain(0)
      throw new ClosedError()
    }
    const { name, queue } = this.#subscription
    if (missingDelays.length > 0) {
      this.#events.emit('delaysMissing', { subscription: name, queue, missing: missingDelays })
    }
    this.#emitUp()
    void this.#keepConsuming(session)
    session.begin()
    this.#keptOffset?.begin()
  }

  stop({ deadline = DEFAULT_DEADLINE }: { deadline?: number } = {}): Promise<ConsumerEnd> {
    return this.#end(deadline, undefined)
  }

  /** Stops it because of an error that would recur. */
  fail(error: Error): void {
    if (this.#stopping.signal.aborted) return
    const { name, queue } = this.#subscription
    this.#events.emit('consumerStopped', { subscription: name, queue, error })
    void this.#end(DEFAULT_DEADLINE, error)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #end(deadline: number, error: Error | undefined): Promise<ConsumerEnd> {
    if (!this.#stopping.signal.aborted) {
      this.#stopping.abort()
      const result = (await this.#session?.drain(deadline)) ?? { finished: 0, requeued: 0, aborted: 0 }
      await this.#keptOffset?.end()
      this.#ended({ ...result, error })
    }
    return this.stopped
  }

  async #keepConsuming(first: ConsumeSession): Promise<void> {
    let session = first
    for (let tries = 0; ;) {
      const since = performance.now()
      let reason = await session.lost
      if (this.#stopping.signal.aborted) return
      this.#emitDown(reason)
      if (performance.now() - since > STABLE_AFTER) tries = 0

      for (;;) {
        await pause(jitteredPause(RECONNECT, tries++), this.#stopping.signal)
        if (this.#stopping.signal.aborted) return
        try {
          session = await ConsumeSession.open(await this.#connection.ready(), this.#plan)
          break
        } catch (error) {
          if (error instanceof ClosedError) return
          const now = brokerReason(error)
          if (now !== reason) this.#emitDown((reason = now))
        }
      }
      this.#session = session
      if (this.#stopping.signal.aborted) {
        await session.drain(0)
        return
      }
      this.#emitUp()
      session.begin()
    }
  }

  /** Resolves with the missing delay queues, if others exist. */
  async #verify(connection: OpenConnection): Promise<readonly string[]> {
    const { name, failure } = this.#subscription
    if (failure.kind === 'native' && !delaysRejected(connection.brokerVersion)) {
      throw new RouteError(
        'NOT_SUPPORTED',
        name,
        `subscription "${name}" needs retries by the broker (mode: native), which RabbitMQ ${connection.brokerVersion} does not support`,
        `use RabbitMQ ${NATIVE_RETRY_SINCE.join('.')} or newer, or leave out mode, so that warren uses delay queues`,
      )
    }
    const check = new RouteCheck(connection)
    try {
      const { missing, missingDelays } = await check.subscription(this.#subscription)
      const error = missingError(missing)
      if (error) throw error
      return missingDelays
    } finally {
      await check.close()
    }
  }

  #emitUp(): void {
    this.#events.emit('consumerUp', { subscription: this.#subscription.name, queue: this.#subscription.queue })
  }

  #emitDown(reason: string): void {
    this.#events.emit('consumerDown', {
      subscription: this.#subscription.name,
      queue: this.#subscription.queue,
      reason,
    })
  }
}

/** The error of a consumer that the broker refuses. */
export function consumeRefused({ name, queue }: Pick<Subscription, 'name' | 'queue'>, error: unknown): RouteError {
  const hint =
    replyCode(error) === 403
      ? 'grant the user this subscription with `can: { consume: [...] }`, and check that no other consumer is exclusive'
      : 'compare the queue with its declaration by `warren plan`'
  return new RouteError(
    'CONSUME_REFUSED',
    name,
    `subscription "${name}" may not consume the queue "${queue}": ${brokerReason(error)}`,
    hint,
  )
}
