import { address, addressOf } from '../../model/address.ts'
import { alternatesOf } from '../../model/policies/dead-letter-targets.ts'
import type { WinningPolicies } from '../../model/policies/winning-policies.ts'
import { topicMatches } from '../../model/routing/topic-match.ts'
import type { Binding, Exchange, Topology } from '../../model/topology.ts'

/** A message that is dead-lettered to an exchange. */
export interface DeadLetter {
  readonly vhost: string
  /** Empty for the default exchange. */
  readonly exchange: string
  /** Absent if any key is possible. */
  readonly key?: string
}

/** The destination of dead letters. */
export interface Arrival {
  /** Whether any queue receives them. */
  readonly arrives: boolean
  /**
   * Addresses of the queues, exchanges and bindings on the route, of the policies that direct it, and of missing
   * objects on it.
   */
  readonly passed: ReadonlySet<string>
}

/**
 * Follows dead letters through the exchanges of a topology: by bindings, also to other exchanges, and by alternate
 * exchanges, which receive messages that match no binding. If the type considers more than the key, or the key is
 * unknown, the message counts as routed.
 */
export class DeadLetterPaths {
  readonly #topology: Pick<Topology, 'exchanges' | 'queues' | 'bindings'>
  readonly #policies: WinningPolicies
  readonly #exchanges: ReadonlyMap<string, Exchange>
  readonly #queues: ReadonlySet<string>
  readonly #bindings: ReadonlyMap<string, readonly Binding[]>
  readonly #known = new Map<string, Arrival>()

  constructor(topology: Pick<Topology, 'exchanges' | 'queues' | 'bindings'>, policies: WinningPolicies) {
    this.#topology = topology
    this.#policies = policies
    this.#exchanges = new Map(topology.exchanges.map((each) => [addressOf('exchange', each), each]))
    this.#queues = new Set(topology.queues.map((each) => addressOf('queue', each)))
    this.#bindings = bySource(topology.bindings)
  }

  /** The same without some objects. */
  without(gone: ReadonlySet<string>, policies: WinningPolicies): DeadLetterPaths {
    const { exchanges, queues, bindings } = this.#topology
    const isKept = (each: Binding) =>
      !gone.has(addressOf('binding', each)) && !gone.has(address(each.destinationType, each.vhost, each.destination))
    return new DeadLetterPaths(
      {
        exchanges: exchanges.filter((each) => !gone.has(addressOf('exchange', each))),
        queues: queues.filter((each) => !gone.has(addressOf('queue', each))),
        bindings: bindings.filter(isKept),
      },
      policies,
    )
  }

  bindingsFrom(exchange: string): readonly Binding[] {
    return this.#bindings.get(exchange) ?? []
  }

  follow(letter: DeadLetter): Arrival {
    const id = JSON.stringify([letter.vhost, letter.exchange, letter.key])
    const known = this.#known.get(id)
    if (known) return known
    const arrival = this.#follow(letter)
    this.#known.set(id, arrival)
    return arrival
  }

  #follow({ vhost, exchange, key }: DeadLetter): Arrival {
    if (exchange === '') {
      // With an unknown key, the source queue is one possible destination.
      if (key === undefined) return { arrives: true, passed: new Set() }
      const queue = address('queue', vhost, key)
      return { arrives: this.#queues.has(queue), passed: new Set([queue]) }
    }
    const names = new Set([exchange])
    const passed = new Set<string>()
    let arrives = false
    for (const name of names) {
      const at = address('exchange', vhost, name)
      passed.add(at)
      const found = this.#exchanges.get(at)
      if (found === undefined) continue
      const taking = this.bindingsFrom(at).filter(({ routingKey }) => matchesKey(found.type, routingKey, key))
      for (const binding of taking) {
        passed.add(addressOf('binding', binding))
        if (binding.destinationType === 'exchange') names.add(binding.destination)
        else {
          const queue = address('queue', vhost, binding.destination)
          passed.add(queue)
          // A queue that belongs to a connection is in no topology.
          arrives = true
        }
      }
      if (taking.length > 0) continue
      for (const alternate of alternatesOf(found, this.#policies)) names.add(alternate)
      for (const { policy } of this.#policies.ofExchange(found)) passed.add(addressOf('policy', policy))
    }
    return { arrives, passed }
  }
}

function bySource(bindings: readonly Binding[]): ReadonlyMap<string, readonly Binding[]> {
  const groups = new Map<string, Binding[]>()
  for (const binding of bindings) {
    const at = address('exchange', binding.vhost, binding.source)
    const group = groups.get(at)
    if (group) group.push(binding)
    else groups.set(at, [binding])
  }
  return groups
}

/** Whether an exchange of a type may route a key by a binding with another key. Also true if that is uncertain. */
export function matchesKey(type: string, bindingKey: string, key: string | undefined): boolean {
  if (key === undefined) return true
  if (type === 'direct') return bindingKey === key
  return type !== 'topic' || topicMatches(bindingKey, key)
}
