import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { ManagementClient } from '../management/client.ts'
import { ManagementError } from '../management/errors.ts'
import { grantEntry } from '../../diagnostics/text/rabbitmqctl.ts'
import { reads } from '../management/reads.ts'
import type { ReceivedNode, ReceivedOverview, ReceivedQueue } from '../management/answers/received.ts'
import { address } from '../../model/address.ts'
import { isAtLeast } from '../../model/broker-version.ts'
import { type Kind, KINDS, objectsOf, topologyOf, type VirtualHost } from '../../model/topology.ts'
import { registerTopology } from '../../model/secrets/register-secrets.ts'
import { listOfTags, liveQueue, liveTopology, liveVhost } from './normalize.ts'
import type { Live, Login, UntouchableQueue } from './live.ts'
import { withoutMajority } from './majority.ts'
import type { ReadScope } from './read-scope.ts'
import { recordsIn } from './records-in.ts'

/**
 * Reads the broker with a few bulk requests: some for the whole broker and three for each vhost, regardless of the
 * number of objects.
 */
export async function readLive(client: ManagementClient, scope: ReadScope): Promise<Live> {
  const [overview, whoami] = await Promise.all([reads.overview(client), reads.whoami(client)])
  const login = { user: whoami.name, tags: listOfTags(whoami.tags) }
  const wanted = (kind: Kind) => scope.kinds === undefined || scope.kinds.has(kind)
  const administrator = isAdministrator(login)
  const vhosts = await readVhosts(client)
  const visible = scope.vhosts.filter((name) => vhosts.some((vhost) => vhost.name === name))
  const unreadable = new Set<string>()
  const readOrSkip = async <T>(
    vhost: string,
    read: (vhost: string) => Promise<readonly T[]>,
  ): Promise<readonly T[]> => {
    try {
      return await readIn(vhost, login, read)
    } catch (error) {
      if (scope.skipUnreadable !== true || !(error instanceof VhostAccessError)) throw error
      unreadable.add(vhost)
      return []
    }
  }
  const perVhost = async <T extends { readonly vhost: string }>(
    kind: Kind,
    read: (vhost: string) => Promise<readonly T[]>,
  ): Promise<readonly T[]> =>
    wanted(kind) ? (await Promise.all(visible.map((vhost) => readOrSkip(vhost, read)))).flat() : []
  const onlyFor = <T>(allowed: boolean, kind: Kind, read: () => Promise<readonly T[]>): Promise<readonly T[]> =>
    wanted(kind) && allowed ? read() : Promise.resolve([])
  const policymaker = administrator || login.tags.includes('policymaker')

  const [exchanges, queues, bindings, users, permissions, topicPermissions, ...rest] = await Promise.all([
    perVhost('exchange', (vhost) => reads.exchanges(client, vhost)),
    perVhost('queue', (vhost) => reads.queues(client, vhost)),
    perVhost('binding', (vhost) => reads.bindings(client, vhost)),
    onlyFor(administrator, 'user', () => reads.users(client)),
    onlyFor(administrator, 'permission', () => reads.permissions(client)),
    onlyFor(administrator, 'topic-permission', () => reads.topicPermissions(client)),
    perVhost('policy', (vhost) => reads.policies(client, vhost)),
    perVhost('operator-policy', (vhost) => reads.operatorPolicies(client, vhost)),
    onlyFor(policymaker, 'parameter', () => reads.parameters(client)),
    onlyFor(policymaker, 'global-parameter', () => reads.globalParameters(client)),
    mayReadNodes(login) && (wanted('parameter') || wanted('policy')) ? reads.nodes(client) : [],
    wanted('queue') || wanted('policy') ? readDeniedFeatures(client, overview.rabbitmq_version) : [],
    administrator && wanted('topic-permission') ? usesKhepri(client, overview.rabbitmq_version) : undefined,
  ])
  const [policies, operatorPolicies, parameters, globalParameters, nodes, deniedFeatures, khepri] = rest

  // A permission may be revoked during the requests, so a vhost is read completely or not at all.
  const read = <T extends { readonly vhost: string }>(objects: readonly T[]) =>
    unreadable.size === 0 ? objects : objects.filter(({ vhost }) => !unreadable.has(vhost))
  const [foreign, own] = split(read(queues), isUntouchable)
  const topology = liveTopology(vhosts, {
    exchanges: read(exchanges),
    queues: own,
    bindings: read(bindings),
    users,
    permissions,
    topicPermissions,
    policies: read(policies),
    operatorPolicies: read(operatorPolicies),
    parameters,
    globalParameters,
  })
  registerTopology(client.secrets, topology)
  return {
    broker: {
      ...identify(client, overview, nodes),
      deniedFeatures,
      ...(khepri !== undefined && { deletesTopicPermissions: khepri }),
    },
    login,
    topology,
    usersReadable: administrator,
    parametersReadable: policymaker,
    untouchable: new Set(foreign.map(queueAddress)),
    lostMajority: new Map(
      read(queues).flatMap((queue) => {
        const count = withoutMajority(queue)
        return count === undefined ? [] : [[queueAddress(queue), count] as const]
      }),
    ),
    untouchableQueues: foreign.map((queue) => ({ ...liveQueue(queue), reason: reasonOf(queue) })),
    ...(scope.skipUnreadable === true && { unreadable: [...unreadable].toSorted() }),
    kindsRead: kindsRead(scope, { administrator, policymaker }),
    ...(policymaker && wanted('global-parameter') && { records: recordsIn(globalParameters) }),
  }
}

/** Reads the kinds that an earlier read of the same virtual hosts left out, and adds them to it. */
export async function readRest(client: ManagementClient, scope: ReadScope, known: Live): Promise<Live> {
  const isKnown = (kind: Kind) => known.kindsRead.has(kind)
  const rest = await readLive(client, { ...scope, kinds: new Set(KINDS.filter((kind) => !isKnown(kind))) })
  return {
    ...rest,
    ...known,
    broker: { ...rest.broker, ...known.broker },
    topology: topologyOf((kind) => objectsOf(kind, isKnown(kind) ? known.topology : rest.topology)),
    ...(rest.unreadable && { unreadable: rest.unreadable }),
    kindsRead: new Set([...known.kindsRead, ...rest.kindsRead]),
  }
}

const ONLY_ADMINISTRATORS: readonly Kind[] = ['user', 'permission', 'topic-permission']
const ONLY_POLICYMAKERS: readonly Kind[] = ['parameter', 'global-parameter']

function kindsRead({ kinds }: ReadScope, may: { administrator: boolean; policymaker: boolean }): ReadonlySet<Kind> {
  const read = [...(kinds ?? KINDS)].filter(
    (kind) =>
      (may.administrator || !ONLY_ADMINISTRATORS.includes(kind)) &&
      (may.policymaker || !ONLY_POLICYMAKERS.includes(kind)),
  )
  // Virtual hosts are always read, because everything else is read by virtual host.
  return new Set([...read, 'vhost'])
}

/**
 * A login with the tag `monitoring` sees vhosts that it may not read: the answer is 401, and on 4.3 it is 404
 * although they are listed.
 */
async function readIn<T>(vhost: string, { user }: Login, read: (vhost: string) => Promise<T>): Promise<T> {
  try {
    return await read(vhost)
  } catch (error) {
    if (!(error instanceof ManagementError && (error.isRefused() || error.isNotFound()))) throw error
    throw new VhostAccessError(vhost, user, error)
  }
}

/** The login may not read a virtual host, or it was deleted after virtual hosts were listed. */
export class VhostAccessError extends WarrenError {
  override readonly name = 'VhostAccessError'
  readonly vhost: string

  constructor(vhost: string, user: string, cause: ManagementError) {
    super(`the login ${JSON.stringify(user)} lacks rights: it may not read vhost ${JSON.stringify(vhost)}`, {
      code: 'ACCESS_REFUSED',
      hint: `grant access with: ${grantEntry(vhost, user)}`,
      cause,
    })
    this.vhost = vhost
  }
}

async function readVhosts(client: ManagementClient): Promise<readonly VirtualHost[]> {
  const [vhosts, limits] = await Promise.all([reads.vhosts(client), readVhostLimits(client)])
  const limitsByVhost = new Map(limits.map(({ vhost, value }) => [vhost, value]))
  return vhosts.map((vhost) => liveVhost(vhost, limitsByVhost.get(vhost.name)))
}

async function readVhostLimits(client: ManagementClient) {
  try {
    return await reads.vhostLimits(client)
  } catch (error) {
    // In some versions, only administrators may read them. A topology that declares limits needs an administrator
    // anyway.
    if (error instanceof ManagementError && error.isRefused()) return []
    throw error
  }
}

/** The version that introduced the list of deprecated features. */
const DEPRECATED_FEATURES_SINCE = '3.13.0'

async function readDeniedFeatures(client: ManagementClient, version: string): Promise<readonly string[]> {
  if (!isAtLeast(version, DEPRECATED_FEATURES_SINCE)) return []
  const features = await reads.deprecatedFeatures(client)
  return features.filter(({ state }) => state === 'denied').map(({ name }) => name)
}

/**
 * Whether the broker stores its objects in Khepri, which deletes the topic permissions on an exchange together with
 * it: the only store from 4.3 on, and optional from 4.0 on.
 */
async function usesKhepri(client: ManagementClient, version: string): Promise<boolean> {
  if (!isAtLeast(version, '4.0.0') || isAtLeast(version, '4.3.0')) return isAtLeast(version, '4.3.0')
  const flags = await reads.featureFlags(client)
  return flags.some(({ name, state }) => name === 'khepri_db' && state === 'enabled')
}

/** Whether a login has the tag that the API requires to read or write users and permissions. */
export function isAdministrator(login: Login): boolean {
  return login.tags.includes('administrator')
}

function mayReadNodes({ tags }: Login): boolean {
  return tags.includes('administrator') || tags.includes('monitoring')
}

/** In older versions the default type is always classic (`rabbit_queue_type:default`). Those before 4.0 do not report it. */
const DEFAULT_QUEUE_TYPE_SINCE = '3.12.14'

/** The name of a broker: that of its cluster, or of its node. */
export function brokerNameIn({ cluster_name: cluster, node }: ReceivedOverview): string {
  return cluster ?? node ?? 'unknown'
}

function identify(
  client: ManagementClient,
  overview: ReceivedOverview,
  nodes: readonly ReceivedNode[],
): Omit<Live['broker'], 'deniedFeatures'> {
  const enabledPlugins = nodes.flatMap(({ enabled_plugins: enabled = [] }) => enabled)
  const applications = nodes.flatMap((node) => (node.applications ?? []).map(({ name }) => name))
  const plugins = [...enabledPlugins, ...applications]
  const isFixed = !isAtLeast(overview.rabbitmq_version, DEFAULT_QUEUE_TYPE_SINCE)
  const defaultQueueType = overview.default_queue_type ?? (isFixed ? 'classic' : undefined)
  return {
    name: brokerNameIn(overview),
    version: overview.rabbitmq_version,
    url: client.url,
    exchangeTypes: (overview.exchange_types ?? []).map(({ name }) => name),
    forbidsOperatorPolicies: overview.is_op_policy_updating_enabled === false,
    ...(defaultQueueType !== undefined && { defaultQueueType }),
    ...(plugins.length > 0 && { plugins: [...new Set(plugins)], enabledPlugins: [...new Set(enabledPlugins)] }),
  }
}

/** Whether a queue belongs to one connection (exclusive), was named by the broker (`amq.`), or belongs to a plugin (internal). */
export function isUntouchable(queue: ReceivedQueue): boolean {
  return isExclusive(queue) || queue.internal === true || queue.name.startsWith('amq.')
}

function isExclusive(queue: ReceivedQueue): boolean {
  return queue.exclusive === true || queue.owner_pid_details !== undefined
}

function reasonOf(queue: ReceivedQueue): UntouchableQueue['reason'] {
  if (isExclusive(queue)) return 'exclusive'
  return queue.internal === true ? 'internal' : 'server-named'
}

function queueAddress(queue: ReceivedQueue): string {
  return address('queue', queue.vhost, queue.name)
}

function split<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  const yes: T[] = []
  const no: T[] = []
  for (const item of items) (belongs(item) ? yes : no).push(item)
  return [yes, no]
}
