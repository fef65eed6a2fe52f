import { address } from '../../model/address.ts'
import { bindingGroups } from './binding-groups.ts'
import type { WriteChange } from '../change.ts'
import { PolicyIndex } from '../../model/policies/policy-index.ts'
import { prefersOf } from './preferences.ts'

/** Changes in an order in which they can be made. */
export interface Waves {
  /** The changes of a wave are independent of each other, and depend only on earlier waves. */
  readonly waves: readonly (readonly WriteChange[])[]
  /** The addresses of the changes that each change requires. */
  readonly requires: ReadonlyMap<string, readonly string[]>
}

interface Node {
  /** Absent on a node that represents all bindings of an exchange. */
  readonly change?: WriteChange
  /** The broker refuses the change without these. */
  readonly requires: readonly string[]
  /** The broker accepts the change without these, but messages could be lost until they exist. */
  prefers: readonly string[]
}

type Graph = Map<string, Node>

/**
 * Orders changes by what they refer to: a binding after its ends, and a dead-letter exchange with the binding to the
 * dead-letter queue before the queue that sends there, so that no dead letter is lost in between.
 *
 * The broker allows cycles of dead letters and alternate exchanges. In a cycle, preferences are dropped.
 */
export function orderInWaves(changes: readonly WriteChange[]): Waves {
  const graph = graphOf(changes)
  const requires = new Map([...graph].map(([each, node]) => [each, node.requires]))
  const waves: WriteChange[][] = []
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

/** Removes everything that nothing else needs, until only cycles and the nodes between them remain. */
function dropPreferencesInCycles(graph: Graph): void {
  const core: Graph = new Map(graph)
  for (;;) {
    const needed = new Set([...core.values()].flatMap((node) => [...needsOf(node)]))
    const loose = [...core.keys()].filter((each) => !needed.has(each))
    if (loose.length === 0) break
    for (const each of loose) core.delete(each)
  }
  const preferring = [...core.values()].filter((node) => node.prefers.some((each) => core.has(each)))
  if (preferring.length === 0) throw new Error('the changes of a plan require each other in a cycle')
  for (const node of preferring) node.prefers = node.prefers.filter((each) => !core.has(each))
}

function graphOf(changes: readonly WriteChange[]): Graph {
  const groups = bindingGroups(changes)
  const policies = new PolicyIndex(
    changes.filter((change) => change.kind === 'policy' || change.kind === 'operator-policy'),
    ({ after }) => after,
  )
  const graph: Graph = new Map([...groups].map(([group, members]) => [group, { requires: members, prefers: [] }]))
  for (const change of changes) {
    graph.set(change.address, { change, requires: requiresOf(change), prefers: prefersOf(change, groups, policies) })
  }
  return graph
}

/** The addresses of the objects without which the broker refuses a change. */
export function requiresOf(change: WriteChange): string[] {
  switch (change.kind) {
    case 'vhost':
    case 'user':
    case 'global-parameter':
      return []
    case 'permission':
      return [address('vhost', change.after.vhost), address('user', change.after.user)]
    case 'exchange':
    case 'policy':
    case 'operator-policy':
    case 'queue':
    case 'parameter':
      return [address('vhost', change.after.vhost)]
    case 'topic-permission':
      // RabbitMQ 4.3 refuses a topic permission on a missing exchange.
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
