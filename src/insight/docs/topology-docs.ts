import type { Desired } from '../../model/desired.ts'
import type { Publication } from '../../model/routes.ts'
import type { Declared } from '../../model/topology.ts'
import { groupByKey } from '../../model/values/group-by-key.ts'
import type { QueueNode } from '../graph/graph.ts'
import { graphOf } from '../graph/make-graph.ts'
import { objectId, routeId } from '../../model/names/node-id.ts'
import { vhostGraph } from '../graph/vhost-graph.ts'
import { possibleQueues } from '../routing/reach.ts'
import type { RoutedVhost } from '../routing/routed-vhost.ts'
import { messageOf, traceQueueByName } from '../trace/trace.ts'
import { usersWhoMay } from '../trace/users-allowed.ts'
import type { Documented, DocumentedPublication, DocumentedQueue, TopologyDocs } from './documented.ts'

/**
 * Collects the contents of a reference of the files.
 *
 * @param ownerById the owner of each node, see `makeGraph`
 */
export function topologyDocs(
  { project, descriptions }: Pick<Desired, 'project' | 'descriptions'>,
  vhosts: readonly RoutedVhost[],
  ownerById: ReadonlyMap<string, string>,
): TopologyDocs {
  const describe = (declared: Pick<Declared, 'origin'>) => {
    const description = descriptions?.of(declared).description
    return description === undefined ? {} : { description }
  }
  const drawn = vhosts.map((vhost) => vhostGraph(vhost, { ownerById }))
  const nodes = new Map(drawn.flatMap((each) => each.nodes.map((node) => [node.id, node])))
  const publications = vhosts.flatMap((vhost) =>
    vhost.routes.publications.map((publication) => documentedPublication(vhost, publication, describe)),
  )
  const exchanges = vhosts.flatMap(({ name, topology }) =>
    topology.exchanges
      .map((exchange) => ({ id: objectId('exchange', name, exchange.name), exchange, ...describe(exchange) }))
      .filter(({ id, exchange }) => nodes.has(id) && exchange.external !== true),
  )
  const queues = vhosts.flatMap((vhost) => documentedQueues(vhost, { nodes, publications, describe }))
  const subscriptions = vhosts.flatMap(({ name, routes }) =>
    routes.subscriptions.map((subscription) => ({
      id: routeId('subscription', name, subscription.name),
      subscription,
      ...describe(subscription),
    })),
  )
  const names = [...exchanges, ...queues, ...publications, ...subscriptions].map(
    ({ id }) => ownerById.get(id) ?? project,
  )
  const ownedBy = <T extends Documented>(owner: string, all: readonly T[]) =>
    all.filter(({ id }) => (ownerById.get(id) ?? project) === owner)
  return {
    project,
    owners: [...new Set(names)].toSorted().map((name) => ({
      name,
      graph: graphOf(drawn, { filter: { owners: [name] }, groupBy: 'vhost' }),
      exchanges: ownedBy(name, exchanges),
      queues: ownedBy(name, queues),
      publications: ownedBy(name, publications),
      subscriptions: ownedBy(name, subscriptions),
    })),
  }
}

type Describe = (declared: Pick<Declared, 'origin'>) => { readonly description?: string }

function documentedPublication(
  vhost: RoutedVhost,
  publication: Publication,
  describe: Describe,
): DocumentedPublication {
  const { name, exchange: target } = publication
  const { model } = vhost
  const exchange = model.exchange(target)
  const message = messageOf(publication)
  return {
    id: routeId('publication', vhost.name, name),
    publication,
    ...(exchange && { exchange }),
    reach: model.route(target, message),
    mayPublish: usersWhoMay(vhost, { exchange: { name: target, type: exchange?.type ?? 'direct' }, message }),
    ...describe(publication),
  }
}

interface QueuesInput {
  readonly nodes: ReadonlyMap<string, { readonly kind: string }>
  readonly publications: readonly DocumentedPublication[]
  readonly describe: Describe
}

function documentedQueues(vhost: RoutedVhost, { nodes, publications, describe }: QueuesInput): DocumentedQueue[] {
  const reaching = groupByKey(
    publications
      .filter(({ publication }) => publication.vhost === vhost.name)
      .flatMap(({ publication: { name }, reach }) => possibleQueues(reach).map((queue) => ({ queue, name }))),
    ({ queue }) => queue,
  )
  return vhost.topology.queues.flatMap((queue): DocumentedQueue[] => {
    const id = objectId('queue', vhost.name, queue.name)
    const node = nodes.get(id) as QueueNode | undefined
    const trace = traceQueueByName(vhost, queue.name)
    if (node === undefined || trace === undefined || queue.external === true) return []
    const { durable, autoDelete } = queue
    const names = (reaching.get(queue.name) ?? []).map(({ name }) => name)
    return [{ id, node, trace, durable, autoDelete, publications: names, ...describe(queue) }]
  })
}
