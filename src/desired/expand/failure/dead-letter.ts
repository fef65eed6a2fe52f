import type { DeadLetterSection, QueueSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Location } from '../../../diagnostics/location.ts'
import type { Arguments } from '../../../model/arguments.ts'
import { deadLetterQueueName, failedExchangeName } from '../../../model/generated-names.ts'
import type { Binding, Policy, Queue } from '../../../model/topology.ts'
import { argumentTable, argumentText } from '../objects/argument-table.ts'
import { bindDeadLetterQueue, deadLetterQueue } from './dead-letter-queue.ts'
import type { DerivedQueue, LastRoute } from './derived-queue.ts'
import {
  DEFAULT_EXCHANGE,
  referToExchange,
  type KnownExchange,
  type KnownExchanges,
} from '../checks/known-exchanges.ts'
import { literally } from '../../../model/values/name-pattern.ts'
import type { ExpandContext } from '../expand-context.ts'

/** The key of `<queue>.failed` that leads to the dead-letter queue. */
const DEAD = 'dead'

/** The objects that `deadLetter` adds to a vhost. */
export interface DeadLetters {
  readonly last: LastRoute
  /** The arguments to add to the queue itself. */
  readonly arguments: Arguments
  /** The dead-letter queue; undefined with `queue: false`. The default exchange needs no binding. */
  readonly queue?: DerivedQueue
  readonly binding?: Binding
  /** With `by: policy`, used instead of the arguments. */
  readonly policy?: Policy
}

/** Makes the dead-letter queue of a queue with its binding, and the arguments that route there. */
export function expandDeadLetter(
  scope: ExpandContext,
  known: KnownExchanges,
  queue: Queue,
  section: QueueSection,
): DeadLetters | undefined {
  if (!section.deadLetter) return undefined
  const deadLetter = section.deadLetter === true ? {} : section.deadLetter
  const exchange = exchangeOf(scope, known, deadLetter)
  const last = lastRoute(scope, queue, deadLetter)
  const table = routeArguments(scope, queue, deadLetter, last)
  const policy = deadLetter.by === 'policy' ? deadLetterPolicy(scope, queue, deadLetter, table) : undefined
  const route = { last, ...(policy ? { arguments: argumentTable(), policy } : { arguments: table }) }
  if (deadLetter.queue === false) {
    reportWithoutQueue(scope, deadLetter)
    return route
  }
  const derived = deadLetterQueue(scope, queue, section, deadLetter)
  if (last.exchange === DEFAULT_EXCHANGE) return { ...route, queue: derived }
  return { ...route, queue: derived, binding: bindDeadLetterQueue(scope, derived, deadLetter, last, exchange) }
}

function exchangeOf(
  scope: ExpandContext,
  known: KnownExchanges,
  deadLetter: DeadLetterSection,
): KnownExchange | undefined {
  if (deadLetter.exchange === undefined || deadLetter.exchange === DEFAULT_EXCHANGE) return undefined
  const at = (): Location => scope.locate(deadLetter, 'exchange', 'value')
  const exchange = referToExchange(scope, known, deadLetter.exchange, at)
  // The runtime publishes there too, which the broker refuses on an internal exchange.
  if (exchange?.internal) scope.report(finding('internal-exchange', { exchange: exchange.name }, at()))
  return exchange
}

function lastRoute(scope: ExpandContext, queue: Queue, deadLetter: DeadLetterSection): LastRoute {
  const { exchange, routingKey } = deadLetter
  if (exchange === DEFAULT_EXCHANGE) return { exchange, routingKey: defaultExchangeKey(scope, queue, deadLetter) }
  if (exchange !== undefined) return { exchange, routingKey: routingKey ?? queue.name }
  if (routingKey !== undefined && routingKey !== DEAD) {
    scope.report(finding('dead-letter-key-is-fixed', { routingKey }, scope.locate(deadLetter, 'routingKey')))
  }
  return { exchange: failedExchangeName(queue.name), routingKey: DEAD }
}

/** Every queue is bound to the default exchange only by its own name. */
function defaultExchangeKey(scope: ExpandContext, queue: Queue, deadLetter: DeadLetterSection): string {
  const { queue: written, routingKey } = deadLetter
  if (written === false) {
    if (routingKey === undefined || routingKey === queue.name) {
      scope.report(finding('default-exchange-without-queue', {}, scope.locate(deadLetter, 'exchange', 'value')))
    } else if (!scope.vhost.queues[routingKey]) {
      const args = {
        queue: routingKey,
        vhost: scope.vhost.name,
        ...scope.suggest('queue', routingKey, Object.keys(scope.vhost.queues)),
      }
      scope.report(finding('unknown-queue', args, scope.locate(deadLetter, 'routingKey', 'value')))
    }
    return routingKey ?? ''
  }
  const name = written || deadLetterQueueName(queue.name)
  if (routingKey !== undefined && routingKey !== name) {
    const at = scope.locate(deadLetter, 'routingKey', 'value')
    scope.report(finding('default-exchange-key', { queue: name, routingKey }, at))
  }
  return name
}

/**
 * The arguments that set the route of dead letters. A quorum queue keeps dead letters until the next queue has
 * confirmed them, but the broker does this only with `reject-publish` (rabbit_quorum_queue: `dlh/5`).
 */
function routeArguments(scope: ExpandContext, queue: Queue, deadLetter: DeadLetterSection, last: LastRoute): Arguments {
  const route = { 'x-dead-letter-exchange': last.exchange, 'x-dead-letter-routing-key': last.routingKey }
  const overflow = queue.arguments['x-overflow'] ?? 'reject-publish'
  const possible = queue.type === 'quorum' && overflow === 'reject-publish'
  if (deadLetter.strategy === 'at-least-once' && !possible && !queue.external) {
    const args = queue.type === 'quorum' ? { overflow: argumentText(overflow) } : { type: queue.type }
    scope.report(finding('at-least-once-impossible', args, scope.locate(deadLetter, 'strategy')))
  }
  return possible && deadLetter.strategy !== 'at-most-once'
    ? { ...route, 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': overflow }
    : route
}

/**
 * Only one policy applies to a queue, so this one needs a higher priority than general ones; `carryOver` adds their
 * keys.
 */
export const PRIORITY = 100

/** The policy that sets the route of dead letters for an existing queue, whose arguments cannot be changed. */
function deadLetterPolicy(scope: ExpandContext, queue: Queue, deadLetter: DeadLetterSection, table: Arguments): Policy {
  const definition = Object.fromEntries(Object.entries(table).map(([name, value]) => [name.replace(/^x-/, ''), value]))
  return {
    vhost: queue.vhost,
    name: failedExchangeName(queue.name),
    pattern: `^${literally(queue.name).join('')}$`,
    applyTo: 'queues',
    priority: PRIORITY,
    definition: argumentTable(definition),
    origin: scope.locate(deadLetter, 'by'),
  }
}

/** Reports limits of a dead-letter queue that is not derived. */
function reportWithoutQueue(scope: ExpandContext, deadLetter: DeadLetterSection): void {
  for (const property of ['messageTtl', 'maxLength', 'maxLengthBytes'] as const) {
    if (deadLetter[property] === undefined) continue
    scope.report(finding('limits-without-queue', { property }, scope.locate(deadLetter, property)))
  }
}

/** Reports queues without a dead-letter queue whose dead letters match no binding. */
export function reportLostDeadLetters(
  scope: ExpandContext,
  queues: Iterable<string>,
  bindingsFrom: (source: string) => readonly Binding[],
): void {
  for (const name of queues) {
    const deadLetter = scope.vhost.queues[name]?.deadLetter
    if (typeof deadLetter !== 'object' || deadLetter.queue !== false || deadLetter.exchange !== undefined) continue
    const exchange = failedExchangeName(name)
    if (bindingsFrom(exchange).some(({ routingKey }) => routingKey === DEAD)) continue
    scope.report(finding('dead-letters-lost', { exchange }, scope.locate(deadLetter, 'queue')))
  }
}
