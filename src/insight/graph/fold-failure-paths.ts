import { consumedQueues } from '../../model/routes.ts'
import { deadLetterQueueName, failedExchangeName } from '../../model/generated-names.ts'
import type { Binding, Queue } from '../../model/topology.ts'
import { parseDuration } from '../../model/values/duration.ts'
import { groupByKey } from '../../model/values/group-by-key.ts'
import type { RoutedVhost } from '../routing/routed-vhost.ts'
import type { FoldedFailure } from './graph.ts'

/**
 * Finds the failure paths that serve only one queue, by the name of this queue: its exchange `<queue>.failed`, the queues
 * in which messages wait for a retry, and the dead-letter queue. Anything that another object uses too is not folded.
 */
export function foldFailurePaths(vhost: RoutedVhost): ReadonlyMap<string, FoldedFailure> {
  const uses = usesOf(vhost)
  const paths = new Map<string, FoldedFailure>()
  for (const queue of vhost.topology.queues) {
    const folded = foldPath(queue, vhost, uses)
    if (folded !== undefined) paths.set(queue.name, folded)
  }
  return paths
}

/** The references between the objects of a virtual host. */
interface Uses {
  readonly fromExchange: ReadonlyMap<string, readonly Binding[]>
  readonly toQueue: ReadonlyMap<string, readonly Binding[]>
  /** The sources of bindings to other exchanges, and the targets of these. */
  readonly linkedExchanges: ReadonlySet<string>
  readonly published: ReadonlySet<string>
  readonly consumed: ReadonlySet<string>
  /** How many queues dead-letter to an exchange and key, as JSON. */
  readonly deadLettering: ReadonlyMap<string, number>
}

function usesOf({ topology, routes, model }: RoutedVhost): Uses {
  const deadLettering = new Map<string, number>()
  for (const { name } of topology.queues) {
    for (const { deadLetter } of model.settings(name)?.options ?? []) {
      if (deadLetter === undefined) continue
      const key = targetKey(deadLetter.exchange, deadLetter.routingKey)
      deadLettering.set(key, (deadLettering.get(key) ?? 0) + 1)
    }
  }
  return {
    fromExchange: groupByKey(topology.bindings, ({ source }) => source),
    toQueue: groupByKey(
      topology.bindings.filter(({ destinationType }) => destinationType === 'queue'),
      ({ destination }) => destination,
    ),
    linkedExchanges: new Set(
      topology.bindings.flatMap((each) => (each.destinationType === 'exchange' ? [each.source, each.destination] : [])),
    ),
    published: new Set(
      routes.publications.map(({ exchange, routingKey }) => (exchange === '' ? `queue ${routingKey}` : exchange)),
    ),
    consumed: new Set(routes.subscriptions.flatMap(consumedQueues)),
    deadLettering,
  }
}

function targetKey(exchange: string, routingKey: string | undefined): string {
  return JSON.stringify([exchange, routingKey])
}

function foldPath(queue: Queue, vhost: RoutedVhost, uses: Uses): FoldedFailure | undefined {
  const failed = failedExchangeName(queue.name)
  const native = nativeRetryOf(queue.name, vhost)
  const exchange = vhost.model.exchange(failed)
  const isOwn = exchange !== undefined && !uses.linkedExchanges.has(failed) && !uses.published.has(failed)
  const dead = deadLetterQueueOf(queue, vhost, uses)
  const delays = isOwn ? delayQueuesOf(queue, vhost, uses) : []
  const ownQueues = new Set([queue.name, ...delays.map(({ name }) => name), ...(dead === undefined ? [] : [dead])])
  const bindings = uses.fromExchange.get(failed) ?? []
  const isFolded = isOwn && bindings.length > 0 && bindings.every(({ destination }) => ownQueues.has(destination))
  if (!isFolded) return native && { delays: [], native, folded: { exchanges: [], queues: [] } }
  return {
    delays: delays.map(({ delay }) => delay).toSorted((one, other) => one - other),
    ...(native && { native }),
    ...(dead !== undefined && { deadLetterQueue: dead }),
    folded: { exchanges: [failed], queues: [...ownQueues].filter((name) => name !== queue.name).toSorted() },
  }
}

function nativeRetryOf(name: string, { routes }: RoutedVhost): FoldedFailure['native'] {
  for (const { queue, failure } of routes.subscriptions) {
    if (queue !== name || failure.kind !== 'native') continue
    return { min: failure.min, max: failure.max, attempts: failure.attempts }
  }
  return undefined
}

/** The dead-letter queue, if only this queue uses it and no program consumes it. */
function deadLetterQueueOf({ name }: Queue, { model }: RoutedVhost, uses: Uses): string | undefined {
  const [settings, ...others] = model.settings(name)?.options ?? []
  const target = settings?.deadLetter
  const dead = deadLetterQueueName(name)
  const failed = failedExchangeName(name)
  if (others.length > 0 || target?.exchange !== failed || model.queue(dead) === undefined) return undefined
  const isTarget = (uses.fromExchange.get(failed) ?? []).some(
    (each) => each.destination === dead && each.routingKey === target.routingKey,
  )
  const isShared = (uses.deadLettering.get(targetKey(failed, target.routingKey)) ?? 0) > 1
  return isTarget &&
    !isShared &&
    isUsedOnlyBy(failed, dead, uses) &&
    model.exchange(failedExchangeName(dead)) === undefined
    ? dead
    : undefined
}

/**
 * The queues in which failed messages wait. Their routing key is their delay, which is also the time to live of their
 * messages.
 */
function delayQueuesOf({ name }: Queue, { model }: RoutedVhost, uses: Uses) {
  const failed = failedExchangeName(name)
  return (uses.fromExchange.get(failed) ?? []).flatMap(({ destinationType, destination, routingKey }) => {
    const delay = /^[1-9]/.test(routingKey) ? parseDuration(routingKey) : undefined
    const [settings] = model.settings(destination)?.options ?? []
    const waits = destinationType === 'queue' && delay !== undefined && settings?.messageTtl === delay
    return waits && isUsedOnlyBy(failed, destination, uses) ? [{ name: destination, delay }] : []
  })
}

function isUsedOnlyBy(exchange: string, queue: string, uses: Uses): boolean {
  const bindings = uses.toQueue.get(queue) ?? []
  return (
    bindings.every(({ source }) => source === exchange) &&
    !uses.consumed.has(queue) &&
    !uses.published.has(`queue ${queue}`)
  )
}
