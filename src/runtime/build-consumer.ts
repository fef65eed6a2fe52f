import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Subscription } from '../model/routes.ts'
import { claimCheckOf } from './claim-checks.ts'
import type { ClaimChecks } from './claim-checks.ts'
import { consumeSettings } from './consume-options.ts'
import type { ConsumeOptions } from './consume-options.ts'
import { Consumer } from './consumer.ts'
import type { Handler } from './delivery.ts'
import { FailureCopies } from './failure-copies.ts'
import { FailureHandling } from './failure-handling.ts'
import type { Incoming } from './incoming.ts'
import { IdempotencyGuard } from './idempotency-guard.ts'
import type { IdempotencySettings } from './idempotency-settings.ts'
import { refuse, runHandler } from './handler-run.ts'
import type { HandlerPlan } from './handler-run.ts'
import { MessageReader } from './message-reading.ts'
import type { MessageCheck } from './message-schema.ts'
import type { Observer } from './observer.ts'
import type { Publisher } from './publisher.ts'
import type { ReconnectingConnection } from './reconnecting-connection.ts'
import type { RuntimeEmitter } from './runtime-events.ts'
import { StreamPosition } from './stream-position.ts'

/** What a consumer works with. */
export interface ConsumerParts {
  readonly subscription: Subscription
  readonly handler: Handler
  readonly options: ConsumeOptions
  readonly check: MessageCheck | undefined
  readonly schema: StandardSchemaV1 | undefined
  readonly connection: ReconnectingConnection
  readonly copies: Publisher
  readonly events: RuntimeEmitter
  readonly claimChecks: ClaimChecks | undefined
  readonly observer: Observer
  /** Undefined where messages are not recognised. */
  readonly idempotency: IdempotencySettings | undefined
}

/** Puts the consumer of one subscription together. */
export function buildConsumer(parts: ConsumerParts): Consumer {
  const { subscription, handler, connection, copies, events } = parts
  const { name, queue, failure } = subscription
  const settings = consumeSettings(subscription, parts.options)
  const isNative = failure.kind === 'native'
  const queueType = settings.isStream ? 'stream' : subscription.queueType
  const hasDeadLetters = failure.kind !== 'onFailure' && failure.last !== 'discard'
  const failures = new FailureHandling({
    subscription: name,
    rule: failure,
    queueType,
    brokerVersion: () => connection.current?.brokerVersion ?? '',
    copies: new FailureCopies(name, hasDeadLetters, copies, events),
    events,
    stop: (error) => consumer.fail(error),
  })
  const plan: HandlerPlan = {
    subscription: name,
    handler,
    reader: new MessageReader(subscription.message, parts.check, parts.schema),
    failures,
    idempotencyKey: subscription.idempotencyKey,
    guard: guardOf(parts, failures),
    observer: parts.observer,
    events,
    timeout: settings.timeout,
    timeoutFromReceipt: settings.timeoutFromReceipt,
    poisonAfter: settings.poisonAfter,
  }
  const consumer = new Consumer(subscription, connection, events, {
    queue,
    prefetch: settings.prefetch,
    concurrency: settings.concurrency,
    rate: settings.rateLimit,
    isCountedByBroker: isNative,
    queueType,
    position: settings.isStream ? new StreamPosition(settings.offset) : undefined,
    start: (incoming, release) => {
      const reference = claimCheckOf(incoming)
      if (reference === undefined) runHandler(plan, incoming, release)
      else void runWithPayload(plan, parts.claimChecks, reference, incoming, release)
    },
  })
  return consumer
}

/** Gets the payload first. That it cannot be had is a failed try: the store may be down, or not have it yet. */
async function runWithPayload(
  plan: HandlerPlan,
  claimChecks: ClaimChecks | undefined,
  reference: string,
  incoming: Incoming,
  release: () => void,
): Promise<void> {
  try {
    if (!claimChecks) throw new Error('its payload is kept in a store, and connect() was given no payloads')
    await claimChecks.redeem(incoming, reference)
  } catch (error) {
    return refuse(plan, incoming, { reason: 'error', error }, release)
  }
  // What was lost meanwhile comes again.
  if (incoming.session.isLive) runHandler(plan, incoming, release)
  else release()
}

function guardOf({ subscription, idempotency, events }: ConsumerParts, failures: FailureHandling) {
  if (subscription.idempotencyKey === undefined || !idempotency) return undefined
  const { name, vhost, queue } = subscription
  const scope = `${encodeURIComponent(vhost)}/${encodeURIComponent(queue)}`
  return new IdempotencyGuard({ ...idempotency, subscription: name, scope, failures, events })
}
