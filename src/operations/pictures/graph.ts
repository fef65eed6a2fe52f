import type { Snapshot } from '../../broker/snapshot/snapshot.ts'
import { makeGraph } from '../../insight/graph/make-graph.ts'
import { PlannedChanges, withPlannedObjects } from '../../insight/graph/planned-changes.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Graph, GraphFilter, GroupBy, QueueFigures } from '../../insight/graph/graph.ts'
import { objectId, routeId } from '../../model/names/node-id.ts'
import { countByQueue } from '../../insight/survey/clients.ts'
import type { RoutedVhost } from '../../insight/routing/routed-vhost.ts'
import type { Desired } from '../../model/desired.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { withMaskedResult } from '../session/with-secrets.ts'
import { readRoutedVhosts, requireVhost, type RoutedOptions, type RoutedRead } from '../insight/read-routed-vhosts.ts'
import { takeSnapshot } from '../insight/take-snapshot.ts'

/**
 * The objects to draw: those of files, or of a broker or definitions file. With both, the objects of the files with the
 * numbers from the broker.
 */
export interface GraphOptions extends RoutedOptions {
  /** The part that is drawn. Default: everything. */
  readonly filter?: GraphFilter
  /** Default: `vhost`, or `prefix` if a virtual host has more than 40 nodes. */
  readonly groupBy?: GroupBy
  /** A plan, such as a saved one, whose changes are marked. Objects that it deletes are drawn too. */
  readonly plan?: Pick<Plan, 'project' | 'changes'>
}

/**
 * Makes a graph of exchanges, queues, bindings and routes from topology files, a live broker or a definitions file.
 * Writes nothing.
 *
 * @throws {InvalidInputError} when the files are invalid
 * @throws {WarrenError} `UNKNOWN_NAME` when a vhost of the filter does not exist
 */
export async function graph(options: GraphOptions): Promise<Graph> {
  return withMaskedResult(options, async (own) => (await readGraph(own)).graph)
}

/** A graph with what it was made of. */
export interface ReadGraph extends RoutedRead {
  readonly graph: Graph
}

/** Makes the graph. The caller masks secrets. */
export async function readGraph({
  filter,
  groupBy,
  plan,
  ...rest
}: GraphOptions & { readonly secrets: SecretRegistry }): Promise<ReadGraph> {
  const read = await readDrawn(rest)
  const { vhosts, desired, snapshot } = read
  for (const name of filter?.vhosts ?? []) requireVhost(vhosts, name)
  const ownerById = new Map([...ownersOfDeleted(plan), ...ownersOnBroker(snapshot), ...declaredOwners(desired)])
  const planned = plan && new PlannedChanges(plan)
  const drawn = plan === undefined ? vhosts : withPlannedObjects(vhosts, plan.changes)
  return { ...read, graph: graphOfVhosts(drawn, { ownerById, snapshot, filter, groupBy, planned }) }
}

/** Makes the graph of virtual hosts, with the figures of the broker from which the snapshot is. */
export function graphOfVhosts(
  vhosts: readonly RoutedVhost[],
  { ownerById, snapshot, filter, groupBy, planned }: GraphOfVhosts,
): Graph {
  const figures = snapshot?.source.kind === 'broker' ? figuresOf(snapshot) : undefined
  return makeGraph(vhosts, {
    ...(filter && { filter }),
    ...(groupBy && { groupBy }),
    ownerById,
    ...(figures && { figures }),
    ...(planned && { planned }),
  })
}

interface GraphOfVhosts {
  readonly ownerById: ReadonlyMap<string, string>
  readonly snapshot?: Snapshot | undefined
  readonly filter?: GraphFilter | undefined
  readonly groupBy?: GroupBy | undefined
  readonly planned?: PlannedChanges | undefined
}

/** If both are given, the objects come from the files, and the broker only adds numbers and owners. */
async function readDrawn(options: RoutedOptions & { readonly secrets: SecretRegistry }): Promise<RoutedRead> {
  const { source, ...rest } = options
  if (source === undefined || rest.files === undefined) return readRoutedVhosts(options)
  const snapshot = await takeSnapshot({ ...source, secrets: options.secrets })
  const brokerVersion = options.brokerVersion ?? snapshot.live.broker.version
  return { ...(await readRoutedVhosts({ ...rest, brokerVersion })), snapshot }
}

function figuresOf({ vhosts }: Snapshot): ReadonlyMap<string, QueueFigures> {
  return new Map(
    vhosts.flatMap(({ name: vhost, topology, contents, consumers }) => {
      const consuming = consumers && countByQueue(consumers)
      return topology.queues.map(({ name }): readonly [string, QueueFigures] => {
        const messages = contents?.get(name)?.messages
        return [
          objectId('queue', vhost, name),
          {
            ...(messages !== undefined && { messages }),
            ...(consuming && { consumers: consuming.get(name) ?? 0 }),
          },
        ]
      })
    }),
  )
}

/** A plan deletes only objects of its own project. */
function ownersOfDeleted(plan: GraphOptions['plan']): [string, string][] {
  return (plan?.changes ?? []).flatMap((change): [string, string][] =>
    plan !== undefined && change.action === 'delete' ? [[change.address, plan.project]] : [],
  )
}

/** The projects that own objects, by the records of the broker. */
export function ownersOnBroker(snapshot: Snapshot | undefined): [string, string][] {
  return Array.from(snapshot?.owners ?? [], ([address, { project }]) => [address, project])
}

/** The label `owner` of each declaration, or the project if there is none. */
export function declaredOwners(desired: Desired | undefined): [string, string][] {
  if (desired === undefined) return []
  const { project, topology, routes, descriptions } = desired
  const ownerOf = (declared: Parameters<NonNullable<typeof descriptions>['of']>[0]) =>
    descriptions?.of(declared).labels?.['owner'] ?? project
  return [
    ...topology.exchanges
      .filter(({ external }) => external !== true)
      .map((each): [string, string] => [objectId('exchange', each.vhost, each.name), ownerOf(each)]),
    ...topology.queues
      .filter(({ external }) => external !== true)
      .map((each): [string, string] => [objectId('queue', each.vhost, each.name), ownerOf(each)]),
    ...routes.publications.map((each): [string, string] => [
      routeId('publication', each.vhost, each.name),
      ownerOf(each),
    ]),
    ...routes.subscriptions.map((each): [string, string] => [
      routeId('subscription', each.vhost, each.name),
      ownerOf(each),
    ]),
  ]
}
