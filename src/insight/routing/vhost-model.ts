import { isAtLeast } from '../../model/broker-version.ts'
import { type Winner, type WinnersOfBoth, winnersOf } from '../../model/policies/winning-policies.ts'
import type { Exchange, Queue, Topology } from '../../model/topology.ts'
import { type DeathReason, type Deaths, isCycle, withDeath } from './deaths.ts'
import { ExchangeNetwork, type Step } from './exchange-network.ts'
import type { Headers } from './headers-index.ts'
import { type PossibleSettings, type QueueSettings, possibleSettings } from './queue-settings.ts'
import { NOWHERE, type Reach } from './reach.ts'

/** A message as a program publishes it, or as it is on its way. */
export interface Message {
  readonly routingKey: string
  /** May contain `CC` and `BCC`, lists of further routing keys. */
  readonly headers?: Headers
  /** Its own time to live, in milliseconds. */
  readonly expiration?: number
  readonly priority?: number
  /** The size of its body. */
  readonly bytes?: number
  /** Absent for one that was never dead-lettered. */
  readonly deaths?: Deaths
  /** The routing keys of a dead letter whose queue keeps them; absent where `routingKey`, `CC` and `BCC` hold. */
  readonly keys?: readonly [string, ...string[]]
}

/** A dead letter on its way from a queue. */
export interface DeadLetter {
  /** Empty for the default exchange. */
  readonly exchange: string
  readonly message: Message
  /** The queues that get it. */
  readonly reach: Reach
  /** Queues that it would have reached if it had not been there before: the broker drops it for these. */
  readonly cycles: readonly string[]
  /** Whether its queue keeps it: no queue takes it, and dead letters are at-least-once. */
  readonly held: boolean
}

/**
 * The rules of routing in one virtual host. It is a pure function of the topology and of the broker's version, and
 * computes nothing before it is asked.
 */
export class VhostModel {
  readonly version: string
  readonly #network: ExchangeNetwork
  readonly #queues: ReadonlyMap<string, Queue>
  readonly #winners: WinnersOfBoth
  readonly #settings = new Map<string, PossibleSettings>()

  /**
   * @param topology the objects of one virtual host
   * @param version of the broker, such as `4.3.6`
   */
  constructor(
    topology: Pick<Topology, 'exchanges' | 'queues' | 'bindings' | 'policies' | 'operatorPolicies'>,
    version: string,
  ) {
    this.version = version
    this.#winners = winnersOf(topology, version)
    this.#network = new ExchangeNetwork(topology, this.#winners.policies, version)
    this.#queues = new Map(topology.queues.map((each) => [each.name, each]))
  }

  exchange(name: string): Exchange | undefined {
    return this.#network.exchange(name)
  }

  queue(name: string): Queue | undefined {
    return this.#queues.get(name)
  }

  /** The policies and operator policies of which one each holds for a queue, see `possibleWinners`. */
  winners(queue: Queue): { readonly policies: readonly Winner[]; readonly operatorPolicies: readonly Winner[] } {
    return { policies: this.#winners.policies.of(queue), operatorPolicies: this.#winners.operatorPolicies.of(queue) }
  }

  /** The settings that a queue may have; undefined where there is no such queue. */
  settings(name: string): PossibleSettings | undefined {
    const queue = this.#queues.get(name)
    if (queue === undefined) return undefined
    const known = this.#settings.get(name) ?? possibleSettings(queue, this.#winners, this.version)
    this.#settings.set(name, known)
    return known
  }

  /** The routing keys of a message: its own, then those of the headers CC and BCC. */
  keysOf(message: Message): readonly [string, ...string[]] {
    return keysOf(message)
  }

  /**
   * The queues that a message reaches.
   *
   * @param exchange its name; empty for the default exchange
   * @param onStep is called for each exchange that the message passes
   */
  route(exchange: string, message: Message, onStep?: (step: Step) => void): Reach {
    const headers = message.headers ?? {}
    return this.#network.route(exchange, { keys: keysOf(message), headers }, onStep)
  }

  /**
   * What becomes of a message that a queue gives up; undefined where it is dropped.
   *
   * @param settings of the queue, one of those that it may have
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
   * A dead letter keeps its routing keys, CC and BCC included, unless its queue sets one. Its own time to live is taken
   * from it. Where the queue sets a key, 3.10 removes the header CC, and later versions keep it without effect. BCC is
   * removed at publish.
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

/** Takes the queues out of a reach for which a message would be a cycle. */
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
