import type { ArgumentsSection, IncomingBinding } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Location } from '../../../diagnostics/location.ts'
import { canonicalJson } from '../../../model/address.ts'
import { slotOf, type SlotRule } from '../../../model/binding-slot.ts'
import { excessiveLength } from '../../../model/generated-names.ts'
import { isRefusedWeight, isUnlistable, localRandomProblem } from '../../../model/broker-tables/binding-key.ts'
import type { Binding, DestinationType, Queue } from '../../../model/topology.ts'
import { argumentTable, argumentText } from './argument-table.ts'
import { referToExchange, type KnownExchanges } from '../checks/known-exchanges.ts'
import type { ExpandContext } from '../expand-context.ts'

/** The objects that the bindings of a vhost may refer to. */
export interface Destinations {
  readonly exchanges: KnownExchanges
  readonly queues: ReadonlyMap<string, Queue>
}

/** A binding as written, and the positions of its parts. */
interface WrittenBinding {
  readonly source: string
  readonly destinationType: DestinationType
  readonly destination: string
  readonly routingKey?: string | undefined
  readonly arguments?: ArgumentsSection | undefined
  readonly origin: Location
  /** Computed only for findings, because a large topology has many bindings. */
  readonly sourceAt: () => Location
  /** Absent if the binding is declared inside its destination. */
  readonly destinationAt?: () => Location
  readonly routingKeyAt: () => Location
}

/** Expands the declared bindings of a vhost. Reports references to missing objects, and impossible bindings. */
export function expandBindings(scope: ExpandContext, destinations: Destinations): Binding[] {
  const { vhost } = scope
  const written = [
    ...Object.entries(vhost.exchanges).flatMap(([name, { bindings }]) => incoming(scope, 'exchange', name, bindings)),
    ...Object.entries(vhost.queues).flatMap(([name, { bindings }]) => incoming(scope, 'queue', name, bindings)),
    ...apart(scope),
  ]
  return written.map((each) => {
    reportReferences(scope, destinations, each)
    reportTable(scope, destinations, each)
    return {
      vhost: vhost.name,
      source: each.source,
      destinationType: each.destinationType,
      destination: each.destination,
      routingKey: each.routingKey ?? '',
      arguments: argumentTable(each.arguments ?? {}),
      origin: each.origin,
    }
  })
}

function incoming(
  { locate }: ExpandContext,
  destinationType: DestinationType,
  destination: string,
  bindings: readonly IncomingBinding[] = [],
): WrittenBinding[] {
  return bindings.map((each, index) => {
    const origin = locate(bindings, index)
    if (typeof each === 'string')
      return { source: each, destinationType, destination, origin, sourceAt: () => origin, routingKeyAt: () => origin }
    return {
      source: each.exchange,
      destinationType,
      destination,
      routingKey: each.routingKey,
      arguments: each.arguments,
      origin,
      sourceAt: () => locate(each, 'exchange', 'value'),
      routingKeyAt: () => locate(each, 'routingKey', 'value'),
    }
  })
}

function apart({ vhost: { bindings }, locate }: ExpandContext): WrittenBinding[] {
  return bindings.map((each, index) => {
    const toQueue = 'queue' in each.destination
    const destination = 'queue' in each.destination ? each.destination.queue : each.destination.exchange
    return {
      source: each.source,
      destinationType: toQueue ? 'queue' : 'exchange',
      destination,
      routingKey: each.routingKey,
      arguments: each.arguments,
      origin: locate(bindings, index),
      sourceAt: () => locate(each, 'source', 'value'),
      destinationAt: () => locate(each.destination, toQueue ? 'queue' : 'exchange', 'value'),
      routingKeyAt: () => locate(each, 'routingKey', 'value'),
    }
  })
}

function reportReferences(scope: ExpandContext, { exchanges, queues }: Destinations, each: WrittenBinding): void {
  referToExchange(scope, exchanges, each.source, each.sourceAt)
  if (!each.destinationAt) return
  if (each.destinationType === 'exchange') referToExchange(scope, exchanges, each.destination, each.destinationAt)
  else referToQueue(scope, queues, each.destination, each.destinationAt)
}

/** Finds the queue that a declaration refers to; reports one that does not exist. */
export function referToQueue(
  scope: ExpandContext,
  queues: ReadonlyMap<string, Queue>,
  name: string,
  at: () => Location,
): Queue | undefined {
  const queue = queues.get(name)
  if (queue) return queue
  const args = { queue: name, vhost: scope.vhost.name, ...scope.suggest('queue', name, queues.keys()) }
  scope.report(finding('unknown-queue', args, at()))
  return undefined
}

const MATCHES = ['all', 'any', 'all-with-x', 'any-with-x']

function reportTable(scope: ExpandContext, { exchanges, queues }: Destinations, each: WrittenBinding): void {
  const bytes = excessiveLength(each.routingKey ?? '')
  if (bytes !== undefined) {
    scope.report(finding('routing-key-too-long', { bytes }, each.routingKeyAt()))
  }
  const type = exchanges.get(each.source)?.type
  const routingKey = each.routingKey ?? ''
  if (isRefusedWeight(type, routingKey)) {
    const at = each.routingKey === undefined ? each.origin : each.routingKeyAt()
    scope.report(finding('binding-weight', { routingKey }, at))
  }
  const { destinationType, destination } = each
  const queueType = destinationType === 'queue' ? queues.get(destination)?.type : undefined
  const problem = localRandomProblem(type, { routingKey, destinationType, queueType })
  if (problem !== undefined) {
    const at = problem === 'key' ? each.routingKeyAt() : each.origin
    scope.report(finding('binding-local-random', { problem, routingKey, destinationType, destination, queueType }, at))
  }
  const match = each.arguments?.['x-match']
  if (!each.arguments || match === undefined || type !== 'headers') return
  // rabbit_exchange_type_headers:validate_binding/2
  if (!MATCHES.some((known) => known === match)) {
    scope.report(
      finding('unknown-x-match', { match: argumentText(match) }, scope.locate(each.arguments, 'x-match', 'value')),
    )
  }
}

/**
 * Merges declared and derived bindings. Reports bindings that are equal for the broker, if they are declared twice,
 * or declared and derived. Equal derived bindings are merged. Also reports two bindings in the same slot of their
 * exchange, because the broker would ignore one of them.
 */
export function mergeBindings(
  scope: ExpandContext,
  exchanges: KnownExchanges,
  declared: readonly Binding[],
  derived: readonly Binding[],
): Binding[] {
  const byHand = new Map<string, Binding>()
  const merged = new Map<string, Binding>()
  const slots = new Map<string, Binding>()
  for (const each of declared) {
    const identity = identityOf(each)
    const first = byHand.get(identity)
    if (first) {
      reportDuplicate(scope, each, first)
      continue
    }
    byHand.set(identity, each)
    const rule = exchanges.get(each.source)?.slotRule
    if (rule === undefined) continue
    const slot = slotOf(rule, each)
    const taken = slots.get(slot)
    if (taken) reportSlotTaken(scope, rule, each, taken)
    else slots.set(slot, each)
  }
  for (const each of derived) {
    const identity = identityOf(each)
    const first = byHand.get(identity)
    if (first) reportDuplicate(scope, first, each)
    else if (!merged.has(identity)) merged.set(identity, each)
  }
  const all = [...byHand.values(), ...merged.values()]
  for (const each of all) reportUnlistable(scope, each)
  return all
}

function reportUnlistable(scope: ExpandContext, binding: Binding): void {
  const { routingKey, origin, external } = binding
  if (!external && isUnlistable(binding)) scope.report(finding('binding-breaks-lists', { routingKey }, origin))
}

/** A binding is identified by its ends, its key and its arguments. */
function identityOf({ source, destinationType, destination, routingKey, arguments: table }: Binding): string {
  return JSON.stringify([source, destinationType, destination, routingKey]) + canonicalJson(table)
}

function reportSlotTaken(scope: ExpandContext, rule: SlotRule, second: Binding, first: Binding): void {
  const { source, destination, destinationType } = second
  scope.report(
    finding(
      'binding-slot-taken',
      { source, destination, destinationType, rule, keys: [first.routingKey, second.routingKey] },
      second.origin,
      first.origin && [{ label: 'also here', location: first.origin }],
    ),
  )
}

function reportDuplicate(scope: ExpandContext, second: Binding, first: Binding): void {
  const { source, destination, destinationType, routingKey } = second
  scope.report(
    finding(
      'duplicate-binding',
      { source, destination, destinationType, routingKey },
      second.origin,
      first.origin && [{ label: 'also here', location: first.origin }],
    ),
  )
}
