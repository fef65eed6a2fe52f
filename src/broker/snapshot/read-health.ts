import { address } from '../../model/address.ts'
import type { ManagementClient } from '../management/client.ts'
import { ManagementError } from '../management/errors.ts'
import { reads } from '../management/reads.ts'
import type {
  ReceivedChannel,
  ReceivedConnectionHealth,
  ReceivedNodeHealth,
  ReceivedQueueHealth,
  ReceivedQueueState,
} from '../management/answers/received.ts'
import { withoutMajority } from '../live/majority.ts'
import { clientOf } from './consumers.ts'
import type {
  ChannelHealth,
  ConnectionHealth,
  HealthLook,
  HealthPart,
  NodeHealth,
  QueueHealth,
  UnknownHealth,
} from './health.ts'
import type { Snapshot } from './snapshot.ts'

/** A look, and the parts of it that could not be read. */
export interface HealthRead {
  readonly look: HealthLook
  readonly unknown: readonly UnknownHealth[]
}

/**
 * Looks at the condition of a broker, with five bulk requests for the whole broker and three for each vhost.
 *
 * @param snapshot determines the vhosts, and what the login may see
 * @param at milliseconds since the first look
 */
export async function readHealth(client: ManagementClient, snapshot: Snapshot, at: number): Promise<HealthRead> {
  const unknown: UnknownHealth[] = []
  const { tags } = snapshot.live.login
  // For other logins, the answer is 200 with an empty list of other users' connections.
  const seesOthers = tags.some((tag) => tag === 'monitoring' || tag === 'administrator')
  const collected = snapshot.statistics?.collected === true
  const orUnknown = async <T>(part: HealthPart, vhost: string | undefined, read: () => Promise<T>) => {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof ManagementError && error.status < 500)) throw error
      unknown.push({ part, ...(vhost !== undefined && { vhost }), reason: 'refused' })
      return undefined
    }
  }
  const ofOthers = async <T>(part: HealthPart, read: () => Promise<T>) => {
    if (!seesOthers) unknown.push({ part, reason: 'needs-monitoring' })
    else if (!collected) unknown.push({ part, reason: 'statistics-off' })
    else return orUnknown(part, undefined, read)
    return undefined
  }
  const names = snapshot.vhosts.map(({ name }) => name)
  const [healthy, nodes, connections, channels, churn, consumers, queues] = await Promise.all([
    orUnknown('alarm', undefined, () => reads.isWithoutAlarms(client)),
    seesOthers
      ? orUnknown('nodes', undefined, () => reads.nodeHealth(client))
      : ofOthers('nodes', () => Promise.resolve([])),
    ofOthers('connections', () => reads.connectionHealth(client)),
    ofOthers('channels', () => reads.channels(client)),
    ofOthers('churn', () => reads.churn(client)),
    ofOthers('consumers', () => Promise.all(names.map((vhost) => reads.consumers(client, vhost)))),
    Promise.all(
      names.map((vhost) =>
        orUnknown('queues', vhost, () => queuesIn(client, vhost, collected, () => unknown.push(noStatistics(vhost)))),
      ),
    ),
  ])
  const rates = churn?.churn_rates
  return {
    look: {
      at,
      time: Date.now(),
      ...(healthy !== undefined && { alarm: !healthy }),
      ...(nodes && { nodes: nodes.map(nodeOf) }),
      ...(connections && { connections: connections.map(connectionOf) }),
      ...(channels && { channels: channels.map(channelOf) }),
      ...(rates && {
        churn: {
          connections: rates.connection_created ?? 0,
          channels: rates.channel_created ?? 0,
          queuesCreated: rates.queue_created ?? 0,
          queuesDeleted: rates.queue_deleted ?? 0,
        },
      }),
      queues: new Map(queues.flatMap((each) => each ?? [])),
      ...(consumers && { consumers: countConsumers(consumers.flat()) }),
    },
    unknown,
  }
}

function noStatistics(vhost: string): UnknownHealth {
  return { part: 'queues', vhost, reason: 'statistics-off' }
}

async function queuesIn(
  client: ManagementClient,
  vhost: string,
  collected: boolean,
  without: () => void,
): Promise<[string, QueueHealth][]> {
  const [totals, statistics] = await Promise.all([
    reads.queueStates(client, vhost),
    collected ? reads.queueHealth(client, vhost) : [],
  ])
  if (!collected) without()
  const late = new Map(statistics.map((each) => [each.name, each]))
  return totals.map((each) => [address('queue', vhost, each.name), queueOf(each, late.get(each.name))])
}

function queueOf(state: ReceivedQueueState, late: ReceivedQueueHealth | undefined): QueueHealth {
  const { messages, messages_ready: ready, members, online } = state
  const { message_stats: counters = {}, head_message_timestamp: head, leader } = late ?? {}
  return {
    ...(messages !== undefined && { messages }),
    ...(ready !== undefined && { ready }),
    unacknowledged: late?.messages_unacknowledged ?? 0,
    published: counters.publish ?? 0,
    delivered: counters.deliver_get ?? 0,
    acknowledged: counters.ack ?? 0,
    held: late?.messages_dlx ?? 0,
    ...(typeof head === 'number' && { oldest: head * 1_000 }),
    ...(isText(leader) && { leader }),
    members: members ?? [],
    online: online ?? [],
    // Not from statistics, which would still show members that have gone.
    hasMajority: withoutMajority(state) === undefined,
  }
}

function nodeOf(node: ReceivedNodeHealth): NodeHealth {
  const numbers = {
    memoryUsed: node.mem_used,
    memoryLimit: node.mem_limit,
    diskFree: node.disk_free,
    diskFreeLimit: node.disk_free_limit,
    filesUsed: node.fd_used,
    filesLimit: node.fd_total,
    processesUsed: node.proc_used,
    processesLimit: node.proc_total,
  }
  return {
    name: node.name,
    running: node.running !== false,
    partitions: node.partitions?.length ?? 0,
    memoryAlarm: node.mem_alarm === true,
    diskAlarm: node.disk_free_alarm === true,
    ...(Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined)) as Partial<NodeHealth>),
  }
}

function connectionOf(received: ReceivedConnectionHealth): ConnectionHealth {
  const { name: connection, vhost, state, protocol, type, timeout, frame_max: frameMax } = received
  return {
    ...clientOf(received.client_properties ?? {}, received),
    connection,
    ...(vhost !== undefined && { vhost }),
    ...(isText(state) && { state }),
    ...(isText(protocol) && { protocol }),
    isNetwork: type !== 'direct',
    ...(typeof timeout === 'number' && { heartbeat: timeout }),
    ...(typeof frameMax === 'number' && { frameMax }),
  }
}

function channelOf(received: ReceivedChannel): ChannelHealth {
  const { name, connection_details: { name: connection } = {}, global_prefetch_count: prefetch } = received
  const { publish = 0, deliver_get: deliver = 0 } = received.message_stats ?? {}
  return {
    name,
    ...(isText(connection) && { connection }),
    globalPrefetch: typeof prefetch === 'number' ? prefetch : 0,
    messages: publish + deliver,
  }
}

function countConsumers(
  consumers: readonly { readonly queue: { readonly name: string; readonly vhost: string } }[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { queue } of consumers) {
    const at = address('queue', queue.vhost, queue.name)
    counts.set(at, (counts.get(at) ?? 0) + 1)
  }
  return counts
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
