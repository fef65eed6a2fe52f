import type { QueueSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Arguments } from '../../../model/arguments.ts'
import { failedExchangeName } from '../../../model/generated-names.ts'
import type { FailureRule } from '../../../model/routes.ts'
import type { Binding, Exchange, Policy, Queue } from '../../../model/topology.ts'
import { argumentTable } from '../objects/argument-table.ts'
import { expandDeadLetter } from './dead-letter.ts'
import { inherited, renamedWith } from './derived-from.ts'
import { NEVER_BY_RETURNS, type DerivedQueue } from './derived-queue.ts'
import type { KnownExchanges } from '../checks/known-exchanges.ts'
import { expandNativeRetry, type NativeRetry } from './native-retry.ts'
import { reportTwice } from '../objects/queue-properties.ts'
import type { DeclaredQueue } from '../objects/queues.ts'
import { BACK, expandRetry, type ReturnRoute } from './retry.ts'
import type { ExpandContext } from '../expand-context.ts'

/** The objects that a queue with `retry` or `deadLetter` adds to its vhost. */
export interface FailurePath {
  /** The queue, with the arguments that `retry` and `deadLetter` add. */
  readonly queue: Queue
  /** `<queue>.failed`. */
  readonly exchange: Exchange
  readonly queues: readonly DerivedQueue[]
  readonly bindings: readonly Binding[]
  readonly rule: Exclude<FailureRule, { kind: 'onFailure' }>
  readonly via?: ReturnRoute
  /** The policy for `deadLetter: { by: policy }`. */
  readonly policy?: Policy
}

/**
 * Makes all objects that a failed message of a queue passes through. Those of an external queue are external too:
 * they have to exist for the runtime, and are never changed.
 */
export function expandFailurePath(
  scope: ExpandContext,
  known: KnownExchanges,
  { queue, section }: DeclaredQueue,
): FailurePath | undefined {
  const { retry, deadLetter } = section
  if (!retry && !deadLetter) return undefined
  if (!reportType(scope, queue, section)) return undefined
  reportContradictions(scope, queue, section)
  const dead = expandDeadLetter(scope, known, queue, section)
  const native = retry?.mode === 'native' ? expandNativeRetry(scope, queue, retry) : undefined
  const ladder = retry && retry.mode !== 'native' ? expandRetry(scope, known, queue, retry) : undefined
  const origin = scope.locate(section, retry ? 'retry' : 'deadLetter')
  const common = inherited(queue)
  const failed = failedExchangeName(queue.name)
  const complete = {
    ...queue,
    arguments: argumentTable(queue.arguments, addedArguments(queue, dead?.arguments, native)),
  }
  const limit = complete.arguments['x-delivery-limit']
  const deliveryLimit = typeof limit === 'number' ? limit : undefined
  if (native) reportLimit(scope, section, native, deliveryLimit)
  return {
    queue: complete,
    exchange: {
      vhost: queue.vhost,
      name: failed,
      type: 'direct',
      durable: true,
      autoDelete: false,
      internal: false,
      arguments: argumentTable(),
      origin,
      ...common,
      ...renamedWith(queue, failedExchangeName),
    },
    queues: [...(dead?.queue ? [dead.queue] : []), ...(ladder?.queues ?? [])],
    bindings: [
      {
        vhost: queue.vhost,
        source: failed,
        destinationType: 'queue',
        destination: queue.name,
        routingKey: BACK,
        arguments: argumentTable(),
        origin,
        ...common,
      },
      ...(dead?.binding ? [dead.binding] : []),
      ...(ladder?.bindings ?? []),
    ],
    rule: {
      ...(native
        ? { kind: 'native', exchange: failed, min: native.min, max: native.max, attempts: native.attempts }
        : { kind: 'ladder', exchange: failed, delays: ladder?.delays ?? [] }),
      last: dead?.last ?? 'discard',
      ...(deliveryLimit !== undefined && { deliveryLimit }),
    },
    ...(ladder?.via && { via: ladder.via }),
    ...(dead?.policy && { policy: dead.policy }),
  }
}

/**
 * Without dead letters, the broker must not drop a message before the ladder has ended. With native retry, the limit
 * is two deliveries above the number of attempts. If a worker dies during the last attempt, the runtime dead-letters
 * the message with a reason. If the message then crashes the runtime too, the broker drops it.
 */
function addedArguments(queue: Queue, dead: Arguments | undefined, native: NativeRetry | undefined): Arguments {
  const limited = queue.type !== 'quorum' || Object.hasOwn(queue.arguments, 'x-delivery-limit')
  const limit = dead ? native && native.attempts + 2 : NEVER_BY_RETURNS
  return { ...dead, ...native?.arguments, ...(!limited && limit !== undefined && { 'x-delivery-limit': limit }) }
}

/** If the limit of the broker is lower, the broker drops the message before its retries are used up. */
function reportLimit(
  scope: ExpandContext,
  section: QueueSection,
  { attempts }: NativeRetry,
  limit: number | undefined,
): void {
  if (limit === undefined || limit < 0 || limit >= attempts) return
  const place = section.deliveryLimit === undefined ? (section.arguments ?? section) : section
  const key = section.deliveryLimit === undefined ? 'x-delivery-limit' : 'deliveryLimit'
  scope.report(finding('native-limit-too-low', { limit, attempts }, scope.locate(place, key)))
}

function reportType(scope: ExpandContext, { type, external }: Queue, section: QueueSection): boolean {
  // A missing type was already reported, and the type of an external queue may be unknown.
  if (type === 'classic' || type === 'quorum' || type === undefined) return true
  if (external && type !== 'stream') return true
  for (const property of ['retry', 'deadLetter'] as const) {
    if (!section[property]) continue
    scope.report(
      finding(
        'property-not-of-type',
        { property, type, types: ['classic', 'quorum'] },
        scope.locate(section, property),
      ),
    )
  }
  return false
}

function reportContradictions(scope: ExpandContext, queue: Queue, section: QueueSection): void {
  const { retry, deadLetter } = section
  if (retry && !deadLetter && retry.then !== 'discard') {
    scope.report(finding('retry-without-dead-letter', {}, scope.locate(section, 'retry')))
  }
  if (retry?.then === 'discard' && deadLetter) {
    scope.report(
      finding('discard-and-dead-letter', {}, scope.locate(retry, 'then'), [
        { label: 'deadLetter', location: scope.locate(section, 'deadLetter') },
      ]),
    )
  }
  for (const argument of ['x-dead-letter-exchange', 'x-dead-letter-routing-key', 'x-dead-letter-strategy']) {
    reportTwice(scope, section, deadLetter ? 'deadLetter' : 'retry', argument)
  }
  // A message that returns from an at-most-once delay queue to a full queue would be lost.
  if (retry && queue.type === 'classic' && queue.arguments['x-overflow'] === 'reject-publish') {
    const place = section.overflow === undefined ? (section.arguments ?? section) : section
    const key = section.overflow === undefined ? 'x-overflow' : 'overflow'
    scope.report(finding('retry-into-full-queue', {}, scope.locate(place, key)))
  }
  // If the queue is deleted, waiting messages have no return route.
  if (retry && (section.autoDelete || section.expires !== undefined)) {
    const property = section.autoDelete ? 'autoDelete' : 'expires'
    scope.report(finding('retry-into-vanishing-queue', { property }, scope.locate(section, property)))
  }
}
