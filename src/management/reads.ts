import type { ManagementClient } from './client.ts'
import { apiPath } from './path.ts'
import { list } from './shape.ts'
import * as shapes from './shapes.ts'

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

/**
 * All that warren reads of a broker, each with the shape of its answer. The bulk reads of a plan are one request per kind
 * and vhost, without statistics, never one per object.
 */
export const reads = {
  overview: (client: ManagementClient) => client.get(`${apiPath('overview')}?disable_stats=true`, shapes.overview),
  // Without statistics the overview does not tell the ports.
  amqpAccess: (client: ManagementClient) =>
    client.get(`${apiPath('overview')}?columns=listeners,cluster_name`, shapes.amqpAccess),
  whoami: (client: ManagementClient) => client.get(apiPath('whoami'), shapes.whoami),
  vhosts: (client: ManagementClient) => client.get(`${apiPath('vhosts')}?disable_stats=true`, list(shapes.vhost)),
  // Of one that was just made, beside its bulk read.
  vhost: (client: ManagementClient, name: string) => client.get(apiPath('vhosts', name), shapes.vhost),
  vhostLimits: (client: ManagementClient) => client.get(apiPath('vhost-limits'), list(shapes.vhostLimits)),
  users: (client: ManagementClient) => client.get(apiPath('users'), list(shapes.user)),
  permissions: (client: ManagementClient) => client.get(apiPath('permissions'), list(shapes.permission)),
  topicPermissions: (client: ManagementClient) =>
    client.get(apiPath('topic-permissions'), list(shapes.topicPermission)),
  exchanges: (client: ManagementClient, vhost: string) =>
    client.get(`${apiPath('exchanges', vhost)}?disable_stats=true`, list(shapes.exchangeIn(vhost))),
  exchange: (client: ManagementClient, vhost: string, name: string) =>
    client.get(`${apiPath('exchanges', vhost, name)}?disable_stats=true`, shapes.exchangeIn(vhost)),
  // Without totals, for which 3.10 takes up to six times as long.
  queues: (client: ManagementClient, vhost: string) => client.get(queuesPath(vhost), list(shapes.queueIn(vhost))),
  // Totals come without the statistics database, which would cost ten times as much (RabbitMQ docs, HTTP API reference).
  queueTotals: (client: ManagementClient, vhost: string) =>
    client.get(
      `${apiPath('queues', vhost)}?disable_stats=true&enable_queue_totals=true&columns=${TOTAL_COLUMNS}`,
      list(shapes.queueTotalsIn(vhost)),
    ),
  queueStates: (client: ManagementClient, vhost: string) =>
    client.get(
      `${apiPath('queues', vhost)}?disable_stats=true&enable_queue_totals=true&columns=${STATE_COLUMNS},${MEMBER_COLUMNS}`,
      list(shapes.queueStateIn(vhost)),
    ),
  queueMembers: (client: ManagementClient, vhost: string, name: string) =>
    client.get(`${apiPath('queues', vhost, name)}?disable_stats=true&columns=${MEMBER_COLUMNS}`, shapes.queueMembers),
  queue: (client: ManagementClient, vhost: string, name: string) =>
    client.get(`${apiPath('queues', vhost, name)}?disable_stats=true`, shapes.queueIn(vhost)),
  // With statistics, since totals do not tell it apart.
  heldDeadLetters: (client: ManagementClient, vhost: string) =>
    client.get(`${apiPath('queues', vhost)}?columns=name,messages_dlx`, list(shapes.queueHeld)),
  // With statistics, which are some seconds old; absent on a queue that is newer than them.
  queueBytes: async (client: ManagementClient, vhost: string, name: string) =>
    (await client.get(`${apiPath('queues', vhost, name)}?columns=message_bytes`, shapes.queueBytes)).message_bytes,
  bindingsOfQueue: (client: ManagementClient, vhost: string, name: string) =>
    client.get(apiPath('queues', vhost, name, 'bindings'), list(shapes.bindingIn(vhost))),
  bindings: (client: ManagementClient, vhost: string) =>
    client.get(bindingsInVhostPath(vhost), list(shapes.bindingIn(vhost))),
  bindingsFromExchange: (client: ManagementClient, vhost: string, name: string) =>
    client.get(apiPath('exchanges', vhost, name, 'bindings', 'source'), list(shapes.bindingIn(vhost))),
  bindingsToExchange: (client: ManagementClient, vhost: string, name: string) =>
    client.get(apiPath('exchanges', vhost, name, 'bindings', 'destination'), list(shapes.bindingIn(vhost))),
  consumers: (client: ManagementClient, vhost: string) =>
    client.get(`${apiPath('consumers', vhost)}?columns=queue,channel_details`, list(shapes.consumer)),
  connections: (client: ManagementClient) =>
    client.get(`${apiPath('connections')}?columns=name,client_properties`, list(shapes.connection)),
  policies: (client: ManagementClient, vhost: string) =>
    client.get(apiPath('policies', vhost), list(shapes.policyIn(vhost))),
  operatorPolicies: (client: ManagementClient, vhost: string) =>
    client.get(apiPath('operator-policies', vhost), list(shapes.policyIn(vhost))),
  parameters: (client: ManagementClient) => client.get(apiPath('parameters'), list(shapes.parameter)),
  globalParameters: (client: ManagementClient) =>
    client.get(apiPath('global-parameters'), list(shapes.globalParameter)),
  globalParameter: (client: ManagementClient, name: string) =>
    client.get(apiPath('global-parameters', name), shapes.globalParameter),
  featureFlags: (client: ManagementClient) => client.get(apiPath('feature-flags'), list(shapes.featureFlag)),
  // From 3.13.
  deprecatedFeatures: (client: ManagementClient) =>
    client.get(apiPath('deprecated-features'), list(shapes.deprecatedFeature)),
  // Enabled are the plugins that were named; those that they brought with them are among the applications, which are not
  // complete in the first seconds of a node. Without statistics, a node tells neither.
  nodes: (client: ManagementClient) =>
    client.get(`${apiPath('nodes')}?columns=enabled_plugins,applications.name`, list(shapes.node)),
  nodeNames: (client: ManagementClient) => client.get(`${apiPath('nodes')}?columns=name`, list(shapes.nodeName)),
}
