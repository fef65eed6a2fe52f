import { addressOf, canonicalJson } from '../../../model/address.ts'
import { delayQueueName, failedExchangeName } from '../../../model/generated-names.ts'
import type { Binding, Exchange, Queue } from '../../../model/topology.ts'
import { durationLabel, parseDuration } from '../../../model/values/duration.ts'
import { type FoldedDeadLetter, foldDeadLetter, hasNoPathOfItsOwn, NEVER_BY_RETURNS } from './fold-dead-letter.ts'
import { type FoldedNativeRetry, foldNativeRetry } from './fold-native-retry.ts'
import { textArgument, type VhostLookup } from '../topology-lookup.ts'

/** The failure path of a queue in warren's short form. */
export interface FoldedPath {
  readonly deadLetter?: FoldedDeadLetter
  readonly retry?: FoldedRetry
  /** In place of `retry`. */
  readonly native?: FoldedNativeRetry
  /** Arguments of the queue that the short form implies. */
  readonly impliedArguments: ReadonlySet<string>
  /** Addresses of the exchange, queues, bindings and policy that the short form declares. */
  readonly derived: ReadonlySet<string>
}

export interface FoldedRetry {
  /** In ascending order, because the broker does not know in which order programs use them. */
  readonly delays: readonly FoldedDelay[]
  readonly via?: { readonly exchange: string; readonly routingKey: string }
  /** Whether a message is discarded after the last delay. */
  readonly discards: boolean
}

export interface FoldedDelay {
  /** In milliseconds. */
  readonly delay: number
  /** Absent for `<queue>.retry.<delay>`. */
  readonly queue?: string
}

const BACK = 'back'

/**
 * Finds the existing objects that `retry` and `deadLetter` of a queue would declare. Returns undefined if the short
 * forms would not declare exactly these objects.
 *
 * @param isTogether whether the same project declares two objects, given by address
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
  const native = mayRetry ? foldNativeRetry(queue, dead !== undefined) : undefined
  const ladder = mayRetry && native === undefined ? foldLadder(queue, lookup, belongs) : undefined
  const discards = dead === undefined
  if (dead === undefined && ladder === undefined && native === undefined) return undefined
  if (discards && type === 'quorum' && !Object.hasOwn(table, 'x-delivery-limit')) return undefined
  const implied = new Set([...(dead?.implied ?? []), ...(native?.implied ?? [])])
  if (discards && type === 'quorum' && table['x-delivery-limit'] === NEVER_BY_RETURNS) implied.add('x-delivery-limit')
  for (const each of [...(dead?.derived ?? []), ...(ladder?.derived ?? [])]) derived.add(each)
  if (![...derived].every((each) => isTogether(own, each))) return undefined
  return {
    ...(dead && { deadLetter: dead.deadLetter }),
    ...(ladder && { retry: { ...ladder.retry, discards } }),
    ...(native && { native: native.retry }),
    impliedArguments: implied,
    derived,
  }
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
  // The short form allows only one queue for each delay.
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

/** The delay in a routing key of `<queue>.failed`. */
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

/** Whether a queue has exactly the properties that warren sets for a delay queue. */
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
