import type { ManagementClient } from './client.ts'
import { apiPath } from './path.ts'
import type {
  ReceivedAmqpAccess,
  ReceivedBinding,
  ReceivedDeprecatedFeature,
  ReceivedExchange,
  ReceivedGlobalParameter,
  ReceivedNode,
  ReceivedOverview,
  ReceivedParameter,
  ReceivedPermission,
  ReceivedPolicy,
  ReceivedQueue,
  ReceivedQueueMembers,
  ReceivedQueueState,
  ReceivedQueueTotals,
  ReceivedTopicPermission,
  ReceivedUser,
  ReceivedVhost,
  ReceivedVhostLimits,
  ReceivedWhoami,
} from './received.ts'

// What is left out is not sent, so that a broker of many queues answers in some two thirds of the time, or half of it.
const QUEUE_COLUMNS = 'name,vhost,type,durable,auto_delete,exclusive,owner_pid_details,internal,arguments'
const BINDING_COLUMNS = 'vhost,source,destination,destination_type,routing_key,arguments,properties_key'
const TOTAL_COLUMNS = 'name,vhost,type,messages,messages_ready,messages_unacknowledged'
const STATE_COLUMNS = `${TOTAL_COLUMNS},arguments,policy,operator_policy`
const MEMBER_COLUMNS = 'state,members,online'

const queuesPath = (vhost: string) => `${apiPath('queues', vhost)}?disable_stats=true&columns=${QUEUE_COLUMNS}`
const bindingsInVhostPath = (vhost: string) => `${apiPath('bindings', vhost)}?columns=${BINDING_COLUMNS}`

/** What takes a broker long: the paths of what `queues` and `bindings` read. */
export function bulkReads(vhost: string): readonly string[] {
  return [queuesPath(vhost), bindingsInVhostPath(vhost)]
}

/** The bulk reads of a plan: one request per kind and vhost, without statistics, never one per object. */
export const reads = {
  overview: (client: ManagementClient) => client.get<ReceivedOverview>(`${apiPath('overview')}?disable_stats=true`),
  // Without statistics the overview does not tell the ports.
  amqpAccess: (client: ManagementClient) =>
    client.get<ReceivedAmqpAccess>(`${apiPath('overview')}?columns=listeners,cluster_name`),
  whoami: (client: ManagementClient) => client.get<ReceivedWhoami>(apiPath('whoami')),
  vhosts: (client: ManagementClient) => client.get<readonly ReceivedVhost[]>(`${apiPath('vhosts')}?disable_stats=true`),
  // Of one that was just made, beside its bulk read.
  vhost: (client: ManagementClient, name: string) => client.get<ReceivedVhost>(apiPath('vhosts', name)),
  vhostLimits: (client: ManagementClient) => client.get<readonly ReceivedVhostLimits[]>(apiPath('vhost-limits')),
  users: (client: ManagementClient) => client.get<readonly ReceivedUser[]>(apiPath('users')),
  permissions: (client: ManagementClient) => client.get<readonly ReceivedPermission[]>(apiPath('permissions')),
  topicPermissions: (client: ManagementClient) =>
    client.get<readonly ReceivedTopicPermission[]>(apiPath('topic-permissions')),
  exchanges: (client: ManagementClient, vhost: string) =>
    client.get<readonly ReceivedExchange[]>(`${apiPath('exchanges', vhost)}?disable_stats=true`),
  exchange: (client: ManagementClient, vhost: string, name: string) =>
    client.get<ReceivedExchange>(`${apiPath('exchanges', vhost, name)}?disable_stats=true`),
  // Without totals, for which 3.10 takes up to six times as long.
  queues: (client: ManagementClient, vhost: string) => client.get<readonly ReceivedQueue[]>(queuesPath(vhost)),
  // Totals come without the statistics database, which would cost ten times as much (RabbitMQ docs, HTTP API reference).
  queueTotals: (client: ManagementClient, vhost: string) =>
    client.get<readonly ReceivedQueueTotals[]>(
      `${apiPath('queues', vhost)}?disable_stats=true&enable_queue_totals=true&columns=${TOTAL_COLUMNS}`,
    ),
  queueStates: (client: ManagementClient, vhost: string) =>
    client.get<readonly ReceivedQueueState[]>(
      `${apiPath('queues', vhost)}?disable_stats=true&enable_queue_totals=true&columns=${STATE_COLUMNS},${MEMBER_COLUMNS}`,
    ),
  queueMembers: (client: ManagementClient, vhost: string, name: string) =>
    client.get<ReceivedQueueMembers>(`${apiPath('queues', vhost, name)}?disable_stats=true&columns=${MEMBER_COLUMNS}`),
  queue: (client: ManagementClient, vhost: string, name: string) =>
    client.get<ReceivedQueue>(`${apiPath('queues', vhost, name)}?disable_stats=true`),
  // With statistics, which are some seconds old; absent on a queue that is newer than them.
  queueBytes: async (client: ManagementClient, vhost: string, name: string) =>
    (await client.get<{ readonly message_bytes?: number }>(`${apiPath('queues', vhost, name)}?columns=message_bytes`))
      .message_bytes,
  bindingsOfQueue: (client: ManagementClient, vhost: string, name: string) =>
    client.get<readonly ReceivedBinding[]>(apiPath('queues', vhost, name, 'bindings')),
  bindings: (client: ManagementClient, vhost: string) =>
    client.get<readonly ReceivedBinding[]>(bindingsInVhostPath(vhost)),
  bindingsFromExchange: (client: ManagementClient, vhost: string, name: string) =>
    client.get<readonly ReceivedBinding[]>(apiPath('exchanges', vhost, name, 'bindings', 'source')),
  bindingsToExchange: (client: ManagementClient, vhost: string, name: string) =>
    client.get<readonly ReceivedBinding[]>(apiPath('exchanges', vhost, name, 'bindings', 'destination')),
  policies: (client: ManagementClient, vhost: string) =>
    client.get<readonly ReceivedPolicy[]>(apiPath('policies', vhost)),
  operatorPolicies: (client: ManagementClient, vhost: string) =>
    client.get<readonly ReceivedPolicy[]>(apiPath('operator-policies', vhost)),
  parameters: (client: ManagementClient) => client.get<readonly ReceivedParameter[]>(apiPath('parameters')),
  globalParameters: (client: ManagementClient) =>
    client.get<readonly ReceivedGlobalParameter[]>(apiPath('global-parameters')),
  // From 3.13.
  deprecatedFeatures: (client: ManagementClient) =>
    client.get<readonly ReceivedDeprecatedFeature[]>(apiPath('deprecated-features')),
  // Enabled are the plugins that were named; those that they brought with them are among the applications, which are not
  // complete in the first seconds of a node. Without statistics, a node tells neither.
  nodes: (client: ManagementClient) =>
    client.get<readonly ReceivedNode[]>(`${apiPath('nodes')}?columns=enabled_plugins,applications.name`),
  nodeNames: (client: ManagementClient) =>
    client.get<readonly { readonly name: string }[]>(`${apiPath('nodes')}?columns=name`),
}
