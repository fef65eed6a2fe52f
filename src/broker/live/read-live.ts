import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { ManagementClient } from '../management/client.ts'
import { ManagementError } from '../management/errors.ts'
import { grantEntry } from '../../diagnostics/text/rabbitmqctl.ts'
import { reads } from '../management/reads.ts'
import type { ReceivedNode, ReceivedOverview, ReceivedQueue } from '../management/answers/received.ts'
import { address } from '../../model/address.ts'
import { isAtLeast } from '../../model/broker-version.ts'
import { type Kind, KINDS, objectsOf, topologyOf } from '../../model/topology.ts'
import { registerTopology } from '../../model/secrets/register-secrets.ts'
import { listOfTags, liveQueue, liveTopology } from './normalize.ts'
import type { Live, Login, UntouchableQueue } from './live.ts'
import { withoutMajority } from './majority.ts'
import { readObjects, readVhosts } from './read-objects.ts'
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
  const policymaker = administrator || login.tags.includes('policymaker')
  const may = { administrator, policymaker }

  const [received, nodes, deniedFeatures, khepri] = await Promise.all([
    readObjects(client, {
      vhosts: visible,
      isWanted: (kind) => wanted(kind) && mayRead(kind, may),
      inVhost: readOrSkip,
    }),
    mayReadNodes(login) && (wanted('parameter') || wanted('policy')) ? reads.nodes(client) : [],
    wanted('queue') || wanted('policy') ? readDeniedFeatures(client, overview.rabbitmq_version) : [],
    administrator && wanted('topic-permission') ? usesKhepri(client, overview.rabbitmq_version) : undefined,
  ])

  // A permission may be revoked during the requests, so a vhost is read completely or not at all.
  const read = <T extends { readonly vhost: string }>(objects: readonly T[]) =>
    unreadable.size === 0 ? objects : objects.filter(({ vhost }) => !unreadable.has(vhost))
  const queues = read(received.queues)
  const [foreign, own] = split(queues, isUntouchable)
  const topology = liveTopology(vhosts, {
    ...received,
    exchanges: read(received.exchanges),
    queues: own,
    bindings: read(received.bindings),
    policies: read(received.policies),
    operatorPolicies: read(received.operatorPolicies),
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
      queues.flatMap((queue) => {
        const count = withoutMajority(queue)
        return count === undefined ? [] : [[queueAddress(queue), count] as const]
      }),
    ),
    untouchableQueues: foreign.map((queue) => ({ ...liveQueue(queue), reason: reasonOf(queue) })),
    ...(scope.skipUnreadable === true && { unreadable: [...unreadable].toSorted() }),
    kindsRead: kindsRead(scope, may),
    ...(policymaker && wanted('global-parameter') && { records: recordsIn(received.globalParameters) }),
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

interface Rights {
  readonly administrator: boolean
  readonly policymaker: boolean
}

function mayRead(kind: Kind, may: Rights): boolean {
  return (
    (may.administrator || !ONLY_ADMINISTRATORS.includes(kind)) && (may.policymaker || !ONLY_POLICYMAKERS.includes(kind))
  )
}

function kindsRead({ kinds }: ReadScope, may: Rights): ReadonlySet<Kind> {
  const read = [...(kinds ?? KINDS)].filter((kind) => mayRead(kind, may))
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
