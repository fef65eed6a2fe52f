import type { RetrySection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Location } from '../../../diagnostics/location.ts'
import type { Arguments } from '../../../model/arguments.ts'
import { durationLabel } from '../../../model/values/duration.ts'
import { delayQueueName, failedExchangeName } from '../../../model/generated-names.ts'
import type { RetryDelay } from '../../../model/routes.ts'
import type { Binding, Queue } from '../../../model/topology.ts'
import { argumentTable } from '../objects/argument-table.ts'
import { inherited, renamedWith } from './derived-from.ts'
import type { DerivedQueue } from './derived-queue.ts'
import { DEFAULT_EXCHANGE, referToExchange, type KnownExchanges } from '../checks/known-exchanges.ts'
import { readDelays, type WrittenDelay } from './retry-delays.ts'
import type { ExpandContext } from '../expand-context.ts'

/** The key of `<queue>.failed` that leads back to the queue itself. */
export const BACK = 'back'

/** The route by which delay queues return messages. */
export interface ReturnRoute {
  readonly exchange: string
  readonly routingKey: string
  readonly origin: Location
}

/** The objects that `retry` adds to a vhost. */
export interface Ladder {
  readonly delays: readonly RetryDelay[]
  readonly queues: readonly DerivedQueue[]
  readonly bindings: readonly Binding[]
  /** Set if the return route is not `<queue>.failed`. */
  readonly via?: ReturnRoute
}

/** Makes one delay queue for each distinct delay of a queue's ladder, and its binding to `<queue>.failed`. */
export function expandRetry(scope: ExpandContext, known: KnownExchanges, queue: Queue, retry: RetrySection): Ladder {
  const written = readDelays(scope, retry)
  const via = viaOf(scope, known, queue.name, retry)
  const queueNames = nameQueues(scope, queue, written)
  const delays = written.map(({ delay }) => ({
    delay,
    routingKey: delay === 0 ? BACK : durationLabel(delay),
    queue: queueNames.get(delay) ?? queue.name,
  }))
  const distinct = written.filter(
    ({ delay }, index) => delay > 0 && written.findIndex((each) => each.delay === delay) === index,
  )
  const common = inherited(queue)
  const isNamed = (delay: number) => written.some((each) => each.delay === delay && each.queue !== undefined)
  const delayQueue = ({ delay, origin }: WrittenDelay, type: string | undefined): Queue => ({
    vhost: queue.vhost,
    name: queueNames.get(delay) ?? queue.name,
    ...(type !== undefined && { type }),
    durable: true,
    autoDelete: false,
    arguments: argumentTable({ 'x-message-ttl': delay }, returnRouteArguments(queue.name, type, via)),
    origin,
    role: { kind: 'delay', of: queue.name },
    ...common,
    ...(!isNamed(delay) && renamedWith(queue, (name) => delayQueueName(name, delay))),
  })
  return {
    delays,
    queues: distinct.map((each) => ({
      queue: delayQueue(each, queue.type),
      // Users who need safer retries than a classic queue provides declare quorum queues for them.
      ...(queue.type === 'classic' && isNamed(each.delay) && { orElse: delayQueue(each, 'quorum') }),
      purpose: 'delay',
      of: queue.name,
      named: isNamed(each.delay),
      limited: false,
    })),
    bindings: distinct.map(({ delay, origin }) => ({
      vhost: queue.vhost,
      source: failedExchangeName(queue.name),
      destinationType: 'queue',
      destination: queueNames.get(delay) ?? queue.name,
      routingKey: durationLabel(delay),
      arguments: argumentTable(),
      origin,
      ...common,
    })),
    ...(via && { via }),
  }
}

/** A quorum queue waits until the next queue has confirmed the message, so waiting cannot lose it. */
function returnRouteArguments(queue: string, type: string | undefined, via: ReturnRoute | undefined): Arguments {
  const { exchange, routingKey } = via ?? { exchange: failedExchangeName(queue), routingKey: BACK }
  return {
    'x-dead-letter-exchange': exchange,
    'x-dead-letter-routing-key': routingKey,
    ...(type === 'quorum' && { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' }),
  }
}

/** The queue for each distinct delay. Reports two names for one delay. */
function nameQueues(scope: ExpandContext, queue: Queue, written: readonly WrittenDelay[]): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  const named = new Map<number, WrittenDelay>()
  for (const each of written) {
    if (each.delay === 0) continue
    const first = named.get(each.delay)
    if (each.queue === undefined) {
      if (!first) names.set(each.delay, delayQueueName(queue.name, each.delay))
    } else if (!first) {
      named.set(each.delay, each)
      names.set(each.delay, each.queue)
    } else if (first.queue !== each.queue) {
      const args = { delay: durationLabel(each.delay), queues: [String(first.queue), each.queue] }
      scope.report(finding('delay-named-twice', args, each.origin, [{ label: 'named first', location: first.origin }]))
    }
  }
  return names
}

function viaOf(
  scope: ExpandContext,
  known: KnownExchanges,
  queue: string,
  retry: RetrySection,
): ReturnRoute | undefined {
  const { via } = retry
  if (!via) return undefined
  const origin = scope.locate(retry, 'via')
  if (via.exchange === DEFAULT_EXCHANGE) {
    const routingKey = via.routingKey ?? queue
    if (routingKey !== queue) {
      scope.report(finding('default-exchange-key', { queue, routingKey }, scope.locate(via, 'routingKey', 'value')))
    }
    return { exchange: via.exchange, routingKey, origin }
  }
  const exchange = referToExchange(scope, known, via.exchange, () => scope.locate(via, 'exchange', 'value'))
  if (via.routingKey === undefined && (exchange?.type === 'direct' || exchange?.type === 'topic')) {
    // Without a key, a message would keep that of the delay, with which it entered the delay queue.
    scope.report(finding('via-needs-routing-key', { exchange: via.exchange, type: exchange.type }, origin))
  }
  return { exchange: via.exchange, routingKey: via.routingKey ?? '', origin }
}
