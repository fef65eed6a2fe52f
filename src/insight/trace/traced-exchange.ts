import type { Arguments } from '../../model/arguments.ts'
import type { Binding } from '../../model/topology.ts'
import type { Step } from '../routing/exchange-network.ts'
import type { Doubt, Reach } from '../routing/reach.ts'
import type { Message } from '../routing/vhost-model.ts'
import type { RoutedVhost } from '../routing/routed-vhost.ts'
import { type TracedQueue, traceQueue } from './traced-queue.ts'

/** An exchange on the route of a message. */
export interface TracedExchange {
  readonly kind: 'exchange'
  /** Empty for the default exchange. */
  readonly name: string
  readonly type: string
  /** Whether the message has already passed it: the broker follows each exchange once. */
  readonly repeated: boolean
  /** Whether there is no such exchange. */
  readonly missing: boolean
  /** The number of its bindings that do not match. */
  readonly notMatched: number
  /** The message follows all of these bindings. */
  readonly matched: readonly TracedBinding[]
  /** The message also follows one of these. */
  readonly oneOf?: { readonly bindings: readonly TracedBinding[]; readonly because: Doubt }
  /** The alternate exchange, which gets the message because no binding matches. */
  readonly alternate?: TracedExchange
  /**
   * The candidates, if it is unknown which alternate exchange gets the message; undefined in this list stands for
   * none.
   */
  readonly oneOfAlternates?: { readonly exchanges: readonly (TracedExchange | undefined)[]; readonly because: Doubt }
  /** The message may follow further bindings. */
  readonly unknown?: Doubt
}

/** A binding that matches. */
export interface TracedBinding {
  /** The exchange that it belongs to. */
  readonly source: string
  readonly routingKey: string
  readonly arguments: Arguments
  readonly destination: TracedExchange | TracedQueue
}

/** The tree of exchanges that a message passes. */
interface TracedWay {
  readonly root: TracedExchange
  readonly reach: Reach
  readonly notMatched: number
}

/**
 * Follows a message from an exchange; the default exchange has a binding for each queue, with the queue's name as
 * key.
 */
export function traceExchanges(vhost: RoutedVhost, exchange: string, message: Message): TracedWay {
  const steps = new Map<string, Step>()
  const reach = vhost.model.route(exchange, message, (step) => {
    steps.set(step.exchange.name, step)
  })
  const way = new Way(vhost, message, steps)
  const root = exchange === '' ? way.defaultExchange(reach) : way.exchange(exchange)
  return { root, reach, notMatched: way.notMatched }
}

class Way {
  readonly #vhost: RoutedVhost
  readonly #message: Message
  readonly #steps: ReadonlyMap<string, Step>
  readonly #passed = new Set<string>()
  notMatched = 0

  constructor(vhost: RoutedVhost, message: Message, steps: ReadonlyMap<string, Step>) {
    this.#vhost = vhost
    this.#message = message
    this.#steps = steps
  }

  defaultExchange({ queues }: Reach): TracedExchange {
    const bindings = queues.map((name) => ({
      source: '',
      destinationType: 'queue',
      destination: name,
      routingKey: name,
    }))
    return {
      kind: 'exchange',
      name: '',
      type: 'direct',
      repeated: false,
      missing: false,
      notMatched: 0,
      matched: bindings.flatMap((each) =>
        this.#binding({ ...each, destinationType: 'queue', vhost: this.#vhost.name, arguments: {} }),
      ),
    }
  }

  exchange(name: string): TracedExchange {
    const step = this.#steps.get(name)
    const type = this.#vhost.model.exchange(name)?.type ?? 'direct'
    const repeated = this.#passed.has(name)
    this.#passed.add(name)
    const empty = { kind: 'exchange', name, type, repeated, notMatched: 0, matched: [] } as const
    if (step === undefined || repeated) return { ...empty, missing: this.#vhost.model.exchange(name) === undefined }
    const { matched, alternate, oneOfAlternates } = step
    const notMatched =
      matched.doubt === undefined ? step.bindings - matched.all.length - (matched.oneOf?.bindings.length ?? 0) : 0
    this.notMatched += notMatched
    return {
      ...empty,
      missing: false,
      notMatched,
      matched: matched.all.flatMap((each) => this.#binding(each)),
      ...(matched.oneOf && {
        oneOf: {
          bindings: matched.oneOf.bindings.flatMap((each) => this.#binding(each)),
          because: matched.oneOf.because,
        },
      }),
      ...(matched.doubt && { unknown: matched.doubt }),
      ...(alternate !== undefined && { alternate: this.exchange(alternate) }),
      ...(oneOfAlternates && {
        oneOfAlternates: {
          exchanges: oneOfAlternates.names.map((each) => (each === undefined ? undefined : this.exchange(each))),
          because: oneOfAlternates.because,
        },
      }),
    }
  }

  #binding({ source, routingKey, arguments: table, destinationType, destination }: Binding): TracedBinding[] {
    if (destinationType === 'exchange') {
      return [{ source, routingKey, arguments: table, destination: this.exchange(destination) }]
    }
    const queue = this.#vhost.model.queue(destination)
    return queue === undefined
      ? []
      : [{ source, routingKey, arguments: table, destination: traceQueue(this.#vhost, queue, this.#message) }]
  }
}
