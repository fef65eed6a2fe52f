import type { SubscriptionSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { FailureRule, Subscription } from '../../../model/routes.ts'
import type { Queue } from '../../../model/topology.ts'
import { referToQueue, type Destinations } from '../objects/bindings.ts'
import { integerWithin, readDuration, readRate } from '../values/quantity.ts'
import type { FailurePath } from '../failure/failure-path.ts'
import { expandAccepted } from './message-rule.ts'
import { placeOf, type ExpandContext } from '../expand-context.ts'
import { readOffset } from './stream-offset.ts'

/** The prefetch count of AMQP has 16 bits; 0 would mean no limit. */
const PREFETCH = { minimum: 1, maximum: 65_535 }
const CONCURRENCY = { minimum: 1, maximum: 65_535 }
/** The longest time that Node.js timers support. */
const TIMEOUT = { minimum: 1, maximum: 2_147_483_647 }

/** Makes the subscriptions of a vhost by name; `paths` contains their failure paths by queue. */
export function expandSubscriptions(
  scope: ExpandContext,
  { queues }: Destinations,
  paths: ReadonlyMap<string, FailurePath>,
): ReadonlyMap<string, Subscription> {
  return new Map(
    Object.entries(scope.vhost.subscriptions).map(([name, section]) => {
      const queue = referToQueue(scope, queues, section.queue, () => scope.locate(section, 'queue', 'value'))
      const subscription = {
        name,
        vhost: scope.vhost.name,
        queue: section.queue,
        ...(queue?.type !== undefined && { queueType: queue.type }),
        ...pace(scope, section),
        ...handling(scope, section),
        ...start(scope, section, queue),
        failure: failureOf(scope, section, queue, paths.get(section.queue)),
        origin: scope.locate(scope.vhost.subscriptions, name),
      }
      return [name, subscription]
    }),
  )
}

function pace(
  scope: ExpandContext,
  section: SubscriptionSection,
): Pick<Subscription, 'prefetch' | 'concurrency' | 'rateLimit' | 'timeout'> {
  const prefetch =
    section.prefetch === undefined
      ? undefined
      : integerWithin(section.prefetch, placeOf(scope, section, 'prefetch'), PREFETCH)
  const concurrency =
    section.concurrency === undefined
      ? undefined
      : integerWithin(section.concurrency, placeOf(scope, section, 'concurrency'), CONCURRENCY)
  const rateLimit =
    section.rateLimit === undefined ? undefined : readRate(section.rateLimit, placeOf(scope, section, 'rateLimit'))
  const timeout =
    section.timeout === undefined
      ? undefined
      : readDuration(section.timeout, placeOf(scope, section, 'timeout'), TIMEOUT)
  return {
    ...(prefetch !== undefined && { prefetch }),
    ...(concurrency !== undefined && { concurrency }),
    ...(rateLimit && { rateLimit }),
    ...(timeout !== undefined && { timeout }),
  }
}

function handling(
  scope: ExpandContext,
  section: SubscriptionSection,
): Pick<Subscription, 'idempotencyKey' | 'message'> {
  const message = expandAccepted(scope, section.message)
  return {
    ...(section.idempotencyKey !== undefined && { idempotencyKey: section.idempotencyKey }),
    ...(message && { message }),
  }
}

function start(
  scope: ExpandContext,
  section: SubscriptionSection,
  queue: Queue | undefined,
): Pick<Subscription, 'offset'> {
  if (section.offset === undefined) return {}
  const unknown = queue === undefined || (queue.external && queue.type === undefined)
  if (!unknown && queue.type !== 'stream') {
    scope.report(finding('offset-without-stream', { queue: section.queue }, scope.locate(section, 'offset')))
  }
  const offset = readOffset(section.offset, placeOf(scope, section, 'offset'))
  return offset ? { offset } : {}
}

function failureOf(
  scope: ExpandContext,
  section: SubscriptionSection,
  queue: Queue | undefined,
  path: FailurePath | undefined,
): FailureRule {
  if (path) {
    if (section.onFailure !== undefined) {
      scope.report(
        finding(
          'on-failure-with-ladder',
          { queue: section.queue },
          scope.locate(section, 'onFailure'),
          path.exchange.origin && [{ label: 'decided here', location: path.exchange.origin }],
        ),
      )
    }
    return path.rule
  }
  const deliveryLimit = queue?.arguments['x-delivery-limit']
  return {
    kind: 'onFailure',
    action: section.onFailure ?? 'requeue',
    ...(typeof deliveryLimit === 'number' && { deliveryLimit }),
  }
}
