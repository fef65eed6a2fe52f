import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Publication, RetryDelay, Subscription } from '../../../model/routes.ts'
import type { Queue } from '../../../model/topology.ts'
import type { FailurePath } from '../failure/failure-path.ts'
import { ALTERNATE, type KnownExchanges } from './known-exchanges.ts'
import type { BindingsByKey } from '../permissions/bindings-by-key.ts'
import { mayReach } from '../permissions/may-reach.ts'
import { parseRoutingKey } from '../routes/routing-key.ts'
import type { ExpandContext } from '../expand-context.ts'

/** How long the broker allows a delivery to remain unacknowledged by default (`consumer_timeout`), in milliseconds. */
const CONSUMER_TIMEOUT = 1_800_000

const OVERFLOW = 'x-overflow'

/** Warns about subscriptions from whose queues the broker may drop messages. */
export function warnOfSubscriptions(
  scope: ExpandContext,
  subscriptions: Iterable<Subscription>,
  queues: ReadonlyMap<string, Queue>,
): void {
  for (const subscription of subscriptions) {
    const queue = queues.get(subscription.queue)
    if (queue && !queue.external && !hasDeadLetters(subscription, queue)) {
      warnOfReturns(scope, subscription, queue)
      warnOfFullQueue(scope, subscription, queue)
    }
    warnOfTimeouts(scope, subscription)
  }
}

/** Whether the queue dead-letters dropped messages, because of an argument or the policy of `by: policy`. */
function hasDeadLetters({ failure }: Subscription, queue: Queue): boolean {
  if (Object.hasOwn(queue.arguments, 'x-dead-letter-exchange')) return true
  return failure.kind !== 'onFailure' && failure.last !== 'discard'
}

/**
 * From 4.0 on, a quorum queue without its own limit drops a message at its 21st return. From 4.3 on, `basic.nack` and
 * `basic.reject` with requeue do not count. The version of the broker is unknown here.
 */
function warnOfReturns(scope: ExpandContext, { name, origin }: Subscription, queue: Queue): void {
  if (queue.type !== 'quorum' || Object.hasOwn(queue.arguments, 'x-delivery-limit')) return
  const related = queue.origin && [{ label: 'the queue', location: queue.origin }]
  scope.report(finding('quorum-drops-returns', { queue: queue.name, subscription: name }, origin, related))
}

/**
 * By default, a full queue drops its oldest message although the broker has confirmed it. A stream is meant to do
 * this, and so is a queue that declares it.
 */
function warnOfFullQueue(scope: ExpandContext, { name, origin }: Subscription, queue: Queue): void {
  if (queue.type === 'stream' || Object.hasOwn(queue.arguments, OVERFLOW)) return
  if (!['x-max-length', 'x-max-length-bytes'].some((limit) => Object.hasOwn(queue.arguments, limit))) return
  const related = queue.origin && [{ label: 'the queue', location: queue.origin }]
  scope.report(finding('full-queue-drops', { queue: queue.name, subscription: name }, origin, related))
}

/**
 * A delivery waits for the rate limit and then for its handler; if it waits too long, the broker closes the channel.
 */
function warnOfTimeouts(scope: ExpandContext, { name, prefetch, rateLimit, timeout }: Subscription): void {
  const section = scope.vhost.subscriptions[name]
  if (!section) return
  if (prefetch !== undefined && rateLimit && (prefetch * rateLimit.per) / rateLimit.count > CONSUMER_TIMEOUT) {
    scope.report(finding('prefetch-outlasts-timeout', { subscription: name }, scope.locate(section, 'prefetch')))
  }
  if (timeout !== undefined && timeout > CONSUMER_TIMEOUT) {
    scope.report(finding('handler-outlasts-timeout', { subscription: name }, scope.locate(section, 'timeout')))
  }
}

/**
 * The property `overflow` refuses this value for a quorum queue, but a raw argument is sent to the broker unchanged.
 */
export function warnOfOverflow(scope: ExpandContext, queues: ReadonlyMap<string, Queue>): void {
  for (const [name, { arguments: table = {} }] of Object.entries(scope.vhost.queues)) {
    if (table[OVERFLOW] !== 'reject-publish-dlx' || queues.get(name)?.type !== 'quorum') continue
    scope.report(finding('raw-overflow-drops-head', { queue: name }, scope.locate(table, OVERFLOW)))
  }
}

/**
 * Warns about return routes that do not lead back to the queue. A classic delay queue then loses its messages; a
 * quorum queue keeps them.
 */
export function warnOfReturnRoutes(
  scope: ExpandContext,
  known: KnownExchanges,
  paths: Iterable<FailurePath>,
  bindings: BindingsByKey,
): void {
  for (const { via, queue } of paths) {
    if (!via) continue
    const { exchange, routingKey, origin } = via
    if (mayReach(queue.name, { exchange, routingKey, hasParameters: false }, known, bindings)) continue
    scope.report(finding('via-leads-elsewhere', { queue: queue.name, exchange, routingKey }, origin))
  }
}

/**
 * Warns once about the classic delay queues of a vhost. A classic queue dead-letters at most once: a message that has
 * waited there returns without a confirm, and is lost if its node is killed at this moment.
 */
export function warnOfClassicDelays(
  scope: ExpandContext,
  paths: Iterable<FailurePath>,
  queues: ReadonlyMap<string, Queue>,
): void {
  const isClassic = ({ delay, queue }: RetryDelay) => delay > 0 && queues.get(queue)?.type === 'classic'
  const mayLose = ({ queue: { type, durable, external }, rule }: FailurePath) =>
    // A queue that is not durable is lost together with its node anyway.
    type === 'classic' && durable && !external && rule.kind === 'ladder' && rule.delays.some(isClassic)
  const losing = [...paths].filter(mayLose).map(({ queue }) => queue.name)
  const section = scope.vhost.queues[losing[0] ?? '']
  if (section) scope.report(finding('classic-delay-may-lose', { queues: losing }, scope.locate(section, 'retry')))
}

/**
 * Warns about publications whose messages reach no queue: with `mandatory`, each publish fails; without it, each
 * message is lost.
 */
export function warnOfPublications(
  scope: ExpandContext,
  publications: Iterable<Publication>,
  known: KnownExchanges,
  bindings: BindingsByKey,
): void {
  const { policies, publications: published, requests } = scope.vhost
  if (Object.values(policies).some(({ definition }) => Object.hasOwn(definition, ALTERNATE))) return
  for (const { name, exchange, routingKey, mandatory } of publications) {
    const section = published[name] ?? requests[name]
    const parts = parseRoutingKey(routingKey)
    if (!mandatory || section?.exchange === undefined || !parts) continue
    const hasParameters = parts.some((part) => 'parameter' in part)
    if (mayReach(undefined, { exchange, routingKey, hasParameters }, known, bindings)) continue
    const location = scope.locate(section, section.routingKey === undefined ? 'exchange' : 'routingKey', 'value')
    scope.report(finding('publication-reaches-nothing', { publication: name, exchange, routingKey }, location))
  }
}
