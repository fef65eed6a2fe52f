import { addressOf } from '../../model/address.ts'
import type { Binding, Exchange } from '../../model/topology.ts'
import { type Headers, HeadersIndex } from './headers-index.ts'
import type { Doubt } from './reach.ts'
import { TopicIndex } from '../../model/routing/topic-index.ts'

/** The parts of a message that an exchange uses for routing. */
export interface RoutedMessage {
  /** The routing key, then those of the headers CC and BCC. */
  readonly keys: readonly [string, ...string[]]
  readonly headers: Headers
}

/** The bindings of an exchange that match a message. */
export interface Matched {
  /** The message follows all of these. */
  readonly all: readonly Binding[]
  /** The message follows exactly one of these in addition, but the topology does not determine which. */
  readonly oneOf?: { readonly bindings: readonly Binding[]; readonly because: Doubt }
  /** The message may follow further bindings. */
  readonly doubt?: Doubt
}

/** The bindings of one exchange, indexed for its type. */
export interface BindingsOfExchange {
  readonly count: number
  match(message: RoutedMessage): Matched
}

/** Exchange types that route to one binding, chosen by a hash or at random. */
const ONE_OF: Readonly<Record<string, Doubt['kind']>> = {
  'x-consistent-hash': 'hash-target',
  'x-modulus-hash': 'hash-target',
  'x-random': 'random-target',
  'x-local-random': 'random-target',
}

/**
 * Indexes the bindings of an exchange by the rules of its type. For an exchange of an unknown type, all bindings may
 * match.
 */
export function indexBindings(exchange: Exchange, bindings: readonly Binding[], version: string): BindingsOfExchange {
  const count = bindings.length
  const delayed = exchange.type === 'x-delayed-message' ? exchange.arguments['x-delayed-type'] : undefined
  const type = typeof delayed === 'string' ? delayed : exchange.type
  switch (type) {
    case 'direct':
    case 'topic': {
      const index = type === 'topic' ? new TopicIndex<Binding>() : new KeyIndex()
      for (const each of bindings) index.add(each.routingKey, each)
      return { count, match: ({ keys }) => ({ all: matchingAny(keys, index) }) }
    }
    case 'fanout':
    case 'x-recent-history':
      return { count, match: () => ({ all: bindings }) }
    case 'headers': {
      const index = new HeadersIndex<Binding>(version)
      for (const each of bindings) index.add(each.arguments, each)
      return { count, match: ({ headers }) => ({ all: index.matching(headers) }) }
    }
    default:
      return { count, match: () => unknownMatch(exchange, bindings) }
  }
}

function matchingAny(
  keys: RoutedMessage['keys'],
  index: { matching(key: string): readonly Binding[] },
): readonly Binding[] {
  // Nearly every message has one key.
  return keys.length === 1 ? index.matching(keys[0]) : [...new Set(keys.flatMap((key) => index.matching(key)))]
}

function unknownMatch(exchange: Exchange, bindings: readonly Binding[]): Matched {
  const kind = ONE_OF[exchange.type]
  const address = addressOf('exchange', exchange)
  if (kind === undefined) return { all: [], doubt: { kind: 'exchange-type', address } }
  // The routing key is the weight. A binding with weight 0 gets no place on the ring.
  const candidates = bindings.filter(
    ({ routingKey }) => exchange.type !== 'x-consistent-hash' || Number(routingKey) > 0,
  )
  if (candidates.length <= 1) return { all: candidates }
  return { all: [], oneOf: { bindings: candidates, because: { kind, address } } }
}

class KeyIndex {
  readonly #byKey = new Map<string, Binding[]>()

  add(key: string, item: Binding): void {
    const same = this.#byKey.get(key)
    if (same === undefined) this.#byKey.set(key, [item])
    else same.push(item)
  }

  matching(key: string): readonly Binding[] {
    return this.#byKey.get(key) ?? []
  }
}
