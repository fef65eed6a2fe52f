import type { Binding, Exchange, Queue, Topology } from '../../model/topology.ts'

/** The exchanges, queues and bindings of one virtual host, by name. */
export class VhostShape {
  readonly #exchanges = new Map<string, Exchange>()
  readonly #queues = new Map<string, Queue>()
  readonly #from = new Map<string, Binding[]>()
  readonly #toExchange = new Map<string, Binding[]>()
  readonly #toQueue = new Map<string, Binding[]>()

  addExchange(exchange: Exchange): void {
    this.#exchanges.set(exchange.name, exchange)
  }

  addQueue(queue: Queue): void {
    this.#queues.set(queue.name, queue)
  }

  addBinding(binding: Binding): void {
    append(this.#from, binding.source, binding)
    append(binding.destinationType === 'queue' ? this.#toQueue : this.#toExchange, binding.destination, binding)
  }

  exchange(name: string): Exchange | undefined {
    return this.#exchanges.get(name)
  }

  queue(name: string): Queue | undefined {
    return this.#queues.get(name)
  }

  /** The bindings whose source is an exchange. */
  from(exchange: string): readonly Binding[] {
    return this.#from.get(exchange) ?? []
  }

  toExchange(name: string): readonly Binding[] {
    return this.#toExchange.get(name) ?? []
  }

  toQueue(name: string): readonly Binding[] {
    return this.#toQueue.get(name) ?? []
  }

  /** Whether an exchange and a queue of the same name are bound to each other. */
  isPair(name: string): boolean {
    return this.#exchanges.has(name) && this.toQueue(name).some(({ source }) => source === name)
  }
}

/** The shapes of all virtual hosts of a topology, by name. */
export function vhostShapes(topology: Topology): ReadonlyMap<string, VhostShape> {
  const shapes = new Map<string, VhostShape>()
  const shapeOf = (vhost: string) => {
    const shape = shapes.get(vhost) ?? new VhostShape()
    shapes.set(vhost, shape)
    return shape
  }
  for (const exchange of topology.exchanges) shapeOf(exchange.vhost).addExchange(exchange)
  for (const queue of topology.queues) shapeOf(queue.vhost).addQueue(queue)
  for (const binding of topology.bindings) shapeOf(binding.vhost).addBinding(binding)
  return shapes
}

function append(index: Map<string, Binding[]>, key: string, binding: Binding): void {
  const bindings = index.get(key)
  if (bindings) bindings.push(binding)
  else index.set(key, [binding])
}
