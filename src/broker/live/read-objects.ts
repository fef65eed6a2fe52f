import type { ManagementClient } from '../management/client.ts'
import { ManagementError, orIfMissing } from '../management/errors.ts'
import { reads } from '../management/reads.ts'
import type { ReceivedVhostLimits } from '../management/answers/received.ts'
import type { Kind, Topology, VirtualHost } from '../../model/topology.ts'
import { registerTopology } from '../../model/secrets/register-secrets.ts'
import { liveTopology, liveVhost, type ReceivedObjects } from './normalize.ts'

/** Which objects to request, besides virtual hosts. */
interface Wanted {
  readonly vhosts: readonly string[]
  readonly isWanted: (kind: Kind) => boolean
  /** Sends one request about a virtual host, and decides what a refusal means. */
  readonly inVhost: <T>(vhost: string, read: (vhost: string) => Promise<readonly T[]>) => Promise<readonly T[]>
}

/** Reads the wanted kinds concurrently: one request for each kind and virtual host, or for each kind of the whole broker. */
export async function readObjects(
  client: ManagementClient,
  { vhosts, isWanted, inVhost }: Wanted,
): Promise<ReceivedObjects> {
  const perVhost = async <T>(kind: Kind, read: (client: ManagementClient, vhost: string) => Promise<readonly T[]>) =>
    isWanted(kind)
      ? (await Promise.all(vhosts.map((vhost) => inVhost(vhost, (name) => read(client, name))))).flat()
      : []
  const ofBroker = async <T>(kind: Kind, read: (client: ManagementClient) => Promise<readonly T[]>) =>
    isWanted(kind) ? read(client) : []
  const [exchanges, queues, bindings, policies, operatorPolicies, ...ofAll] = await Promise.all([
    perVhost('exchange', reads.exchanges),
    perVhost('queue', reads.queues),
    perVhost('binding', reads.bindings),
    perVhost('policy', reads.policies),
    perVhost('operator-policy', reads.operatorPolicies),
    ofBroker('user', reads.users),
    ofBroker('permission', reads.permissions),
    ofBroker('topic-permission', reads.topicPermissions),
    ofBroker('parameter', reads.parameters),
    ofBroker('global-parameter', reads.globalParameters),
  ])
  const [users, permissions, topicPermissions, parameters, globalParameters] = ofAll
  return {
    exchanges,
    queues,
    bindings,
    policies,
    operatorPolicies,
    users,
    permissions,
    topicPermissions,
    parameters,
    globalParameters,
  }
}

/**
 * Reads objects that this login has just written or deleted, with no request for anything else.
 *
 * @param vhosts where they are; one that no longer exists contains nothing
 */
export async function readWritten(
  client: ManagementClient,
  kinds: ReadonlySet<Kind>,
  vhosts: readonly string[],
): Promise<Topology> {
  const [existing, received] = await Promise.all([
    kinds.has('vhost') ? readVhosts(client) : [],
    readObjects(client, {
      vhosts,
      isWanted: (kind) => kinds.has(kind),
      inVhost: (vhost, read) => orIfMissing(read(vhost), []),
    }),
  ])
  const topology = liveTopology(existing, received)
  registerTopology(client.secrets, topology)
  return topology
}

/** Reads all virtual hosts with their limits. */
export async function readVhosts(client: ManagementClient): Promise<readonly VirtualHost[]> {
  const [vhosts, limits] = await Promise.all([reads.vhosts(client), readVhostLimits(client)])
  const limitsByVhost = new Map(limits.map(({ vhost, value }) => [vhost, value]))
  return vhosts.map((vhost) => liveVhost(vhost, limitsByVhost.get(vhost.name)))
}

async function readVhostLimits(client: ManagementClient): Promise<readonly ReceivedVhostLimits[]> {
  try {
    return await reads.vhostLimits(client)
  } catch (error) {
    // In some versions, only administrators may read them. A topology that declares limits needs an administrator
    // anyway.
    if (error instanceof ManagementError && error.isRefused()) return []
    throw error
  }
}
