import type { ArgumentsSection } from '../declaration/document.ts'
import { finding } from '../../diagnostics/findings/finding.ts'
import type { Binding, Exchange, Queue } from '../../model/topology.ts'
import { ALTERNATE, type KnownExchanges } from './checks/known-exchanges.ts'
import { type Takes, withKey } from './permissions/may-reach.ts'
import type { ExpandContext } from './expand-context.ts'

/** The expanded objects of a vhost that determine the routes of messages. */
export interface Ways {
  readonly known: KnownExchanges
  readonly exchanges: ReadonlyMap<string, Exchange>
  readonly queues: ReadonlyMap<string, Queue>
  readonly bindingsFrom: (source: string) => readonly Binding[]
  readonly bindingsTo: (type: 'queue', name: string) => readonly Binding[]
}

const EXCHANGE = 'dead-letter-exchange'
const KEY = 'dead-letter-routing-key'

/**
 * Warns about dead letters and unroutable messages that go to an exchange without a declared binding for them. The
 * broker silently drops them, or keeps them forever if it dead-letters at least once.
 */
export function warnOfDeadEnds(scope: ExpandContext, ways: Ways): void {
  const leads = new Leads(ways)
  const { queues, policies, operatorPolicies, exchanges } = scope.vhost
  for (const [queue, section] of Object.entries(queues)) {
    if (section.external) continue
    if (section.arguments) warnOfDeadLetters(scope, ways, leads, { table: section.arguments, prefix: 'x-', queue })
    const { deadLetter } = section
    if (typeof deadLetter !== 'object' || deadLetter.queue !== false || deadLetter.exchange === undefined) continue
    const { exchange, routingKey = queue } = deadLetter
    if (!ways.known.has(exchange) || leads.somewhere(exchange, routingKey)) continue
    const place = scope.locate(deadLetter, deadLetter.routingKey === undefined ? 'exchange' : 'routingKey', 'value')
    scope.report(finding('dead-letters-reach-nothing', { exchange, routingKey }, place))
  }
  for (const { definition } of [policies, operatorPolicies].flatMap((each) => Object.values(each))) {
    warnOfDeadLetters(scope, ways, leads, { table: definition, prefix: '' })
    warnOfAlternate(scope, ways, leads, definition, ALTERNATE)
  }
  for (const section of Object.values(exchanges)) {
    if (section.external) continue
    if (section.alternateExchange !== undefined) warnOfAlternate(scope, ways, leads, section, 'alternateExchange')
    else if (section.arguments) warnOfAlternate(scope, ways, leads, section.arguments, ALTERNATE)
  }
}

/** A table that may set the destination of dead letters. */
interface DeadLetterTable {
  readonly table: ArgumentsSection
  readonly prefix: '' | 'x-'
  /** The queue of these arguments; absent for a policy, which may apply to any queue. */
  readonly queue?: string
}

function warnOfDeadLetters(
  scope: ExpandContext,
  ways: Ways,
  leads: Leads,
  { table, prefix, queue }: DeadLetterTable,
): void {
  const { known, queues, bindingsTo } = ways
  const exchange = textOf(table, prefix + EXCHANGE)
  if (exchange === undefined) return
  const routingKey = textOf(table, prefix + KEY)
  const args = { exchange, ...(routingKey !== undefined && { routingKey }) }
  const place = scope.locate(table, prefix + (routingKey === undefined ? EXCHANGE : KEY), 'value')
  if (exchange === '') {
    // The default exchange routes to the queue whose name equals the key.
    const keys =
      routingKey === undefined
        ? queue === undefined
          ? undefined
          : bindingsTo('queue', queue).map((each) => each.routingKey)
        : [routingKey]
    const isTaken = keys === undefined || keys.some((key) => queues.has(key) && key !== queue)
    if (!isTaken) scope.report(finding('dead-letters-reach-nothing', args, place))
  } else if (!known.has(exchange)) {
    scope.report(finding('dead-letter-exchange-unknown', { exchange }, scope.locate(table, prefix + EXCHANGE)))
  } else {
    const own = routingKey === undefined && queue !== undefined ? ownKeys(scope, ways, queue) : [routingKey]
    if (own.some((key) => leads.somewhere(exchange, key))) return
    scope.report(finding('dead-letters-reach-nothing', args, place))
  }
}

/**
 * The possible routing keys of the messages in a queue, which its dead letters keep: those of its bindings, and its
 * name, because the default exchange routes by it. Undefined if any key is possible, because a binding does not name
 * one.
 */
function ownKeys({ vhost }: ExpandContext, { known, bindingsTo }: Ways, queue: string): (string | undefined)[] {
  const bindings = bindingsTo('queue', queue)
  const isExact = bindings.every(({ source, routingKey }) => {
    const type = known.get(source)?.type
    return type === 'direct' || (type === 'topic' && !/[*#]/.test(routingKey))
  })
  // A policy may set an alternate exchange, and other projects may bind a queue that has no binding here.
  const isOpen = Object.values(vhost.policies).some(({ definition }) => Object.hasOwn(definition, ALTERNATE))
  return isExact && !isOpen && bindings.length > 0
    ? [...new Set([...bindings.map(({ routingKey }) => routingKey), queue])]
    : [undefined]
}

function warnOfAlternate(scope: ExpandContext, { known }: Ways, leads: Leads, table: object, key: string): void {
  const exchange = textOf(table, key)
  if (exchange === undefined) return
  const place = scope.locate(table, key, 'value')
  if (known.has(exchange)) {
    if (!leads.somewhere(exchange)) scope.report(finding('alternate-exchange-reaches-nothing', { exchange }, place))
  } else if (key === ALTERNATE) {
    // The property is checked where it is read.
    scope.report(finding('alternate-exchange-unknown', { exchange }, place))
  }
}

function textOf(table: object, key: string): string | undefined {
  const value = Object.hasOwn(table, key) ? (table as Readonly<Record<string, unknown>>)[key] : undefined
  return typeof value === 'string' ? value : undefined
}

/** The maximum number of bindings to check. Later ones are assumed to route messages. */
const MOST_COMPARISONS = 1_000_000

/**
 * Determines whether a message that is published to an exchange can reach a queue, also through alternate exchanges.
 */
class Leads {
  readonly #ways: Ways
  readonly #known = new Map<string, boolean>()
  #comparisons = 0

  constructor(ways: Ways) {
    this.#ways = ways
  }

  /** @param key the key of the message. Default: any */
  somewhere(exchange: string, key?: string): boolean {
    const id = JSON.stringify([exchange, key])
    const known = this.#known.get(id) ?? this.#follow(exchange, key === undefined ? () => true : withKey(key))
    this.#known.set(id, known)
    return known
  }

  #follow(from: string, takes: Takes): boolean {
    const { known, exchanges, bindingsFrom } = this.#ways
    const reached = new Set([from])
    for (const name of reached) {
      const exchange = known.get(name)
      // The bindings of other owners are unknown.
      if (!exchange || exchange.foreign) return true
      for (const { destinationType, destination, routingKey } of bindingsFrom(name)) {
        if (++this.#comparisons <= MOST_COMPARISONS && !takes(exchange.type, routingKey)) continue
        if (destinationType === 'queue') return true
        reached.add(destination)
      }
      const alternate = exchanges.get(name)?.arguments[ALTERNATE]
      if (typeof alternate === 'string') reached.add(alternate)
    }
    return false
  }
}
