import { consumedQueues } from '../../model/routes.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { GraphNode, QueueNode } from '../../insight/graph/graph.ts'
import { possibleQueues } from '../../insight/routing/reach.ts'
import type { RoutedVhost } from '../../insight/routing/routed-vhost.ts'
import { messageOf, traceQueueByName } from '../../insight/trace/trace.ts'
import type { Arguments } from '../../model/arguments.ts'
import { objectId, routeId } from '../../model/names/node-id.ts'
import { type Winner, winnersOf } from '../../model/policies/winning-policies.ts'
import { fateLines, queueFacts } from '../../render/trace/queue-words.ts'
import { durationWords } from '../../render/words/duration-words.ts'
import { exchangeText } from '../../render/words/exchange-text.ts'
import { reachWords } from '../../render/words/reach-words.ts'
import { showText } from '../../render/words/show-value.ts'
import { bindingLabel, usersText } from '../../render/trace/trace-text.ts'

/** A fact about a node: one value, or several. */
export interface Fact {
  readonly label: string
  readonly values: readonly FactValue[]
}

/** A string, and the node that it leads to. */
export interface FactValue {
  readonly text: string
  readonly node?: string
}

/** Lists the facts about a node, without its findings. */
export function nodeFacts(node: GraphNode, vhost: RoutedVhost): Fact[] {
  return [
    fact('Vhost', showText(node.vhost)),
    ...optional('Owner', node.owner === undefined ? [] : [text(showText(node.owner))]),
    ...ownFacts(node, vhost),
  ]
}

function ownFacts(node: GraphNode, vhost: RoutedVhost): Fact[] {
  switch (node.kind) {
    case 'exchange':
      return exchangeFacts(node.name, vhost)
    case 'queue':
      return queueNodeFacts(node, vhost)
    case 'publication':
      return publicationFacts(node.name, vhost)
    case 'subscription':
      return subscriptionFacts(node.name, vhost)
  }
}

function exchangeFacts(name: string, vhost: RoutedVhost): Fact[] {
  const { topology, routes, model } = vhost
  const exchange = model.exchange(name)
  if (exchange === undefined) return [fact('Type', 'does not exist, or is built into the broker')]
  const flags = [...(exchange.durable ? ['durable'] : ['transient']), ...flag('auto-delete', exchange.autoDelete)]
  const out = topology.bindings.filter(({ source }) => source === name)
  const into = topology.bindings.filter((each) => each.destinationType === 'exchange' && each.destination === name)
  return [
    fact('Type', [exchange.type, ...flags, ...flag('internal', exchange.internal)].join(', ')),
    ...argumentFacts(exchange.arguments),
    ...policyFacts('Policy', winnersOf(topology, model.version).policies.ofExchange(exchange)),
    ...optional(
      'Bound to',
      into.map((each) => toNode(`${showText(each.source)} with ${bindingLabel(each)}`, 'exchange', vhost, each.source)),
    ),
    ...optional(
      'Bindings',
      out.map((each) =>
        toNode(
          `${bindingLabel(each)} → ${each.destinationType === 'exchange' ? 'exchange ' : ''}${showText(each.destination)}`,
          each.destinationType,
          vhost,
          each.destination,
        ),
      ),
    ),
    ...optional(
      'Published by',
      routes.publications
        .filter((each) => each.exchange === name)
        .map((each) => toRoute('publication', vhost, each.name)),
    ),
  ]
}

function queueNodeFacts({ name, failure, figures }: QueueNode, vhost: RoutedVhost): Fact[] {
  const { routes, model } = vhost
  const queue = model.queue(name)
  const trace = traceQueueByName(vhost, name)
  if (queue === undefined || trace === undefined) return [fact('Type', 'does not exist')]
  const publishing = routes.publications.filter((each) =>
    possibleQueues(model.route(each.exchange, messageOf(each))).includes(name),
  )
  const { policies, operatorPolicies } = model.winners(queue)
  return [
    fact(
      'Type',
      [queueFacts(trace.queue), ...flag('transient', !queue.durable), ...flag('auto-delete', queue.autoDelete)].join(
        ', ',
      ),
    ),
    ...(figures === undefined ? [] : [fact('Now', figureWords(figures))]),
    ...argumentFacts(queue.arguments),
    ...policyFacts('Policy', policies),
    ...policyFacts('Operator policy', operatorPolicies),
    ...optional(
      'Bound to',
      trace.bindings.map((each) =>
        toNode(`${showText(each.source)} with ${bindingLabel(each)}`, 'exchange', vhost, each.source),
      ),
    ),
    ...optional(
      'Published by',
      publishing.map((each) => toRoute('publication', vhost, each.name)),
    ),
    ...optional(
      'Consumed by',
      trace.subscriptions.map((each) => toRoute('subscription', vhost, each)),
    ),
    ...optional('May consume', [text(usersText(trace.mayConsume))]),
    ...fateLines(trace.queue).map(([label, words]) => fact(capital(label), words)),
    ...optional(
      'Folded in',
      [...(failure?.folded.exchanges ?? []), ...(failure?.folded.queues ?? [])].map((each) => text(showText(each))),
    ),
  ]
}

function publicationFacts(name: string, vhost: RoutedVhost): Fact[] {
  const publication = vhost.routes.publications.find((each) => each.name === name)
  if (publication === undefined) return []
  const { exchange, routingKey, partitionKeys, headers, expiration, priority } = publication
  const { persistent, mandatory, confirm } = publication
  const reach = vhost.model.route(exchange, messageOf(publication))
  return [
    fact('Exchange', toNode(exchangeText(exchange), 'exchange', vhost, exchange)),
    fact('Key', routingKey === '' ? '(no key)' : showText(routingKey)),
    ...argumentFacts(headers, 'Headers'),
    ...optional('Expires', expiration === undefined ? [] : [text(`after ${durationWords(expiration)}`)]),
    ...optional('Priority', priority === undefined ? [] : [text(String(priority))]),
    ...optional(
      'Delivery',
      [...flag('persistent', persistent), ...flag('mandatory', mandatory), ...flag('confirmed', confirm)].map(text),
    ),
    reach.choices.length + reach.doubts.length > 0 || partitionKeys
      ? fact('Reaches', partitionKeys ? `one of ${countOf(partitionKeys.length, 'partition')}` : reachWords(reach))
      : {
          label: 'Reaches',
          values:
            reach.queues.length === 0
              ? [text('no queue')]
              : reach.queues.map((queue) => toNode(showText(queue), 'queue', vhost, queue)),
        },
  ]
}

function subscriptionFacts(name: string, vhost: RoutedVhost): Fact[] {
  const subscription = vhost.routes.subscriptions.find((each) => each.name === name)
  if (subscription === undefined) return []
  const { queue, sharing, prefetch, concurrency, timeout } = subscription
  const [consumed = queue] = consumedQueues(subscription)
  const traced = traceQueueByName(vhost, consumed)
  const failures = traced?.queue.failures.filter((each) => each.subscription === name) ?? []
  return [
    sharing
      ? fact('Super stream', toNode(showText(queue), 'exchange', vhost, queue))
      : fact('Queue', toNode(showText(queue), 'queue', vhost, queue)),
    ...optional('Prefetch', prefetch === undefined ? [] : [text(withCommas(prefetch))]),
    ...optional('Handlers', concurrency === undefined ? [] : [text(`${withCommas(concurrency)} at a time`)]),
    ...optional('Timeout', timeout === undefined ? [] : [text(durationWords(timeout))]),
    ...(traced === undefined
      ? []
      : fateLines({ ...traced.queue, failures })
          .filter(([label]) => label === 'fails')
          .map(([label, words]) => fact(capital(label), words))),
  ]
}

/** The figures of a queue in words. */
export function figureWords({ messages, consumers, waiting, dead }: NonNullable<QueueNode['figures']>): string {
  return [
    messages === undefined ? 'messages unknown' : countOf(messages, 'message'),
    consumers === undefined ? 'consumers unknown' : countOf(consumers, 'consumer'),
    ...(waiting === undefined || waiting === 0 ? [] : [`${withCommas(waiting)} waiting for a retry`]),
    ...(dead === undefined || dead === 0 ? [] : [countOf(dead, 'dead letter')]),
  ].join(', ')
}

function text(words: string): FactValue {
  return { text: words }
}

function fact(label: string, value: string | FactValue): Fact {
  return { label, values: [typeof value === 'string' ? text(value) : value] }
}

function optional(label: string, values: readonly FactValue[]): Fact[] {
  return values.length === 0 ? [] : [{ label, values }]
}

function flag(word: string, isSet: boolean): string[] {
  return isSet ? [word] : []
}

function argumentFacts(table: Arguments, label = 'Arguments'): Fact[] {
  return optional(
    label,
    Object.entries(table).map(([name, value]) => text(`${showText(name)} = ${JSON.stringify(value)}`)),
  )
}

function policyFacts(label: string, winners: readonly Winner[]): Fact[] {
  const which = winners.length > 1 ? 'one of these' : ''
  return optional(label, [
    ...(which === '' ? [] : [text(which)]),
    ...winners.map(({ policy }) => text(showText(policy.name))),
  ])
}

function toNode(words: string, kind: 'exchange' | 'queue', { name: vhost }: RoutedVhost, name: string): FactValue {
  return { text: words, node: objectId(kind, vhost, name) }
}

function toRoute(kind: 'publication' | 'subscription', { name: vhost }: RoutedVhost, name: string): FactValue {
  return { text: showText(name), node: routeId(kind, vhost, name) }
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}
