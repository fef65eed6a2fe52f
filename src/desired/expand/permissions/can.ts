import { consumedQueues, coordinationQueues, type Publication } from '../../../model/routes.ts'
import type { Request, Subscription } from '../../../model/routes.ts'
import type { Binding, DestinationType, Exchange, Queue } from '../../../model/topology.ts'
import type { FailurePath } from '../failure/failure-path.ts'
import type { KnownExchanges } from '../checks/known-exchanges.ts'
import { literally } from '../../../model/values/name-pattern.ts'
import { anyKeyOf, parseRoutingKey } from '../routes/routing-key.ts'
import { addTopicKey, noRights, resourceName, type Rights } from './rights.ts'

/** All objects of one vhost that rights may refer to. */
export interface VhostObjects {
  readonly knownExchanges: KnownExchanges
  readonly exchanges: ReadonlyMap<string, Exchange>
  readonly queues: ReadonlyMap<string, Queue>
  /** The bindings of one destination. */
  readonly bindingsTo: (destinationType: DestinationType, destination: string) => readonly Binding[]
  /** The bindings of one source. */
  readonly bindingsFrom: (source: string) => readonly Binding[]
  /** By the name of the queue with the failure path. */
  readonly failurePaths: ReadonlyMap<string, FailurePath>
  readonly publications: ReadonlyMap<string, Publication>
  readonly subscriptions: ReadonlyMap<string, Subscription>
}

/** The routes of one user. */
export interface UserRoutes {
  /** Requests that it sends are included: receiving their replies needs no right. */
  readonly publications: readonly Publication[]
  readonly subscriptions: readonly Subscription[]
  /** The requests that it answers; their subscriptions are among `subscriptions`. */
  readonly answered: readonly Request[]
  /** Whether the user's programs declare the objects of their routes. */
  readonly declare: boolean
}

/**
 * Collects the minimal permissions for the routes (rabbit_channel:check_write_permitted and its siblings): publishing
 * writes to the exchange, consuming reads the queue, and a consumer also publishes failed messages.
 */
export function rightsFor(routes: UserRoutes, objects: VhostObjects): Rights {
  const rights = noRights()
  for (const publication of routes.publications) addPublishing(rights, publication, objects)
  for (const subscription of routes.subscriptions) addConsuming(rights, subscription, objects)
  // The broker checks the exchange of a reply, and not the queue amq.rabbitmq.reply-to.….
  if (routes.answered.length > 0) rights.write.add(resourceName(''))
  if (!routes.declare) return rights
  for (const { exchange, routingKey, delays = [] } of routes.publications) {
    for (const delay of delays) {
      addDeclaringExchange(rights, delay.exchange, objects)
      addDeclaringQueue(rights, delay.queue, objects)
    }
    if (exchange === '') addDeclaringQueue(rights, routingKey, objects)
    else addDeclaringExchange(rights, exchange, objects)
  }
  for (const subscription of routes.subscriptions) {
    for (const queue of [...consumedQueues(subscription), ...coordinationQueues(subscription)]) {
      addDeclaringQueue(rights, queue, objects)
    }
  }
  return rights
}

function addPublishing(rights: Rights, publication: Publication, objects: VhostObjects): void {
  const { exchange, delays = [] } = publication
  rights.write.add(resourceName(exchange))
  for (const delay of delays) rights.write.add(delay.exchange)
  const checked = [...(checksKeys(objects, exchange) ? [exchange] : []), ...delays.map((each) => each.exchange)]
  for (const each of checked) addKeys(rights, each, publication)
}

/** Adds the keys of a publication on a topic exchange. */
function addKeys(rights: Rights, exchange: string, { routingKey, headers }: Publication): void {
  addTopicKey(rights, exchange, 'write', anyKeyOf(parseRoutingKey(routingKey) ?? []))
  // The broker checks each routing key of a message.
  for (const copies of [headers['CC'], headers['BCC']]) {
    if (!Array.isArray(copies)) continue
    for (const key of copies) if (typeof key === 'string') addTopicKey(rights, exchange, 'write', literally(key))
  }
}

function addConsuming(rights: Rights, subscription: Subscription, objects: VhostObjects): void {
  const { failure } = subscription
  for (const queue of [...consumedQueues(subscription), ...coordinationQueues(subscription)]) rights.read.add(queue)
  if (failure.kind === 'onFailure') return
  rights.write.add(failure.exchange)
  if (failure.last === 'discard') return
  const { exchange, routingKey } = failure.last
  rights.write.add(resourceName(exchange))
  if (checksKeys(objects, exchange)) addTopicKey(rights, exchange, 'write', literally(routingKey))
}

/**
 * Whether the broker checks routing keys on an exchange. An external one without a declared type may be a topic
 * exchange. On any other type, topic permissions have no effect.
 */
function checksKeys({ knownExchanges }: VhostObjects, name: string): boolean {
  const exchange = knownExchanges.get(name)
  return exchange !== undefined && (exchange.type === 'topic' || exchange.type === undefined)
}

/**
 * Declaring an exchange with an alternate exchange needs to read the former and to write to the latter
 * (rabbit_channel: exchange.declare).
 */
function addDeclaringExchange(rights: Rights, name: string, objects: VhostObjects): void {
  const exchange = objects.exchanges.get(name)
  if (exchange && !exchange.external) {
    rights.configure.add(name)
    const alternate = exchange.arguments['alternate-exchange']
    if (typeof alternate === 'string') {
      rights.read.add(name)
      rights.write.add(resourceName(alternate))
    }
  }
  for (const binding of objects.bindingsTo('exchange', name)) addBinding(rights, binding, objects)
}

/** Adds the rights to declare a queue with everything that its failed messages pass through. */
function addDeclaringQueue(rights: Rights, name: string, objects: VhostObjects): void {
  addDeclaringOneQueue(rights, name, objects)
  for (const binding of objects.bindingsTo('queue', name)) addBinding(rights, binding, objects)
  const path = objects.failurePaths.get(name)
  if (!path || path.queue.external) return
  rights.configure.add(path.exchange.name)
  for (const { queue } of path.queues) addDeclaringOneQueue(rights, queue.name, objects)
  for (const binding of path.bindings) addBinding(rights, binding, objects)
}

/**
 * Declaring a queue with a dead-letter exchange needs to read the queue and to write to the exchange (rabbit_channel:
 * queue.declare).
 */
function addDeclaringOneQueue(rights: Rights, name: string, { queues }: VhostObjects): void {
  const queue = queues.get(name)
  if (!queue || queue.external) return
  rights.configure.add(name)
  const deadLetterExchange = queue.arguments['x-dead-letter-exchange']
  if (typeof deadLetterExchange !== 'string') return
  rights.read.add(name)
  rights.write.add(resourceName(deadLetterExchange))
}

/**
 * Binding needs to write to the destination and to read the source, on a topic exchange with this key
 * (rabbit_channel: binding_action).
 */
function addBinding(rights: Rights, binding: Binding, objects: VhostObjects): void {
  if (binding.external) return
  rights.write.add(resourceName(binding.destination))
  rights.read.add(resourceName(binding.source))
  if (checksKeys(objects, binding.source)) {
    addTopicKey(rights, binding.source, 'read', literally(binding.routingKey))
  }
}
