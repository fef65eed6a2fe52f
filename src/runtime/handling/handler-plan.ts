import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Subscription } from '../../model/routes.ts'
import type { ConsumeSettings } from '../consume/consume-options.ts'
import type { Handler } from '../consume/delivery.ts'
import type { Failure } from '../failure/failure.ts'
import { FailureCopies } from '../failure/failure-copies.ts'
import type { CopyPublisher } from '../failure/failure-copies.ts'
import { FailureHandling } from '../failure/failure-handling.ts'
import type { HandlerPlan } from './handler-run.ts'
import { IdempotencyGuard } from './idempotency-guard.ts'
import type { IdempotencySettings } from './idempotency-settings.ts'
import { MessageReader } from '../consume/message-reading.ts'
import type { MessageCheck } from '../routes/message-schema.ts'
import type { Observer } from '../events/observer.ts'
import type { RuntimeEmitter } from '../events/runtime-events.ts'

/** What the deliveries of one subscription are handled with, on a broker or in a test. */
export interface HandlerParts {
  readonly subscription: Subscription
  readonly handler: Handler
  readonly settings: ConsumeSettings
  readonly check: MessageCheck | undefined
  readonly schema: StandardSchemaV1 | undefined
  /** Undefined where messages are not recognised. */
  readonly idempotency: IdempotencySettings | undefined
  readonly copies: CopyPublisher
  readonly events: RuntimeEmitter
  readonly observer: Observer
  readonly brokerVersion: () => string
  /** Ends the consumer because of an error. */
  readonly stop: (error: Error, failure: Failure) => void
}

/** Puts together how the handler of a subscription runs, and what happens to what fails. */
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
    reader: new MessageReader(subscription.message, parts.check, parts.schema),
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

/** `classic`, `quorum` or `stream`; undefined where the topology leaves it open. */
export function queueTypeOf({ queueType }: Subscription, { isStream }: ConsumeSettings): string | undefined {
  return isStream ? 'stream' : queueType
}
