import { isAtLeast } from '../../model/broker-version.ts'
import { type Winner, type WinnersOfBoth, winnersOf } from '../../model/policies/winning-policies.ts'
import type { Exchange, Queue, Topology } from '../../model/topology.ts'
import { type DeathReason, type Deaths, isCycle, withDeath } from './deaths.ts'
import { ExchangeNetwork, type Step } from './exchange-network.ts'
import type { Headers } from './headers-index.ts'
import { type PossibleSettings, type QueueSettings, possibleSettings } from './queue-settings.ts'
import { NOWHERE, type Reach } from './reach.ts'

/** A message as published, or at a later point of its route. */
export interface Message {
  readonly routingKey: string
  /** May contain `CC` and `BCC`, lists of additional routing keys. */
  readonly headers?: Headers
  /** Its own time to live, in milliseconds. */
  readonly expiration?: number
  readonly priority?: number
  /** The size of its body. */
  readonly bytes?: number
  /** Absent if it was never dead-lettered. */
  readonly deaths?: Deaths
  /** The routing keys of a dead letter whose queue sets no key; if absent, `routingKey`, `CC` and `BCC` apply. */
  readonly keys?: readonly [string, ...string[]]
}

/** A dead letter on its route from a queue. */
export interface DeadLetter {
  /** Empty for the default exchange. */
  readonly exchange: string
  readonly message: Message
  /** The queues that get it. */
  readonly reach: Reach
  /** Queues that would have received it, but have had it before; the broker drops it for these. */
  readonly cycles: readonly string[]
  /** Whether its queue keeps it, because dead letters are at-least-once and no queue accepts it. */
  readonly held: boolean
}

/**
 * The rules of routing in one virtual host. It is a pure function of the topology and of the broker's version, and
 * computes results only on demand.
 */
export class VhostModel {
  readonly version: string
  readonly #network: ExchangeNetwork
  readonly #queues: ReadonlyMap<string, Queue>
  readonly #winners: WinnersOfBoth
  readonly #settings = new Map<string, PossibleSettings>()

  /**
   * @param topology the objects of one virtual host
   * @param version the version of the broker, such as `4.3.6`
   * @param winners the policies that apply. Default: computed from the topology
   */
  constructor(
    topology: Pick<Topology, 'exchanges' | 'queues' | 'bindings' | 'policies' | 'operatorPolicies'>,
    version: string,
    winners: WinnersOfBoth = winnersOf(topology, version),
  ) {
    this.version = version
    this.#winners = winners
    this.#network = new ExchangeNetwork(topology, this.#winners.policies, version)
    this.#queues = new Map(topology.queues.map((each) => [each.name, each]))
  }

  exchange(name: string): Exchange | undefined {
    return this.#network.exchange(name)
  }

  queue(name: string): Queue | undefined {
    return this.#queues.get(name)
  }

  /** The policies and operator policies of which one each applies to a queue, see `possibleWinners`. */
  winners(queue: Queue): { readonly policies: readonly Winner[]; readonly operatorPolicies: readonly Winner[] } {
    return { policies: this.#winners.policies.of(queue), operatorPolicies: this.#winners.operatorPolicies.of(queue) }
  }

  /** The settings that a queue may have; undefined if there is no such queue. */
  settings(name: string): PossibleSettings | undefined {
    const queue = this.#queues.get(name)
    if (queue === undefined) return undefined
    const known = this.#settings.get(name) ?? possibleSettings(queue, this.#winners, this.version)
    this.#settings.set(name, known)
    return known
  }

  /** The routing keys of a message: its own, then the keys of the headers CC and BCC. */
  keysOf(message: Message): readonly [string, ...string[]] {
    return keysOf(message)
  }

  /**
   * The queues that a message reaches.
   *
   * @param exchange its name; empty for the default exchange
   * @param onStep called for each exchange that the message passes
   */
  route(exchange: string, message: Message, onStep?: (step: Step) => void): Reach {
    const headers = message.headers ?? {}
    return this.#network.route(exchange, { keys: keysOf(message), headers }, onStep)
  }

  /**
   * The route of a message that a queue dead-letters; undefined if the queue drops it.
   *
   * @param settings one of the possible settings of the queue
   */
  deadLetter(queue: string, message: Message, reason: DeathReason, settings: QueueSettings): DeadLetter | undefined {
    if (settings.deadLetter === undefined) return undefined
    const { exchange, routingKey } = settings.deadLetter
    const deaths = withDeath(message.deaths ?? [], queue, reason, this.version)
    const next = { ...this.#readdressed(message, routingKey), deaths }
    const target = this.#network.exchange(exchange)
    const reach = exchange !== '' && target === undefined ? NOWHERE : this.route(exchange, next)
    const { kept, cycles } = withoutCycles(reach, (name) => isCycle(deaths, name, reason))
    const reachesNothing = kept.queues.length === 0 && kept.choices.length === 0 && kept.doubts.length === 0
    return { exchange, message: next, reach: kept, cycles, held: settings.atLeastOnce && reachesNothing }
  }

  /**
   * A dead letter keeps its routing keys, including CC and BCC, unless its queue sets a key. The dead letter loses
   * its own time to live. If the queue sets a key, 3.10 removes the header CC, and later versions keep it without
   * effect. BCC is removed at publish.
   */
  #readdressed(message: Message, routingKey: string | undefined): Message {
    const { expiration: _, headers = {}, ...rest } = message
    const keys = routingKey === undefined ? keysOf(message) : ([routingKey] as const)
    const { BCC: __, CC, ...others } = headers
    const keepsHeader = CC !== undefined && (routingKey === undefined || isAtLeast(this.version, '3.13.0'))
    return { ...rest, routingKey: keys[0], keys, headers: { ...others, ...(keepsHeader && { CC }) } }
  }
}

function keysOf({ routingKey, headers = {}, keys }: Message): readonly [string, ...string[]] {
  if (keys !== undefined) return keys
  const others = ['CC', 'BCC'].flatMap((name) => {
    const value = headers[name]
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
  })
  return [routingKey, ...others]
}

/** Removes the queues for which the message would be a cycle. */
function withoutCycles(
  reach: Reach,
  isCycleTo: (queue: string) => boolean,
): { kept: Reach; cycles: readonly string[] } {
  const cycles = new Set<string>()
  const keep = ({ queues, choices, doubts }: Reach): Reach => {
    for (const name of queues) if (isCycleTo(name)) cycles.add(name)
    return {
      queues: queues.filter((name) => !cycles.has(name)),
      choices: choices.map(({ options, because }) => ({ options: options.map((option) => keep(option)), because })),
      doubts,
    }
  }
  const kept = keep(reach)
  return { kept, cycles: [...cycles].toSorted() }
}
