import type { Binding, Exchange, Policy, Queue, Topology } from '../../model/topology.ts'

/** The exchanges, queues, bindings and policies of one virtual host, found by name. */
export class VhostLookup {
  readonly vhost: string
  readonly exchanges: ReadonlyMap<string, Exchange>
  readonly queues: ReadonlyMap<string, Queue>
  readonly bindings: readonly Binding[]
  readonly policies: ReadonlyMap<string, Policy>
  readonly #from = new Map<string, Binding[]>()
  readonly #fromWithKey = new Map<string, Binding[]>()
  readonly #to = new Map<string, Binding[]>()

  constructor(
    vhost: string,
    { exchanges, queues, bindings, policies }: Pick<Topology, 'exchanges' | 'queues' | 'bindings' | 'policies'>,
  ) {
    this.vhost = vhost
    this.exchanges = new Map(exchanges.filter((each) => each.vhost === vhost).map((each) => [each.name, each]))
    this.queues = new Map(queues.filter((each) => each.vhost === vhost).map((each) => [each.name, each]))
    this.bindings = bindings.filter((each) => each.vhost === vhost)
    this.policies = new Map(policies.filter((each) => each.vhost === vhost).map((each) => [each.name, each]))
    for (const each of this.bindings) {
      append(this.#from, each.source, each)
      append(this.#fromWithKey, JSON.stringify([each.source, each.routingKey]), each)
      append(this.#to, keyOf(each.destinationType, each.destination), each)
    }
  }

  /** The bindings that lead away from an exchange. */
  from(exchange: string): readonly Binding[] {
    return this.#from.get(exchange) ?? []
  }

  /** The bindings that lead away from an exchange and have exactly this key. */
  fromWithKey(exchange: string, routingKey: string): readonly Binding[] {
    return this.#fromWithKey.get(JSON.stringify([exchange, routingKey])) ?? []
  }

  /** The bindings that lead to a queue or an exchange. */
  to(type: Binding['destinationType'], name: string): readonly Binding[] {
    return this.#to.get(keyOf(type, name)) ?? []
  }
}

function keyOf(type: Binding['destinationType'], name: string): string {
  return `${type} ${name}`
}

function append(index: Map<string, Binding[]>, key: string, binding: Binding): void {
  const all = index.get(key)
  if (all) all.push(binding)
  else index.set(key, [binding])
}

/** The value of a string argument; undefined if it is absent or not a string. */
export function textArgument({ arguments: table }: Pick<Queue, 'arguments'>, name: string): string | undefined {
  const value = Object.hasOwn(table, name) ? table[name] : undefined
  return typeof value === 'string' ? value : undefined
}
