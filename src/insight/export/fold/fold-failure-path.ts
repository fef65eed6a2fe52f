import { addressOf, canonicalJson } from '../../../model/address.ts'
import type { Arguments } from '../../../model/arguments.ts'
import { deadLetterQueueName, delayQueueName, failedExchangeName } from '../../../model/generated-names.ts'
import type { Binding, Exchange, Queue } from '../../../model/topology.ts'
import { durationLabel, parseDuration } from '../../../model/values/duration.ts'
import { textArgument, type VhostLookup } from '../topology-lookup.ts'

/** The failure path of a queue in warren's short form. */
export interface FoldedPath {
  readonly deadLetter?: FoldedDeadLetter
  readonly retry?: FoldedRetry
  /** Arguments of the queue that the short form brings along. */
  readonly impliedArguments: ReadonlySet<string>
  /** Addresses of the exchange, queues and bindings that the short form declares. */
  readonly derived: ReadonlySet<string>
}

export interface FoldedDeadLetter {
  /** Absent for `<queue>.failed`. */
  readonly exchange?: string
  /** Absent for the default of the exchange. */
  readonly routingKey?: string
  /** Absent for `<queue>.dead`. */
  readonly queue?: string | false
  readonly strategy?: 'at-most-once'
  /** Limits of the dead-letter queue, as arguments. */
  readonly limits: Arguments
}

export interface FoldedRetry {
  /** Ascending: the broker does not show in which order programs use them. */
  readonly delays: readonly FoldedDelay[]
  readonly via?: { readonly exchange: string; readonly routingKey: string }
  /** Whether nothing follows the last delay. */
  readonly discards: boolean
}

export interface FoldedDelay {
  /** In milliseconds. */
  readonly delay: number
  /** Absent for `<queue>.retry.<delay>`. */
  readonly queue?: string
}

/** Above any number of returns: what warren sets where the broker must drop nothing. */
const NEVER_BY_RETURNS = 1_000_000
const BACK = 'back'
const DEAD = 'dead'
const LIMITS = new Set(['x-message-ttl', 'x-max-length', 'x-max-length-bytes'])

/**
 * Finds what `retry` and `deadLetter` of a queue would declare among the existing objects. Undefined where they would not
 * declare exactly these.
 *
 * @param isTogether whether two objects are declared by the same project, by address
 */
export function foldFailurePath(
  queue: Queue,
  lookup: VhostLookup,
  isTogether: (one: string, other: string) => boolean,
): FoldedPath | undefined {
  const { type, autoDelete, arguments: table } = queue
  if ((type !== 'classic' && type !== 'quorum') || autoDelete) return undefined
  const failed = lookup.exchanges.get(failedExchangeName(queue.name))
  const back = failed && plainBinding(lookup, failed.name, BACK, queue.name)
  if (!failed || !back || !isPlain(failed)) return undefined
  const own = addressOf('queue', queue)
  const derived = new Set([addressOf('exchange', failed), addressOf('binding', back)])
  if (![...derived].every((each) => isTogether(own, each))) return undefined

  const belongs = (each: Queue): boolean => isTogether(own, addressOf('queue', each)) && each.name !== queue.name
  const dead = foldDeadLetter(queue, lookup, belongs)
  if (dead === undefined && textArgument(queue, 'x-dead-letter-exchange') !== undefined) return undefined
  const mayRetry =
    !Object.hasOwn(table, 'x-expires') && !(type === 'classic' && table['x-overflow'] === 'reject-publish')
  const ladder = mayRetry ? foldLadder(queue, lookup, belongs) : undefined
  const discards = ladder !== undefined && dead === undefined
  if (dead === undefined && ladder === undefined) return undefined
  if (discards && type === 'quorum' && !Object.hasOwn(table, 'x-delivery-limit')) return undefined
  const implied = new Set(dead?.implied)
  if (discards && type === 'quorum' && table['x-delivery-limit'] === NEVER_BY_RETURNS) implied.add('x-delivery-limit')
  for (const each of [...(dead?.derived ?? []), ...(ladder?.derived ?? [])]) derived.add(each)
  if (![...derived].every((each) => isTogether(own, each))) return undefined
  return {
    ...(dead && { deadLetter: dead.deadLetter }),
    ...(ladder && { retry: { ...ladder.retry, discards } }),
    impliedArguments: implied,
    derived,
  }
}

function foldDeadLetter(queue: Queue, lookup: VhostLookup, belongs: (queue: Queue) => boolean) {
  const exchange = textArgument(queue, 'x-dead-letter-exchange')
  const routingKey = textArgument(queue, 'x-dead-letter-routing-key')
  const strategy = strategyOf(queue)
  if (exchange === undefined || routingKey === undefined || strategy === undefined) return undefined
  const isOwn = exchange === failedExchangeName(queue.name)
  if (isOwn && routingKey !== DEAD) return undefined
  if (!isOwn && exchange !== '' && !mayTakeDeadLetters(lookup.exchanges.get(exchange))) return undefined
  const target = targetOf(queue, { exchange, routingKey, lookup, belongs })
  // Without a queue, `queue: false` says that the bindings are declared apart; there has to be one, or dead letters are lost.
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

/** Programs publish there too, which the broker refuses on an internal exchange. */
function mayTakeDeadLetters(exchange: Exchange | undefined): boolean {
  return exchange !== undefined && !exchange.internal && ['direct', 'topic', 'fanout'].includes(exchange.type)
}

/** What `deadLetter` says of the strategy of a queue; undefined where it cannot say what the queue has. */
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

/** The one queue that the short form can name, and what it declares of it. */
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

/** The limits of a dead-letter queue that is otherwise as warren makes it; undefined where it is not. */
function limitsOf(target: Queue, { type }: Queue): Arguments | undefined {
  if (target.type !== type || !target.durable || target.autoDelete) return undefined
  const { 'x-delivery-limit': limit, ...rest } = target.arguments
  if (limit !== (type === 'quorum' ? NEVER_BY_RETURNS : undefined)) return undefined
  const isLimit = ([name, value]: readonly [string, unknown]) =>
    LIMITS.has(name) && Number.isSafeInteger(value) && (value as number) >= 0
  return Object.entries(rest).every(isLimit) ? rest : undefined
}

/** A queue with a short form of its own has to be declared. */
function hasNoPathOfItsOwn({ name }: Queue, lookup: VhostLookup): boolean {
  return !lookup.exchanges.has(failedExchangeName(name))
}

function foldLadder(queue: Queue, lookup: VhostLookup, belongs: (queue: Queue) => boolean) {
  const failed = failedExchangeName(queue.name)
  const steps = lookup.from(failed).flatMap((binding) => {
    const delay = delayOf(binding.routingKey)
    const waits = binding.destinationType === 'queue' ? lookup.queues.get(binding.destination) : undefined
    if (delay === undefined || waits === undefined || !belongs(waits) || !hasNoPathOfItsOwn(waits, lookup)) return []
    return Object.keys(binding.arguments).length === 0 ? [{ delay, waits, binding }] : []
  })
  const route = steps[0] && routeOf(steps[0].waits)
  if (route === undefined || !mayReturnBy(route, queue, lookup)) return undefined
  const fitting = steps.filter(({ waits, delay }) => isDelayQueue(waits, { delay, type: queue.type, ...route }))
  // Two queues for one delay cannot be written.
  const isAmbiguous = new Set(fitting.map(({ delay }) => delay)).size < fitting.length
  if (fitting.length === 0 || fitting.length < steps.length || isAmbiguous) return undefined
  const isUsual = route.exchange === failed && route.routingKey === BACK
  return {
    retry: {
      delays: fitting
        .toSorted((one, other) => one.delay - other.delay)
        .map(({ delay, waits: { name } }) => ({
          delay,
          ...(name !== delayQueueName(queue.name, delay) && { queue: name }),
        })),
      ...(!isUsual && { via: route }),
    },
    derived: fitting.flatMap(({ waits, binding }) => [addressOf('queue', waits), addressOf('binding', binding)]),
  }
}

/** The delay that a key of `<queue>.failed` stands for. */
function delayOf(key: string): number | undefined {
  const delay = /^[1-9]/.test(key) ? parseDuration(key) : undefined
  return delay !== undefined && Number.isSafeInteger(delay) && durationLabel(delay) === key ? delay : undefined
}

interface ReturnRoute {
  readonly exchange: string
  readonly routingKey: string
}

function routeOf(waits: Queue): ReturnRoute | undefined {
  const exchange = textArgument(waits, 'x-dead-letter-exchange')
  const routingKey = textArgument(waits, 'x-dead-letter-routing-key')
  return exchange === undefined || routingKey === undefined ? undefined : { exchange, routingKey }
}

function mayReturnBy({ exchange, routingKey }: ReturnRoute, queue: Queue, lookup: VhostLookup): boolean {
  if (exchange === failedExchangeName(queue.name)) return routingKey === BACK
  return exchange === '' ? routingKey === queue.name : lookup.exchanges.has(exchange)
}

/** Whether a queue is exactly as warren makes the queue of a delay. */
function isDelayQueue(
  waits: Queue,
  { delay, type, exchange, routingKey }: ReturnRoute & { delay: number; type: string | undefined },
): boolean {
  const expected = {
    'x-message-ttl': delay,
    'x-dead-letter-exchange': exchange,
    'x-dead-letter-routing-key': routingKey,
    ...(type === 'quorum' && { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' }),
  }
  const isSame = canonicalJson(waits.arguments) === canonicalJson(expected)
  return waits.type === type && waits.durable && !waits.autoDelete && isSame
}

function isPlain({ type, durable, autoDelete, internal, arguments: table }: Exchange): boolean {
  return type === 'direct' && durable && !autoDelete && !internal && Object.keys(table).length === 0
}

function plainBinding(lookup: VhostLookup, source: string, key: string, queue: string): Binding | undefined {
  return lookup
    .fromWithKey(source, key)
    .find(
      (each) =>
        each.destinationType === 'queue' && each.destination === queue && Object.keys(each.arguments).length === 0,
    )
}
