import type { Subscription } from '../model/routes.ts'
import { consumeSettings } from './consume-options.ts'
import type { ConsumeOptions } from './consume-options.ts'
import { Consumer } from './consumer.ts'
import type { Handler } from './delivery.ts'
import type { FailureHandling } from './failure.ts'
import { FailureCopies } from './failure-copies.ts'
import { FailureInPlace } from './failure-in-place.ts'
import { FailureLadder } from './failure-ladder.ts'
import { FailureNative } from './failure-native.ts'
import { runHandler } from './handler-run.ts'
import type { HandlerPlan } from './handler-run.ts'
import { MessageReader } from './message-reading.ts'
import type { MessageCheck } from './message-schema.ts'
import type { Publisher } from './publisher.ts'
import { RateLimit } from './rate-limit.ts'
import type { ReconnectingConnection } from './reconnecting-connection.ts'
import type { RuntimeEmitter } from './runtime-events.ts'
import { StreamPosition } from './stream-position.ts'

/** What a consumer works with. */
export interface ConsumerParts {
  readonly subscription: Subscription
  readonly handler: Handler
  readonly options: ConsumeOptions
  readonly check: MessageCheck | undefined
  readonly connection: ReconnectingConnection
  readonly copies: Publisher
  readonly events: RuntimeEmitter
}

/** Puts the consumer of one subscription together. */
export function buildConsumer(parts: ConsumerParts): Consumer {
  const { subscription, handler, connection, copies, events } = parts
  const { name, queue, failure } = subscription
  const settings = consumeSettings(subscription, parts.options)
  const isNative = failure.kind === 'native'
  const returns = {
    queueType: settings.isStream ? 'stream' : subscription.queueType,
    brokerVersion: () => connection.current?.brokerVersion ?? '',
  }
  function failureHandling(): FailureHandling {
    switch (failure.kind) {
      case 'ladder':
        return new FailureLadder(failure, new FailureCopies(name, copies, events))
      case 'native':
        return new FailureNative(name, failure, new FailureCopies(name, copies, events), events)
      case 'onFailure':
        return new FailureInPlace(name, failure, returns, events, (error) => consumer.fail(error))
    }
  }
  const plan: HandlerPlan = {
    subscription: name,
    handler,
    reader: new MessageReader(subscription.message, parts.check),
    failures: failureHandling(),
    idempotencyKey: subscription.idempotencyKey,
    timeout: settings.timeout,
    timeoutFromReceipt: settings.timeoutFromReceipt,
    poisonAfter: settings.poisonAfter,
  }
  const consumer = new Consumer(subscription, connection, events, {
    queue,
    prefetch: settings.prefetch,
    concurrency: settings.concurrency,
    rate: settings.rateLimit && new RateLimit(settings.rateLimit),
    isCountedByBroker: isNative,
    position: settings.isStream ? new StreamPosition(settings.offset) : undefined,
    start: (incoming, release) => runHandler(plan, incoming, release),
  })
  return consumer
}
