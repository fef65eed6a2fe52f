import { withCode } from '../../diagnostics/error-code.ts'
import type { Handler } from './handler-delivery.ts'
import { HandlerDeliveryView } from './handler-delivery.ts'
import type { ClockTimer } from '../clock.ts'
import type { Failure } from '../failure/failure.ts'
import { aboutDelivery } from '../failure/failure.ts'
import type { IdempotencyLease } from './idempotency-guard.ts'
import type { Delivery } from './delivery.ts'
import { idempotencyKeyOf, MessageReader } from './reading/message-reading.ts'
import type { Observer } from '../events/observer.ts'
import type { RuntimeEmitter } from '../events/runtime-events.ts'
import { maskThrown } from '../../model/secrets/mask-thrown.ts'
import { failureText } from '../../broker/amqp/messages/warren-headers.ts'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Subscription } from '../../model/routes.ts'
import type { ConsumeSettings } from './consume-options.ts'
import { FailureCopies } from '../failure/failure-copies.ts'
import type { CopyPublisher } from '../failure/failure-copies.ts'
import { type AnswerFailure, FailureHandling } from '../failure/failure-handling.ts'
import { IdempotencyGuard } from './idempotency-guard.ts'
import type { IdempotencySettings } from './idempotency-settings.ts'
import type { MessageCheck } from '../routes/message-schema.ts'

/** The handler did not end in time. */
export class HandlerTimeoutError extends Error {
  override readonly name = 'HandlerTimeoutError'
  readonly code = 'HANDLER_TIMEOUT'

  constructor(subscription: string, queue: string, milliseconds: number) {
    super(`the handler of subscription "${subscription}" (queue "${queue}") did not end within ${milliseconds} ms`)
  }
}

/** The message was delivered repeatedly without being acknowledged, so it may crash its workers. */
export class PoisonError extends Error {
  override readonly name = 'PoisonError'
  readonly code = 'POISON_MESSAGE'

  constructor(returns: number) {
    super(`the message was delivered ${returns} times before without being acknowledged`)
  }
}

/** The parts that run the handler of one subscription. */
export interface HandlerPlan {
  readonly subscription: string
  readonly handler: Handler
  readonly reader: MessageReader
  readonly failures: FailureHandling
  readonly idempotencyKey: string | undefined
  /** Undefined if the subscription has no `idempotencyKey`. */
  readonly guard: IdempotencyGuard | undefined
  readonly observer: Observer
  readonly events: RuntimeEmitter
  /** In milliseconds. */
  readonly timeout: number
  /** Whether the time that the delivery waited in this process counts towards the timeout. */
  readonly timeoutFromReceipt: boolean
  /** A message that was requeued more often is dead-lettered as poison. */
  readonly poisonAfter: number
}

/**
 * Runs the handler of one delivery: reads and checks the message, calls the handler, and settles the delivery by the
 * outcome. Only the first outcome counts: a handler that ends after its timeout changes nothing.
 */
export function runHandler(plan: HandlerPlan, delivery: Delivery, release: () => void): void {
  if (delivery.returns > plan.poisonAfter && plan.failures.parksPoison) {
    return refuse(plan, delivery, { reason: 'poison', error: new PoisonError(delivery.returns) }, release)
  }
  const read = readMessage(plan.reader, delivery)
  if ('wrong' in read) {
    return refuse(
      plan,
      delivery,
      { reason: 'invalid', error: withCode('INVALID_MESSAGE', new Error(read.wrong)) },
      release,
    )
  }
  const work: Work = { body: read.body, key: idempotencyKeyOf(plan.idempotencyKey, delivery, read.body) }
  if (!plan.guard) return run(plan, delivery, work, release)
  if (work.key === undefined) {
    plan.events.emit('keyMissing', aboutDelivery(plan.subscription, delivery))
    return run(plan, delivery, work, release)
  }
  void acquireAndRun(plan, delivery, { ...work, acquiring: plan.guard.acquire(delivery, work.key) }, release)
}

/** Reads a message with a validator that may throw, for example on a very deeply nested body. */
function readMessage(reader: MessageReader, delivery: Delivery): ReturnType<MessageReader['read']> {
  try {
    return reader.read(delivery)
  } catch (error) {
    return { wrong: `the message could not be checked: ${failureText(error)}` }
  }
}

async function acquireAndRun(
  plan: HandlerPlan,
  delivery: Delivery,
  { acquiring, ...work }: Work & { acquiring: ReturnType<IdempotencyGuard['acquire']> },
  release: () => void,
): Promise<void> {
  const lease = await acquiring
  if (lease === 'duplicate') plan.observer.handling(plan.subscription, delivery)?.end('duplicate')
  if (lease === 'duplicate' || lease === 'later') release()
  else run(plan, delivery, { ...work, lease }, release)
}

/** The input of one run of a handler. */
interface Work {
  readonly body: unknown
  readonly key: string | undefined
  readonly lease?: IdempotencyLease
}

/** Settles a delivery whose handler must not run, as a failed attempt. */
export function refuse(plan: HandlerPlan, delivery: Delivery, failure: Failure, release: () => void): void {
  plan.observer.handling(plan.subscription, delivery)?.end(failure.reason, failure.error)
  if (delivery.session.isLive) plan.failures.failed(delivery, failure)
  release()
}

function run(plan: HandlerPlan, delivery: Delivery, { body, key, lease }: Work, release: () => void): void {
  let isOver = false
  let timer: ClockTimer | undefined
  const { clock } = delivery.session
  const since = plan.timeoutFromReceipt ? delivery.receivedAt : clock.now()
  const watched = plan.observer.handling(plan.subscription, delivery)
  const handle = (): unknown => plan.handler(body, new HandlerDeliveryView(plan.subscription, delivery, key))
  try {
    const result = watched ? watched.run(handle) : handle()
    if (!isThenable(result)) return succeeded()
    // A handler that has already ended needs no timer: creating one is a large part of the cost of a message.
    timer = clock.setTimeout(timedOut, Math.max(0, plan.timeout - (clock.now() - since)))
    result.then(succeeded, failed)
  } catch (error) {
    failed(error)
  }

  function succeeded(): void {
    if (!finish()) return
    if (lease) void lease.complete().then(acknowledge)
    else acknowledge()
  }

  function acknowledge(): void {
    const isAcknowledged = delivery.ack()
    watched?.end(isAcknowledged ? 'done' : 'lost')
    release()
  }

  function failed(thrown: unknown): void {
    if (!finish()) return
    // From here on the error appears in events, logs, traces and the headers of copies.
    const error = maskThrown(thrown, plan.events.secrets)
    // Stopping the consumer aborted the handler, which is not a failure of the message.
    if (!delivery.isAborted) return end({ reason: 'error', error })
    releaseLease(() => {
      const isRequeued = delivery.requeue()
      watched?.end(isRequeued ? 'requeued' : 'lost', error)
      release()
    })
  }

  function timedOut(): void {
    if (!finish()) return
    const error = new HandlerTimeoutError(plan.subscription, delivery.queue, plan.timeout)
    delivery.abort(error)
    end({ reason: 'timeout', error })
  }

  function finish(): boolean {
    if (isOver) return false
    isOver = true
    clock.clearTimeout(timer)
    return true
  }

  function end(failure: Failure): void {
    releaseLease(() => {
      const { isLive } = delivery.session
      watched?.end(isLive ? failure.reason : 'lost', failure.error)
      // A lost delivery is redelivered, and a copy of it would be a duplicate.
      if (isLive) plan.failures.failed(delivery, failure)
      release()
    })
  }

  /** Releases the lease first, so that the next attempt can acquire it. */
  function releaseLease(then: () => void): void {
    if (lease) void lease.release().then(then)
    else then()
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** The parts that handle the deliveries of one subscription, on a broker or in a test. */
export interface HandlerParts {
  readonly subscription: Subscription
  readonly handler: Handler
  readonly settings: ConsumeSettings
  readonly check: MessageCheck | undefined
  readonly schema: StandardSchemaV1 | undefined
  /** The checks of accepted older versions, by version. */
  readonly olderChecks?: ReadonlyMap<string, MessageCheck>
  /** Undefined if the runtime does not detect duplicates. */
  readonly idempotency: IdempotencySettings | undefined
  readonly copies: CopyPublisher
  readonly events: RuntimeEmitter
  readonly observer: Observer
  readonly brokerVersion: () => string
  /** For the consumer of a responder. */
  readonly answerFailure?: AnswerFailure | undefined
  /** Ends the consumer because of an error. */
  readonly stop: (error: Error, failure: Failure) => void
}

/** Builds the plan by which the handler of a subscription runs and its failures are handled. */
export function handlerPlan(parts: HandlerParts): HandlerPlan {
  const { subscription, settings, events, idempotency } = parts
  const { name, vhost, queue, failure } = subscription
  const hasDeadLetters = failure.kind !== 'onFailure' && failure.last !== 'discard'
  const failures = new FailureHandling({
    subscription: name,
    rule: failure,
    queueType: queueTypeOf(subscription, settings),
    brokerVersion: parts.brokerVersion,
    copies: new FailureCopies(name, hasDeadLetters, parts.copies, events),
    events,
    answerFailure: parts.answerFailure,
    stop: parts.stop,
  })
  const scope = `${encodeURIComponent(vhost)}/${encodeURIComponent(queue)}`
  const guard =
    subscription.idempotencyKey !== undefined && idempotency
      ? new IdempotencyGuard({ ...idempotency, subscription: name, scope, failures, events })
      : undefined
  return {
    subscription: name,
    handler: parts.handler,
    reader: new MessageReader(subscription.message, parts.check, parts.schema, {
      toCurrent: settings.toCurrent,
      olderChecks: parts.olderChecks,
    }),
    failures,
    idempotencyKey: subscription.idempotencyKey,
    guard,
    observer: parts.observer,
    events,
    timeout: settings.timeout,
    timeoutFromReceipt: settings.timeoutFromReceipt,
    poisonAfter: settings.poisonAfter,
  }
}

/** `classic`, `quorum` or `stream`; undefined if the topology does not specify it. */
export function queueTypeOf({ queueType }: Subscription, { isStream }: ConsumeSettings): string | undefined {
  return isStream ? 'stream' : queueType
}
