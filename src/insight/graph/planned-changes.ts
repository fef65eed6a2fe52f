import { objectId } from '../../model/names/node-id.ts'
import type { Binding, Exchange, Queue, Topology } from '../../model/topology.ts'
import { addressOf } from '../../model/address.ts'
import type { Change } from '../../plan/change.ts'
import { VhostModel } from '../routing/vhost-model.ts'
import type { RoutedVhost } from '../routing/routed-vhost.ts'
import type { FoldedFailure, GraphMark, GraphPlan, NodeChange } from './graph.ts'

/** The part of a plan that a graph shows. */
export interface PlanToDraw {
  readonly project: string
  readonly changes: readonly Change[]
}

/** The effects of a plan on the nodes and bindings of a graph. */
export class PlannedChanges {
  /** By address, without what is folded. */
  readonly objects: ReadonlyMap<string, NodeChange>
  /** By the addresses of bindings. */
  readonly bindings: ReadonlyMap<string, GraphMark>
  readonly summary: GraphPlan

  constructor({ project, changes }: PlanToDraw) {
    const isDrawn = ({ kind }: Change) => kind === 'exchange' || kind === 'queue' || kind === 'binding'
    this.objects = new Map(
      changes.flatMap((change) =>
        change.kind === 'exchange' || change.kind === 'queue' ? [[change.address, nodeChange(change)] as const] : [],
      ),
    )
    this.bindings = new Map(
      changes.flatMap((change) => (change.kind === 'binding' ? [[change.address, markOf(change)] as const] : [])),
    )
    const marks = changes.map(markOf)
    const count = (mark: GraphMark) => marks.filter((each) => each === mark).length
    this.summary = {
      project,
      counts: {
        create: count('create'),
        update: count('update'),
        replace: count('replace'),
        delete: count('delete'),
      },
      notDrawn: changes
        .filter((change) => !isDrawn(change))
        .map((change) => ({ mark: markOf(change), address: change.address })),
    }
  }

  /** The effect of the plan on an object with everything that is folded into it; undefined if there is none. */
  changeOf(id: string, vhost: string, failure: FoldedFailure | undefined): NodeChange | undefined {
    const own = this.objects.get(id)
    const { exchanges = [], queues = [] } = failure?.folded ?? {}
    const names = [
      ...exchanges.map((name) => ({ name, id: objectId('exchange', vhost, name) })),
      ...queues.map((name) => ({ name, id: objectId('queue', vhost, name) })),
    ]
    const folded = names.flatMap(({ name, id: inside }) => {
      const mark = this.objects.get(inside)?.mark
      // Objects that are created or deleted with the queue get no separate line.
      return mark === undefined || mark === own?.mark ? [] : [{ mark, name }]
    })
    if (own === undefined && folded.length === 0) return undefined
    return { ...(own ?? { mark: 'update', differences: [] }), folded }
  }
}

function nodeChange(change: Change): NodeChange {
  const differences = 'differences' in change ? change.differences : []
  return {
    mark: markOf(change),
    differences: differences.map((each) =>
      'secret' in each
        ? { property: each.property }
        : {
            property: each.property,
            ...(each.before !== undefined && { before: each.before }),
            ...(each.after !== undefined && { after: each.after }),
          },
    ),
    ...(change.action === 'rename' && { renamedFrom: change.before.name }),
    ...(change.kind === 'queue' && change.action === 'replace' && change.how === 'migrate' && { keepsMessages: true }),
    folded: [],
  }
}

function markOf({ action }: Change): GraphMark {
  return action === 'rename' ? 'update' : action
}

/** Adds the objects that a plan deletes, and gives those that it creates or changes their planned properties. */
export function withPlannedObjects(vhosts: readonly RoutedVhost[], changes: readonly Change[]): readonly RoutedVhost[] {
  return vhosts.map((vhost) => {
    const topology = mergedTopology(vhost, changes)
    return { ...vhost, topology, model: new VhostModel(topology, vhost.model.version) }
  })
}

function mergedTopology({ name, topology }: RoutedVhost, changes: readonly Change[]): Topology {
  const exchanges = new Map(topology.exchanges.map((each) => [addressOf('exchange', each), each]))
  const queues = new Map(topology.queues.map((each) => [addressOf('queue', each), each]))
  const bindings = new Map(topology.bindings.map((each) => [addressOf('binding', each), each]))
  for (const change of changes) {
    if (change.kind === 'exchange') merge<Exchange>(exchanges, change, name)
    else if (change.kind === 'queue') merge<Queue>(queues, change, name)
    else if (change.kind === 'binding') merge<Binding>(bindings, change, name)
  }
  return {
    ...topology,
    exchanges: [...exchanges.values()],
    queues: [...queues.values()],
    bindings: [...bindings.values()],
  }
}

/** A change of an object of one kind. */
interface ObjectChange<T> {
  readonly address: string
  readonly before?: T
  readonly after?: T
  /** The former address of an object that is renamed. */
  readonly from?: string
}

function merge<T extends { readonly vhost: string }>(
  objects: Map<string, T>,
  { address, before, after, from }: ObjectChange<T>,
  vhost: string,
): void {
  const object = after ?? before
  if (object === undefined || object.vhost !== vhost) return
  if (from !== undefined) objects.delete(from)
  objects.set(address, object)
}
