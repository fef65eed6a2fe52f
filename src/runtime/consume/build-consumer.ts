import { claimCheckOf } from '../payloads/claim-checks.ts'
import type { ClaimChecks } from '../payloads/claim-checks.ts'
import { consumeSettings } from './consume-options.ts'
import type { ConsumeOptions } from './consume-options.ts'
import { BrokerConsumer } from './consumer.ts'
import { handlerPlan, queueTypeOf } from '../handling/handler-plan.ts'
import type { HandlerParts } from '../handling/handler-plan.ts'
import { refuse, runHandler } from '../handling/handler-run.ts'
import type { HandlerPlan } from '../handling/handler-run.ts'
import type { Incoming } from './incoming.ts'
import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts'
import { StreamPosition } from './stream-position.ts'

/** What a consumer works with. */
export interface ConsumerParts extends Omit<HandlerParts, 'settings' | 'brokerVersion' | 'stop'> {
  readonly options: ConsumeOptions
  readonly connection: ReconnectingConnection
  readonly claimChecks: ClaimChecks | undefined
}

/** Puts the consumer of one subscription together. */
export function buildConsumer({ options, connection, claimChecks, ...parts }: ConsumerParts): BrokerConsumer {
  const { subscription, events } = parts
  const settings = consumeSettings(subscription, options)
  const plan = handlerPlan({
    ...parts,
    settings,
    brokerVersion: () => connection.current?.brokerVersion ?? '',
    stop: (error) => consumer.fail(error),
  })
  const consumer = new BrokerConsumer(subscription, connection, events, {
    queue: subscription.queue,
    prefetch: settings.prefetch,
    concurrency: settings.concurrency,
    rate: settings.rateLimit,
    isCountedByBroker: subscription.failure.kind === 'native',
    queueType: queueTypeOf(subscription, settings),
    position: settings.isStream ? new StreamPosition(settings.offset) : undefined,
    start: (incoming, release) => {
      const reference = claimCheckOf(incoming)
      if (reference === undefined) runHandler(plan, incoming, release)
      else void runWithPayload(plan, claimChecks, reference, incoming, release)
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
