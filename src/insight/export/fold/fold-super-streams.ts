import { addressOf } from '../../../model/address.ts'
import { partitionName } from '../../../model/generated-names.ts'
import type { Binding, Exchange, Queue } from '../../../model/topology.ts'
import type { VhostLookup } from '../topology-lookup.ts'

/** A super stream in warren's short form. */
export interface FoldedSuperStream {
  readonly name: string
  /** The binding keys of its partitions, in order. */
  readonly keys: readonly string[]
  /** Addresses of the exchange, streams and bindings that the short form declares. */
  readonly derived: ReadonlySet<string>
}

/**
 * Finds the super stream that an exchange belongs to. Returns undefined if the short form would not declare exactly
 * the same objects.
 */
export function foldSuperStream(
  exchange: Exchange,
  lookup: VhostLookup,
  isTogether: (one: string, other: string) => boolean,
): FoldedSuperStream | undefined {
  if (!isOfSuperStream(exchange)) return undefined
  const bindings = lookup.from(exchange.name).toSorted((one, other) => orderOf(one) - orderOf(other))
  const partitions = bindings.map((binding, at) => partitionOf(exchange, binding, at, lookup))
  const queues = partitions.flatMap((each) => each ?? [])
  const keys = bindings.map(({ routingKey }) => routingKey)
  if (queues.length === 0 || queues.length < partitions.length || new Set(keys).size < keys.length) return undefined
  const own = addressOf('exchange', exchange)
  const derived = [
    own,
    ...queues.map((each) => addressOf('queue', each)),
    ...bindings.map((each) => addressOf('binding', each)),
  ]
  return derived.every((each) => isTogether(own, each))
    ? { name: exchange.name, keys, derived: new Set(derived) }
    : undefined
}

function isOfSuperStream({ type, durable, autoDelete, internal, arguments: table }: Exchange): boolean {
  const isMarked = Object.keys(table).length === 1 && table['x-super-stream'] === true
  return type === 'direct' && durable && !autoDelete && !internal && isMarked
}

function partitionOf(exchange: Exchange, binding: Binding, at: number, lookup: VhostLookup): Queue | undefined {
  const { destination, destinationType, routingKey, arguments: table } = binding
  if (destinationType !== 'queue' || destination !== partitionName(exchange.name, routingKey)) return undefined
  if (Object.keys(table).length !== 1 || table['x-stream-partition-order'] !== at) return undefined
  const queue = lookup.queues.get(destination)
  return queue?.type === 'stream' && Object.keys(queue.arguments).length === 0 ? queue : undefined
}

function orderOf({ arguments: table }: Binding): number {
  const order = table['x-stream-partition-order']
  return typeof order === 'number' ? order : 0
}
