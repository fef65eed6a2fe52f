import { addressOf } from '../../model/address.ts'
import { EXCHANGES_OF_EVERY_VHOST } from '../../model/built-in-exchange.ts'
import type { WinningPolicies } from '../../model/policies/winning-policies.ts'
import { possibleWinners } from '../../model/policies/winning-policies.ts'
import type { Binding, Exchange, Topology } from '../../model/topology.ts'
import { type BindingsOfExchange, type Matched, type RoutedMessage, indexBindings } from './bindings-of-exchange.ts'
import { type Choice, type Doubt, NOWHERE, type Reach } from './reach.ts'

/** One exchange on the route of a message. */
export interface Step {
  readonly exchange: Exchange
  readonly matched: Matched
  /** The number of bindings of the exchange. */
  readonly bindings: number
  /** The alternate exchange that gets the message because no binding matches. */
  readonly alternate?: string
  /** The candidates for the alternate exchange, if it is unknown which one gets the message. */
  readonly oneOfAlternates?: Alternates
}

/** The exchanges that may get a message that no binding matches: several if it is unknown which policy applies. */
export interface Alternates {
  /** Undefined in this list means that there may be no alternate exchange. */
  readonly names: readonly (string | undefined)[]
  readonly because: Doubt
}

/**
 * The exchanges and bindings of one virtual host, with the broker's routing rules (rabbit_exchange:route). The
 * bindings of an exchange are indexed when its first message arrives.
 */
export class ExchangeNetwork {
  readonly #exchanges: ReadonlyMap<string, Exchange>
  readonly #queues: ReadonlySet<string>
  readonly #bindings: ReadonlyMap<string, readonly Binding[]>
  readonly #policies: WinningPolicies
  readonly #version: string
  readonly #indexed = new Map<string, BindingsOfExchange>()

  /**
   * @param topology the objects of one virtual host
   * @param policies the policies of this virtual host
   * @param version the version of the broker, such as `4.3.6`
   */
  constructor(
    topology: Pick<Topology, 'exchanges' | 'queues' | 'bindings'>,
    policies: WinningPolicies,
    version: string,
  ) {
    this.#exchanges = new Map([...builtIn(topology), ...topology.exchanges].map((each) => [each.name, each]))
    this.#queues = new Set(topology.queues.map(({ name }) => name))
    this.#bindings = bySource(topology.bindings)
    this.#policies = policies
    this.#version = version
  }

  exchange(name: string): Exchange | undefined {
    return this.#exchanges.get(name)
  }

  /**
   * The queues that a message reaches from an exchange. Each queue gets one copy, however many bindings lead to it.
   *
   * @param exchange its name; empty for the default exchange, which routes to every queue by its name
   * @param onStep called for each exchange that the message passes
   */
  route(exchange: string, message: RoutedMessage, onStep?: (step: Step) => void): Reach {
    if (exchange === '') return { ...NOWHERE, queues: this.#named(message.keys) }
    return this.#follow([exchange], message, new Set(), onStep)
  }

  #named(keys: RoutedMessage['keys']): readonly string[] {
    if (keys.length === 1) return this.#queues.has(keys[0]) ? keys : []
    return [...new Set(keys)].filter((key) => this.#queues.has(key)).toSorted()
  }

  /** Follows exchanges until there is no new one, so cycles end. */
  #follow(start: readonly string[], message: RoutedMessage, seen: Set<string>, onStep?: (step: Step) => void): Reach {
    const queues = new Set<string>()
    const choices: Choice[] = []
    const doubts: Doubt[] = []
    const waiting = [...start]
    const take = (bindings: readonly Binding[]) => {
      for (const { destinationType, destination } of bindings) {
        if (destinationType === 'exchange') waiting.push(destination)
        else if (this.#queues.has(destination)) queues.add(destination)
      }
    }
    const choose = (options: readonly (readonly Binding[])[], because: Doubt) => {
      choices.push({ because, options: options.map((option) => this.#option(option, message, seen, onStep)) })
    }

    for (const name of waiting) {
      const exchange = this.#exchanges.get(name)
      if (exchange === undefined || seen.has(name)) continue
      seen.add(name)
      if (exchange.external && !this.#bindings.has(name)) {
        doubts.push({ kind: 'external-exchange', address: addressOf('exchange', exchange) })
      }
      const index = this.#indexOf(exchange)
      const matched = index.match(message)
      const alternates = isEmpty(matched) ? this.#alternatesOf(exchange) : undefined
      const alternate = alternates?.names.length === 1 ? alternates.names[0] : undefined
      onStep?.({
        exchange,
        matched,
        bindings: index.count,
        ...(alternate !== undefined && { alternate }),
        ...(alternates !== undefined && alternates.names.length > 1 && { oneOfAlternates: alternates }),
      })
      take(matched.all)
      if (matched.doubt !== undefined) doubts.push(matched.doubt)
      if (matched.oneOf !== undefined)
        choose(
          matched.oneOf.bindings.map((each) => [each]),
          matched.oneOf.because,
        )
      if (alternate !== undefined) waiting.push(alternate)
      else if (alternates !== undefined && alternates.names.length > 1) {
        const options = alternates.names.map((each) =>
          each === undefined ? NOWHERE : this.#follow([each], message, new Set(seen), onStep),
        )
        choices.push({ options, because: alternates.because })
      }
    }
    return { queues: [...queues].toSorted(), choices, doubts }
  }

  #option(
    bindings: readonly Binding[],
    message: RoutedMessage,
    seen: ReadonlySet<string>,
    onStep?: (step: Step) => void,
  ): Reach {
    const queues = bindings.filter(
      ({ destinationType, destination }) => destinationType === 'queue' && this.#queues.has(destination),
    )
    const exchanges = bindings.filter(({ destinationType }) => destinationType === 'exchange')
    const further = this.#follow(
      exchanges.map(({ destination }) => destination),
      message,
      new Set(seen),
      onStep,
    )
    return {
      ...further,
      queues: [...new Set([...queues.map(({ destination }) => destination), ...further.queues])].toSorted(),
    }
  }

  #indexOf(exchange: Exchange): BindingsOfExchange {
    const known = this.#indexed.get(exchange.name)
    if (known !== undefined) return known
    const index = indexBindings(exchange, this.#bindings.get(exchange.name) ?? [], this.#version)
    this.#indexed.set(exchange.name, index)
    return index
  }

  /**
   * The argument of an exchange takes precedence over a policy. As an alternate exchange, the default exchange routes
   * nothing.
   */
  #alternatesOf(exchange: Exchange): Alternates {
    const address = addressOf('exchange', exchange)
    const because = { kind: 'equal-policies', address } as const
    const own = exchange.arguments['alternate-exchange']
    if (typeof own === 'string') return { names: [own], because }
    const winners = possibleWinners(this.#policies.ofExchange(exchange))
    const names = winners.map((winner) => {
      const name = winner?.policy.definition['alternate-exchange']
      return typeof name === 'string' ? name : undefined
    })
    const isPattern = winners.some((winner) => winner?.certain === false)
    return { names: [...new Set(names)], because: isPattern ? { kind: 'policy-pattern', address } : because }
  }
}

/**
 * The exchanges that every virtual host has, which a topology need not list. The default exchange has its own rules.
 */
function builtIn({ bindings, exchanges, queues }: Pick<Topology, 'bindings' | 'exchanges' | 'queues'>): Exchange[] {
  const { vhost = '' } = bindings[0] ?? exchanges[0] ?? queues[0] ?? {}
  return [...EXCHANGES_OF_EVERY_VHOST].flatMap(([name, { type, internal }]): Exchange[] =>
    name === '' ? [] : [{ vhost, name, type, durable: true, autoDelete: false, internal, arguments: {} }],
  )
}

/** Whether the exchange's own bindings match nothing. For an unknown type, the answer is always no. */
function isEmpty({ all, oneOf, doubt }: Matched): boolean {
  return all.length === 0 && oneOf === undefined && doubt === undefined
}

function bySource(bindings: readonly Binding[]): ReadonlyMap<string, readonly Binding[]> {
  const groups = new Map<string, Binding[]>()
  for (const each of bindings) {
    const group = groups.get(each.source)
    if (group === undefined) groups.set(each.source, [each])
    else group.push(each)
  }
  return groups
}
