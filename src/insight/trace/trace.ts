import { consumedQueues, PARTITION_KEY, type Publication } from '../../model/routes.ts'
import { partitionOf } from '../../model/routing/partition-hash.ts'
import type { Headers } from '../routing/headers-index.ts'
import type { RoutedVhost } from '../routing/routed-vhost.ts'
import type { Message } from '../routing/vhost-model.ts'
import type { Reach } from '../routing/reach.ts'
import { type TracedBinding, type TracedExchange, traceExchanges } from './traced-exchange.ts'
import { type TracedQueue, traceQueue } from './traced-queue.ts'
import { type UsersAllowed, usersWhoMay } from './users-allowed.ts'

/** The route of a message, or the facts of a queue. */
export type Trace = MessageTrace | QueueTrace

/** The queues that a message reaches, and what happens to it there. */
export interface MessageTrace {
  readonly kind: 'message'
  readonly vhost: string
  /** The version of the broker whose rules apply, such as `4.3.6`. */
  readonly brokerVersion: string
  /** The publication that was traced, if one was. */
  readonly publication?: string
  readonly routingKey: string
  readonly headers: Headers
  /** The exchange that it is published to, with its matching bindings. */
  readonly exchange: TracedExchange
  readonly reach: Reach
  /** The number of bindings on the route that do not match. */
  readonly notMatched: number
  /** The users who may publish it. */
  readonly mayPublish: UsersAllowed
}

/** The facts of a queue, regardless of the message in it. */
export interface QueueTrace {
  readonly kind: 'queue'
  readonly vhost: string
  readonly brokerVersion: string
  readonly queue: TracedQueue
  /** The bindings that lead to it, except for that of the default exchange. */
  readonly bindings: readonly Pick<TracedBinding, 'routingKey' | 'arguments' | 'source'>[]
  /** The subscriptions that consume from it. */
  readonly subscriptions: readonly string[]
  /** The users who may consume from it. */
  readonly mayConsume: UsersAllowed
}

/**
 * Follows a message from an exchange to its queues.
 *
 * @param exchange its name; empty for the default exchange
 * @param publication the name of the publication whose message it is
 */
export function traceMessage(
  vhost: RoutedVhost,
  exchange: string,
  message: Message,
  publication?: string,
): MessageTrace {
  const { model } = vhost
  const { root, reach, notMatched } = traceExchanges(vhost, exchange, message)
  return {
    kind: 'message',
    vhost: vhost.name,
    brokerVersion: model.version,
    ...(publication !== undefined && { publication }),
    routingKey: message.routingKey,
    headers: message.headers ?? {},
    exchange: root,
    reach,
    notMatched,
    mayPublish: usersWhoMay(vhost, { exchange: { name: exchange, type: root.type }, message }),
  }
}

/** Lists the facts of a queue; undefined if there is no such queue. */
export function traceQueueByName(vhost: RoutedVhost, name: string): QueueTrace | undefined {
  const { model, topology, routes } = vhost
  const queue = model.queue(name)
  if (queue === undefined) return undefined
  return {
    kind: 'queue',
    vhost: vhost.name,
    brokerVersion: model.version,
    queue: traceQueue(vhost, queue, { routingKey: name }),
    bindings: topology.bindings
      .filter(({ destinationType, destination }) => destinationType === 'queue' && destination === name)
      .map(({ source, routingKey, arguments: table }) => ({ source, routingKey, arguments: table })),
    subscriptions: routes.subscriptions.filter((each) => consumedQueues(each).includes(name)).map((each) => each.name),
    mayConsume: usersWhoMay(vhost, { queue: name }),
  }
}

/**
 * The message of a publication.
 *
 * @param parameters the values of the `{parameter}` parts of its routing key
 */
export function messageOf(publication: Publication, parameters: Readonly<Record<string, string>> = {}): Message {
  const { routingKey, partitionKeys, headers, expiration, priority } = publication
  const { [PARTITION_KEY]: key } = parameters
  const chosen = partitionKeys && key !== undefined ? partitionOf(partitionKeys, key) : undefined
  return {
    routingKey: chosen ?? routingKey.replaceAll(/\{([^{}]*)\}/g, (part, name: string) => parameters[name] ?? part),
    headers,
    ...(expiration !== undefined && { expiration }),
    ...(priority !== undefined && { priority }),
  }
}
