import type { ManagementClient } from './client.ts'
import { orIfMissing } from './errors.ts'
import { apiPath, exchangeInPath } from './path.ts'
import { list, listOfDistinct } from './answers/shape.ts'
import * as shapes from './answers/shapes.ts'

// With only these columns, a broker with many queues needs half to two thirds of the time.
const MEMBER_COLUMNS = 'state,members,online'
const QUEUE_COLUMNS = `name,vhost,type,durable,auto_delete,exclusive,owner_pid_details,internal,arguments,${MEMBER_COLUMNS}`
const BINDING_COLUMNS = 'vhost,source,destination,destination_type,routing_key,arguments,properties_key'
const TOTAL_COLUMNS = 'name,vhost,type,messages,messages_ready,messages_unacknowledged'
const NODE_COLUMNS =
  'name,running,partitions,mem_used,mem_limit,mem_alarm,disk_free,disk_free_limit,disk_free_alarm,fd_used,fd_total,proc_used,proc_total'
const CONNECTION_COLUMNS = 'name,client_properties,user,vhost,state,protocol,type,timeout,frame_max,peer_host,peer_port'
const CHANNEL_COLUMNS =
  'name,connection_details.name,global_prefetch_count,message_stats.publish,message_stats.deliver_get'
const QUEUE_HEALTH_COLUMNS = `name,leader,messages_unacknowledged,messages_dlx,head_message_timestamp,message_stats.publish,message_stats.deliver_get,message_stats.ack`
const STATE_COLUMNS = `${TOTAL_COLUMNS},auto_delete,arguments,policy,operator_policy`

/** Bindings between the same ends may also differ in their arguments. Their key contains a hash of the arguments. */
const BINDING = ['source', 'destination_type', 'destination', 'routing_key', 'properties_key'] as const

const queuesPath = (vhost: string) => `${apiPath('queues', vhost)}?disable_stats=true&columns=${QUEUE_COLUMNS}`
const bindingsInVhostPath = (vhost: string) => `${apiPath('bindings', vhost)}?columns=${BINDING_COLUMNS}`

/** The paths of the slow reads, which `queues` and `bindings` request. */
export function bulkReads(vhost: string): readonly string[] {
  return [queuesPath(vhost), bindingsInVhostPath(vhost)]
}

/**
 * All reads of warren, each with the shape of its response. A plan reads in bulk: one request for each kind and
 * vhost, without statistics, never one for each object.
 */
export const reads = {
  overview: (client: ManagementClient) => client.get(`${apiPath('overview')}?disable_stats=true`, shapes.overview),
  // Without statistics the overview does not list the ports.
  amqpAccess: (client: ManagementClient) =>
    client.get(`${apiPath('overview')}?columns=listeners,cluster_name`, shapes.amqpAccess),
  // Not with `?disable_stats=true`, as in `overview`: the answer would then always be true.
  collectsStatistics: async (client: ManagementClient) =>
    (await client.get(`${apiPath('overview')}?columns=disable_stats`, shapes.statistics)).disable_stats === false,
  // Not with `?disable_stats=true` either.
  statisticsModes: (client: ManagementClient) =>
    client.get(`${apiPath('overview')}?columns=rates_mode,disable_stats`, shapes.statistics),
  whoami: (client: ManagementClient) => client.get(apiPath('whoami'), shapes.whoami),
  vhosts: (client: ManagementClient) =>
    client.get(`${apiPath('vhosts')}?disable_stats=true`, listOfDistinct(shapes.vhost, 'name')),
  // For a vhost that was just created and is missing in the bulk read.
  vhost: (client: ManagementClient, name: string) => client.get(apiPath('vhosts', name), shapes.vhost),
  vhostLimits: (client: ManagementClient) =>
    client.get(apiPath('vhost-limits'), listOfDistinct(shapes.vhostLimits, 'vhost')),
  users: (client: ManagementClient) => client.get(apiPath('users'), listOfDistinct(shapes.user, 'name')),
  permissions: (client: ManagementClient) =>
    client.get(apiPath('permissions'), listOfDistinct(shapes.permission, 'vhost', 'user')),
  topicPermissions: (client: ManagementClient) =>
    client.get(apiPath('topic-permissions'), listOfDistinct(shapes.topicPermission, 'vhost', 'user', 'exchange')),
  exchanges: (client: ManagementClient, vhost: string) =>
    client.get(`${apiPath('exchanges', vhost)}?disable_stats=true`, listOfDistinct(shapes.exchangeIn(vhost), 'name')),
  exchange: (client: ManagementClient, vhost: string, name: string) =>
    client.get(`${apiPath('exchanges', vhost, name)}?disable_stats=true`, shapes.exchangeIn(vhost)),
  // With statistics, which are some seconds old.
  exchangeUse: (client: ManagementClient, vhost: string) =>
    client.get(
      `${apiPath('exchanges', vhost)}?columns=name,message_stats.publish_in`,
      listOfDistinct(shapes.exchangeUse, 'name'),
    ),
  // No other response says who publishes to an exchange.
  exchangeIncoming: (client: ManagementClient, vhost: string, name: string) =>
    client.get(`${apiPath('exchanges', vhost, exchangeInPath(name))}?columns=incoming`, shapes.exchangeIncoming),
  // Without totals, which take 3.10 up to six times as long.
  queues: (client: ManagementClient, vhost: string) =>
    client.get(queuesPath(vhost), listOfDistinct(shapes.queueIn(vhost), 'name')),
  // Totals without the statistics database, which would cost ten times as much (RabbitMQ docs, HTTP API reference).
  queueTotals: (client: ManagementClient, vhost: string) =>
    client.get(
      `${apiPath('queues', vhost)}?disable_stats=true&enable_queue_totals=true&columns=${TOTAL_COLUMNS}`,
      listOfDistinct(shapes.queueTotalsIn(vhost), 'name'),
    ),
  queueStates: (client: ManagementClient, vhost: string) =>
    client.get(
      `${apiPath('queues', vhost)}?disable_stats=true&enable_queue_totals=true&columns=${STATE_COLUMNS},${MEMBER_COLUMNS}`,
      listOfDistinct(shapes.queueStateIn(vhost), 'name'),
    ),
  queueMembers: (client: ManagementClient, vhost: string, name: string) =>
    client.get(`${apiPath('queues', vhost, name)}?disable_stats=true&columns=${MEMBER_COLUMNS}`, shapes.queueMembers),
  hasQueue: async (client: ManagementClient, vhost: string, name: string) =>
    (await orIfMissing(reads.queueMembers(client, vhost, name), undefined)) !== undefined,
  queue: (client: ManagementClient, vhost: string, name: string) =>
    client.get(`${apiPath('queues', vhost, name)}?disable_stats=true`, shapes.queueIn(vhost)),
  // With statistics, which are some seconds old, and absent for a queue that has not reported any.
  queueStatistics: (client: ManagementClient, vhost: string) =>
    client.get(
      `${apiPath('queues', vhost)}?columns=name,idle_since,message_bytes,message_stats.publish,message_stats.deliver_get`,
      listOfDistinct(shapes.queueStatistics, 'name'),
    ),
  // With statistics. Only clients that share their reads use this: they replace the path by one with all columns.
  queueMetrics: (client: ManagementClient, vhost: string) =>
    client.get(`${apiPath('queues', vhost)}?columns=name,messages`, listOfDistinct(shapes.queueMetrics, 'name')),
  // With statistics, because the totals include these messages without a separate count.
  heldDeadLetters: (client: ManagementClient, vhost: string) =>
    client.get(`${apiPath('queues', vhost)}?columns=name,messages_dlx`, listOfDistinct(shapes.queueHeld, 'name')),
  // With statistics, which are some seconds old, and absent for a queue that is newer.
  queueBytes: async (client: ManagementClient, vhost: string, name: string) =>
    (await client.get(`${apiPath('queues', vhost, name)}?columns=message_bytes`, shapes.queueBytes)).message_bytes,
  // With statistics, which are absent for a queue that has not reported any; a working queue reports every few
  // seconds.
  reportedTotal: async (client: ManagementClient, vhost: string, name: string) =>
    (await client.get(`${apiPath('queues', vhost, name)}?columns=messages`, shapes.reportedTotal)).messages,
  bindingsOfQueue: (client: ManagementClient, vhost: string, name: string) =>
    client.get(apiPath('queues', vhost, name, 'bindings'), listOfDistinct(shapes.bindingIn(vhost), ...BINDING)),
  bindings: (client: ManagementClient, vhost: string) =>
    client.get(bindingsInVhostPath(vhost), listOfDistinct(shapes.bindingIn(vhost), ...BINDING)),
  bindingsFromExchange: (client: ManagementClient, vhost: string, name: string) =>
    client.get(
      apiPath('exchanges', vhost, name, 'bindings', 'source'),
      listOfDistinct(shapes.bindingIn(vhost), ...BINDING),
    ),
  bindingsToExchange: (client: ManagementClient, vhost: string, name: string) =>
    client.get(
      apiPath('exchanges', vhost, name, 'bindings', 'destination'),
      listOfDistinct(shapes.bindingIn(vhost), ...BINDING),
    ),
  consumers: (client: ManagementClient, vhost: string) =>
    client.get(`${apiPath('consumers', vhost)}?columns=queue,channel_details`, list(shapes.consumer)),
  connections: (client: ManagementClient) =>
    client.get(`${apiPath('connections')}?columns=name,client_properties`, list(shapes.connection)),
  policies: (client: ManagementClient, vhost: string) =>
    client.get(apiPath('policies', vhost), listOfDistinct(shapes.policyIn(vhost), 'name')),
  operatorPolicies: (client: ManagementClient, vhost: string) =>
    client.get(apiPath('operator-policies', vhost), listOfDistinct(shapes.policyIn(vhost), 'name')),
  parameters: (client: ManagementClient) =>
    client.get(apiPath('parameters'), listOfDistinct(shapes.parameter, 'vhost', 'component', 'name')),
  globalParameters: (client: ManagementClient) =>
    client.get(apiPath('global-parameters'), listOfDistinct(shapes.globalParameter, 'name')),
  globalParameter: (client: ManagementClient, name: string) =>
    client.get(apiPath('global-parameters', name), shapes.globalParameter),
  featureFlags: (client: ManagementClient) =>
    client.get(apiPath('feature-flags'), listOfDistinct(shapes.featureFlag, 'name')),
  // From 3.13.
  deprecatedFeatures: (client: ManagementClient) =>
    client.get(apiPath('deprecated-features'), listOfDistinct(shapes.deprecatedFeature, 'name')),
  // The enabled plugins are only the explicitly enabled ones. Their dependencies are among the applications, which
  // are incomplete in the first seconds of a node. Without statistics, a node reports neither.
  nodes: (client: ManagementClient) =>
    client.get(`${apiPath('nodes')}?columns=enabled_plugins,applications.name`, list(shapes.node)),
  nodeNames: (client: ManagementClient) =>
    client.get(`${apiPath('nodes')}?columns=name`, listOfDistinct(shapes.nodeName, 'name')),
  nodeHealth: (client: ManagementClient) =>
    client.get(`${apiPath('nodes')}?columns=${NODE_COLUMNS}`, listOfDistinct(shapes.nodeHealth, 'name')),
  connectionHealth: (client: ManagementClient) =>
    client.get(`${apiPath('connections')}?columns=${CONNECTION_COLUMNS}`, list(shapes.connectionHealth)),
  channels: (client: ManagementClient) =>
    client.get(`${apiPath('channels')}?columns=${CHANNEL_COLUMNS}`, list(shapes.channel)),
  churn: (client: ManagementClient) => client.get(`${apiPath('overview')}?columns=churn_rates`, shapes.churn),
  // With statistics, which are some seconds old.
  queueHealth: (client: ManagementClient, vhost: string) =>
    client.get(
      `${apiPath('queues', vhost)}?columns=${QUEUE_HEALTH_COLUMNS}`,
      listOfDistinct(shapes.queueHealth, 'name'),
    ),
  // Whether no node has an alarm. Not from statistics, so it is not late.
  isWithoutAlarms: (client: ManagementClient) => client.check(apiPath('health', 'checks', 'alarms'), shapes.healthy),
}
