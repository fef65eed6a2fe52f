import { addressOf } from '../../../model/address.ts'
import type { Arguments } from '../../../model/arguments.ts'
import { deadLetterQueueName, failedExchangeName } from '../../../model/generated-names.ts'
import type { Exchange, Queue } from '../../../model/topology.ts'
import { routedByPolicy } from './fold-policy.ts'
import { textArgument, type VhostLookup } from '../topology-lookup.ts'

/** The property `deadLetter` of a queue. */
export interface FoldedDeadLetter {
  /** Absent for `<queue>.failed`. */
  readonly exchange?: string
  /** Absent for the default of the exchange. */
  readonly routingKey?: string
  /** Absent for `<queue>.dead`. */
  readonly queue?: string | false
  readonly strategy?: 'at-most-once'
  /** Whether a policy sets the dead-letter exchange, instead of arguments. */
  readonly by?: 'policy'
  /** Limits of the dead-letter queue, as arguments. */
  readonly limits: Arguments
}

/** More than any number of returns: the limit that warren sets on queues whose messages the broker must not drop. */
export const NEVER_BY_RETURNS = 1_000_000
const DEAD = 'dead'
const LIMITS = new Set(['x-message-ttl', 'x-max-length', 'x-max-length-bytes'])

/**
 * Finds the value of `deadLetter` that declares the dead letters of a queue. Undefined if no value declares exactly
 * these objects.
 *
 * @param belongs whether a queue is declared by the same project
 */
export function foldDeadLetter(queue: Queue, lookup: VhostLookup, belongs: (queue: Queue) => boolean) {
  const byPolicy = routedByPolicy(queue, lookup)
  if (byPolicy === undefined) return foldRoute(queue, lookup, belongs)
  const folded = foldRoute(byPolicy.queue, lookup, belongs)
  return (
    folded && {
      deadLetter: { ...folded.deadLetter, by: 'policy' as const },
      implied: [],
      derived: [...folded.derived, byPolicy.policy],
    }
  )
}

function foldRoute(queue: Queue, lookup: VhostLookup, belongs: (queue: Queue) => boolean) {
  const exchange = textArgument(queue, 'x-dead-letter-exchange')
  const routingKey = textArgument(queue, 'x-dead-letter-routing-key')
  const strategy = strategyOf(queue)
  if (exchange === undefined || routingKey === undefined || strategy === undefined) return undefined
  const isOwn = exchange === failedExchangeName(queue.name)
  if (isOwn && routingKey !== DEAD) return undefined
  if (!isOwn && exchange !== '' && !mayTakeDeadLetters(lookup.exchanges.get(exchange))) return undefined
  const target = targetOf(queue, { exchange, routingKey, lookup, belongs })
  // Without a queue, `queue: false` means that the bindings are declared separately. There has to be one, or dead
  // letters are lost.
  if (target === undefined && (exchange === '' || (isOwn && lookup.fromWithKey(exchange, DEAD).length === 0)))
    return undefined
  const { name, limits = {}, derived = [] } = target ?? {}
  const isDefault = name === deadLetterQueueName(queue.name)
  const deadLetter: FoldedDeadLetter = {
    ...(!isOwn && { exchange }),
    ...(!isOwn && exchange !== '' && routingKey !== queue.name && { routingKey }),
    ...(!(isDefault && target?.isDerived === true) && { queue: name ?? false }),
    ...(strategy.written && { strategy: 'at-most-once' as const }),
    limits,
  }
  return {
    deadLetter,
    implied: ['x-dead-letter-exchange', 'x-dead-letter-routing-key', ...strategy.implied],
    derived,
  }
}

/** Programs publish there too, and the broker refuses that on an internal exchange. */
function mayTakeDeadLetters(exchange: Exchange | undefined): boolean {
  return exchange !== undefined && !exchange.internal && ['direct', 'topic', 'fanout'].includes(exchange.type)
}

/** The strategy in `deadLetter` of a queue; undefined if `deadLetter` cannot express the strategy of the queue. */
function strategyOf({ type, arguments: table }: Queue) {
  const strategy = table['x-dead-letter-strategy']
  const overflow = table['x-overflow']
  if (type !== 'quorum') return strategy === undefined ? { written: false, implied: [] } : undefined
  const keeps = overflow === undefined || overflow === 'reject-publish'
  if (strategy === 'at-least-once') {
    return overflow === 'reject-publish'
      ? { written: false, implied: ['x-dead-letter-strategy', 'x-overflow'] }
      : undefined
  }
  return strategy === undefined ? { written: keeps, implied: [] } : undefined
}

interface DeadLetterRoute {
  readonly exchange: string
  readonly routingKey: string
  readonly lookup: VhostLookup
  readonly belongs: (queue: Queue) => boolean
}

/** The only queue that the short form can name, and the part of it that the short form declares. */
function targetOf(queue: Queue, { exchange, routingKey, lookup, belongs }: DeadLetterRoute) {
  const key = lookup.exchanges.get(exchange)?.type === 'fanout' ? '' : routingKey
  const bindings = lookup
    .fromWithKey(exchange, key)
    .filter((each) => each.destinationType === 'queue' && Object.keys(each.arguments).length === 0)
  const names = exchange === '' ? [routingKey] : bindings.map(({ destination }) => destination)
  const usual = deadLetterQueueName(queue.name)
  const name = names.includes(usual) ? usual : names.length === 1 ? names[0] : undefined
  const target = name === undefined ? undefined : lookup.queues.get(name)
  if (name === undefined || target === undefined || !belongs(target)) return undefined
  const binding = bindings.find(({ destination }) => destination === name)
  const limits = limitsOf(target, queue)
  const isDerived = limits !== undefined && hasNoPathOfItsOwn(target, lookup)
  return {
    name,
    isDerived,
    limits: isDerived ? limits : {},
    derived: [
      ...(isDerived ? [addressOf('queue', target)] : []),
      ...(binding === undefined ? [] : [addressOf('binding', binding)]),
    ],
  }
}

/** The limits of a dead-letter queue that otherwise equals one that warren creates; undefined if it does not. */
function limitsOf(target: Queue, { type }: Queue): Arguments | undefined {
  if (target.type !== type || !target.durable || target.autoDelete) return undefined
  const { 'x-delivery-limit': limit, ...rest } = target.arguments
  if (limit !== (type === 'quorum' ? NEVER_BY_RETURNS : undefined)) return undefined
  const isLimit = ([name, value]: readonly [string, unknown]) =>
    LIMITS.has(name) && Number.isSafeInteger(value) && (value as number) >= 0
  return Object.entries(rest).every(isLimit) ? rest : undefined
}

/** A queue that has its own short form has to be declared. */
export function hasNoPathOfItsOwn({ name }: Queue, lookup: VhostLookup): boolean {
  return !lookup.exchanges.has(failedExchangeName(name))
}
