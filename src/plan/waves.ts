import { address } from '../model/address.ts'
import type { Binding, Exchange, Queue } from '../model/topology.ts'
import type { Change } from './plan.ts'

/** Changes in the order in which they can be made. */
export interface Waves {
  /** The changes of a wave are independent of each other, and depend only on earlier waves. */
  readonly waves: readonly (readonly Change[])[]
  /** For each address, the addresses of changes without which this one cannot be made. */
  readonly requires: ReadonlyMap<string, readonly string[]>
}

interface Node {
  /** Absent on a node that only stands for all bindings of an exchange. */
  readonly change?: Change
  /** The broker refuses the change without these. */
  readonly requires: readonly string[]
  /** The broker takes the change without these too, but messages could be lost until they are there. */
  prefers: readonly string[]
}

type Graph = Map<string, Node>

/**
 * Orders changes by what they refer to: a binding after its ends, and a dead-letter exchange with the binding that
 * takes the dead letters before the queue that sends them there, so that no message dies into the void in between.
 *
 * Dead letters and alternate exchanges may well form a cycle, which the broker allows; there the preference is dropped.
 */
export function orderInWaves(changes: readonly Change[]): Waves {
  const graph = graphOf(changes)
  const requires = new Map([...graph].map(([each, node]) => [each, node.requires]))
  const waves: Change[][] = []
  while (graph.size > 0) {
    const ready = [...graph].filter(([, node]) => needsOf(node).every((each) => !graph.has(each)))
    if (ready.length === 0) {
      dropPreferencesInCycles(graph)
      continue
    }
    for (const [each] of ready) graph.delete(each)
    const wave = ready.flatMap(([, node]) => (node.change ? [node.change] : []))
    if (wave.length > 0) waves.push(wave)
  }
  return { waves, requires }
}

function needsOf(node: Node): readonly string[] {
  return node.prefers.length === 0 ? node.requires : [...node.requires, ...node.prefers]
}

/** Finds what is left when everything that nothing else needs is taken away: the cycles, and what lies between them. */
function dropPreferencesInCycles(graph: Graph): void {
  const core: Graph = new Map(graph)
  for (;;) {
    const needed = new Set([...core.values()].flatMap((node) => [...needsOf(node)]))
    const loose = [...core.keys()].filter((each) => !needed.has(each))
    if (loose.length === 0) break
    for (const each of loose) core.delete(each)
  }
  const preferring = [...core.values()].filter((node) => node.prefers.some((each) => core.has(each)))
  if (preferring.length === 0) throw new Error('the changes of a plan require each other in a circle')
  for (const node of preferring) node.prefers = node.prefers.filter((each) => !core.has(each))
}

function graphOf(changes: readonly Change[]): Graph {
  const groups = bindingGroups(changes)
  const graph: Graph = new Map([...groups].map(([group, members]) => [group, { requires: members, prefers: [] }]))
  for (const change of changes) {
    graph.set(change.address, { change, requires: requiresOf(change), prefers: prefersOf(change, groups) })
  }
  return graph
}

function requiresOf(change: Change): string[] {
  switch (change.kind) {
    case 'vhost':
    case 'user':
      return []
    case 'permission':
      return [address('vhost', change.after.vhost), address('user', change.after.user)]
    case 'exchange':
    case 'queue':
      return [address('vhost', change.after.vhost)]
    case 'topic-permission':
      // 4.3 refuses a topic permission on an exchange that is not there.
      return [
        address('vhost', change.after.vhost),
        address('user', change.after.user),
        address('exchange', change.after.vhost, change.after.exchange),
      ]
    case 'binding': {
      const { vhost, source, destinationType, destination } = change.after
      return [address('vhost', vhost), address('exchange', vhost, source), address(destinationType, vhost, destination)]
    }
  }
}

function prefersOf(change: Change, groups: BindingGroups): string[] {
  switch (change.kind) {
    case 'exchange':
      return alternateExchangeOf(change.after)
    case 'queue':
      return deadLetterRouteOf(change.after, groups)
    case 'vhost':
    case 'user':
    case 'permission':
    case 'topic-permission':
    case 'binding':
      return []
  }
}

function alternateExchangeOf(object: Exchange): string[] {
  const name = object.arguments['alternate-exchange']
  return typeof name === 'string' ? [address('exchange', object.vhost, name)] : []
}

function deadLetterRouteOf(object: Queue, groups: BindingGroups): string[] {
  const name = object.arguments['x-dead-letter-exchange']
  const key = object.arguments['x-dead-letter-routing-key']
  if (typeof name !== 'string' || name === '') return []
  const exact = typeof key === 'string' ? bindingGroup(object.vhost, name, key) : ''
  // A binding with another key may take the dead letter too, where the exchange is not a direct one.
  return [address('exchange', object.vhost, name), groups.has(exact) ? exact : bindingGroup(object.vhost, name)]
}

/** The addresses of all bindings of an exchange, and of those with one key. */
type BindingGroups = ReadonlyMap<string, readonly string[]>

/** Groups bindings, so that many queues with one dead-letter exchange cost one edge each. */
function bindingGroups(changes: readonly Change[]): BindingGroups {
  const groups = new Map<string, string[]>()
  for (const change of changes) {
    if (change.kind !== 'binding') continue
    for (const group of groupsOf(change.after)) {
      const members = groups.get(group)
      if (members) members.push(change.address)
      else groups.set(group, [change.address])
    }
  }
  return groups
}

function groupsOf({ vhost, source, routingKey }: Binding): string[] {
  return [bindingGroup(vhost, source), bindingGroup(vhost, source, routingKey)]
}

function bindingGroup(vhost: string, source: string, routingKey?: string): string {
  return JSON.stringify(['bindings', vhost, source, routingKey ?? null])
}
