import type { SubscriptionSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Location } from '../../../diagnostics/location.ts'
import type { FailureRule, PartitionSharing, StreamOffset, Subscription } from '../../../model/routes.ts'
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

/** What the subscriptions of a vhost need to know of other objects. */
export interface OfOthers {
  /** By queue. */
  readonly paths: ReadonlyMap<string, FailurePath>
  /** By subscription to a super stream. */
  readonly sharing: ReadonlyMap<string, PartitionSharing>
}

/** Makes the subscriptions of a vhost by name. */
export function expandSubscriptions(
  scope: ExpandContext,
  { queues }: Destinations,
  { paths, sharing }: OfOthers,
): ReadonlyMap<string, Subscription> {
  return new Map(
    Object.entries(scope.vhost.subscriptions).map(([name, section]) => {
      const origin = scope.locate(scope.vhost.subscriptions, name)
      const subscription = {
        name,
        vhost: scope.vhost.name,
        ...sourceOf(scope, section, origin, { queues, paths, shared: sharing.get(name) }),
        ...pace(scope, section),
        ...handling(scope, section),
        origin,
      }
      return [name, subscription]
    }),
  )
}

type Source = Pick<Subscription, 'queue' | 'queueType' | 'sharing' | 'offset' | 'failure'>

/** The queue or super stream of a subscription, with the settings that depend on it. */
function sourceOf(
  scope: ExpandContext,
  section: SubscriptionSection,
  origin: Location,
  {
    queues,
    paths,
    shared,
  }: Pick<Destinations, 'queues'> & Pick<OfOthers, 'paths'> & { shared?: PartitionSharing | undefined },
): Source {
  const { queue: name = '', superStream } = section
  if ((section.queue === undefined) === (superStream === undefined)) {
    scope.report(finding('subscription-source', {}, origin))
  }
  if (superStream !== undefined && shared) {
    const failure: FailureRule = { kind: 'onFailure', action: section.onFailure ?? 'requeue' }
    return { queue: superStream, queueType: 'stream', sharing: shared, offset: sharedStart(scope, section), failure }
  }
  const queue =
    section.queue === undefined
      ? undefined
      : referToQueue(scope, queues, name, () => scope.locate(section, 'queue', 'value'))
  return {
    queue: name,
    ...(queue?.type !== undefined && { queueType: queue.type }),
    ...start(scope, section, queue),
    failure: failureOf(scope, section, queue, paths.get(name)),
  }
}

/**
 * Where a partition begins of which no offset is stored yet. `next` and `last` would mean a later position for the
 * worker that takes the partition over, and one number cannot fit several partitions.
 */
function sharedStart(scope: ExpandContext, section: SubscriptionSection): StreamOffset {
  const first = { kind: 'first' } as const
  if (section.offset === undefined) return first
  const place = placeOf(scope, section, 'offset')
  const offset = readOffset(section.offset, place)
  if (offset === undefined || offset.kind === 'first' || offset.kind === 'time') return offset ?? first
  scope.report(finding('super-stream-offset', { offset: String(section.offset) }, place.location))
  return first
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
    scope.report(finding('offset-without-stream', { queue: queue.name }, scope.locate(section, 'offset')))
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
          { queue: path.queue.name },
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
