import type { ReceivedQueueMetrics } from './received-metrics.ts'
import type {
  ReceivedAmqpAccess,
  ReceivedBinding,
  ReceivedChannel,
  ReceivedChurn,
  ReceivedChurnRates,
  ReceivedConnection,
  ReceivedConnectionHealth,
  ReceivedConsumer,
  ReceivedDeprecatedFeature,
  ReceivedFeatureFlag,
  ReceivedExchange,
  ReceivedExchangeUse,
  ReceivedGlobalParameter,
  ReceivedHeldDeadLetters,
  ReceivedIncoming,
  ReceivedMessageCounters,
  ReceivedNode,
  ReceivedNodeHealth,
  ReceivedOverview,
  ReceivedParameter,
  ReceivedPermission,
  ReceivedPolicy,
  ReceivedQueue,
  ReceivedQueueHealth,
  ReceivedQueueMembers,
  ReceivedQueueState,
  ReceivedQueueStatistics,
  ReceivedQueueTotals,
  ReceivedStatisticsModes,
  ReceivedTopicPermission,
  ReceivedUser,
  ReceivedVhost,
  ReceivedVhostLimits,
  ReceivedWhoami,
} from './received.ts'
import {
  anything,
  data,
  either,
  emptyList,
  exactly,
  flag,
  list,
  nothing,
  number,
  oneOf,
  optional,
  type Shape,
  table,
  tableOf,
  text,
} from './shape.ts'

/** The types of `received.ts` as checks: one shape for each kind of response. */

const named = table<{ readonly name: string }>({ name: text })
const tags = either(list(text), text)
const argumentsOf = tableOf(data)
/** Older brokers write an empty table as an empty list. */
const limits = either(tableOf(number), emptyList)

export const overview = table<ReceivedOverview>({
  rabbitmq_version: text,
  cluster_name: optional(text),
  node: optional(text),
  exchange_types: optional(list(named)),
  default_queue_type: optional(text),
  is_op_policy_updating_enabled: optional(flag),
})

export const statistics = table<ReceivedStatisticsModes>({ rates_mode: optional(text), disable_stats: optional(flag) })

export const amqpAccess = table<ReceivedAmqpAccess>({
  cluster_name: optional(text),
  listeners: optional(list(table({ protocol: text, port: number }))),
})

export const whoami = table<ReceivedWhoami>({ name: text, tags })

export const vhost = table<ReceivedVhost>({
  name: text,
  description: optional(text),
  tags: optional(tags),
  default_queue_type: optional(either(text, nothing)),
  protected_from_deletion: optional(flag),
})

export const vhostLimits = table<ReceivedVhostLimits>({ vhost: text, value: limits })

export const exchangeIn = (of: string) =>
  table<ReceivedExchange>({
    name: text,
    vhost: exactly(of),
    type: text,
    durable: flag,
    auto_delete: flag,
    internal: flag,
    arguments: argumentsOf,
    user_who_performed_action: optional(text),
  })

const members = {
  state: optional(text),
  members: optional(either(list(text), nothing)),
  online: optional(either(list(text), nothing)),
}

export const queueIn = (of: string) =>
  table<ReceivedQueue>({
    name: text,
    vhost: exactly(of),
    type: optional(text),
    durable: flag,
    auto_delete: flag,
    exclusive: optional(flag),
    owner_pid_details: anything,
    internal: optional(flag),
    arguments: argumentsOf,
    ...members,
  })

const totals = (of: string) => ({
  name: text,
  vhost: exactly(of),
  type: optional(text),
  messages: optional(number),
  messages_ready: optional(number),
  messages_unacknowledged: optional(number),
})

export const queueTotalsIn = (of: string) => table<ReceivedQueueTotals>(totals(of))
export const queueMembers = table<ReceivedQueueMembers>(members)
export const queueStateIn = (of: string) =>
  table<ReceivedQueueState>({
    ...totals(of),
    ...members,
    auto_delete: optional(flag),
    arguments: argumentsOf,
    policy: optional(either(text, nothing)),
    operator_policy: optional(either(text, nothing)),
  })
export const queueStatistics = table<ReceivedQueueStatistics>({
  name: text,
  idle_since: anything,
  message_bytes: optional(number),
  message_stats: optional(table<ReceivedMessageCounters>({ publish: optional(number), deliver_get: optional(number) })),
})
export const queueMetrics = table<ReceivedQueueMetrics>({
  name: text,
  messages: optional(number),
  messages_ready: optional(number),
  messages_unacknowledged: optional(number),
  messages_dlx: optional(number),
  consumers: optional(number),
  head_message_timestamp: anything,
  first_timestamp: anything,
  message_stats: optional(table<ReceivedMessageCounters>({ publish: optional(number), deliver_get: optional(number) })),
})
export const exchangeUse = table<ReceivedExchangeUse>({
  name: text,
  message_stats: optional(table<{ readonly publish_in?: number }>({ publish_in: optional(number) })),
})
export const exchangeIncoming = table<ReceivedIncoming>({ incoming: optional(list(anything)) })
export const queueHeld = table<ReceivedHeldDeadLetters>({ name: text, messages_dlx: optional(number) })
export const reportedTotal = table<{ readonly messages?: number }>({ messages: optional(number) })
export const queueBytes = table<{ readonly message_bytes?: number }>({ message_bytes: optional(number) })

export const bindingIn = (of: string) =>
  table<ReceivedBinding>({
    vhost: exactly(of),
    source: text,
    destination: text,
    destination_type: oneOf('queue', 'exchange'),
    routing_key: text,
    arguments: argumentsOf,
    properties_key: text,
  })

export const user = table<ReceivedUser>({
  name: text,
  password_hash: text,
  hashing_algorithm: text,
  tags,
  limits: optional(limits),
})

export const permission = table<ReceivedPermission>({
  user: text,
  vhost: text,
  configure: text,
  write: text,
  read: text,
})

export const topicPermission = table<ReceivedTopicPermission>({
  user: text,
  vhost: text,
  exchange: text,
  write: text,
  read: text,
})

export const policyIn = (of: string): Shape<ReceivedPolicy> =>
  table<ReceivedPolicy>({
    vhost: exactly(of),
    name: text,
    pattern: text,
    'apply-to': text,
    priority: number,
    definition: argumentsOf,
  })

export const parameter = table<ReceivedParameter>({ vhost: text, component: text, name: text, value: data })
export const globalParameter = table<ReceivedGlobalParameter>({ name: text, value: data })

export const node = table<ReceivedNode>({
  enabled_plugins: optional(list(text)),
  applications: optional(list(named)),
})
export const nodeName = named
export const featureFlag = table<ReceivedFeatureFlag>({ name: text, state: optional(text) })
export const deprecatedFeature = table<ReceivedDeprecatedFeature>({ name: text, state: optional(text) })

export const consumer = table<ReceivedConsumer>({
  queue: table<ReceivedConsumer['queue']>({ name: text, vhost: text }),
  channel_details: table<ReceivedConsumer['channel_details']>({
    connection_name: optional(text),
    peer_host: anything,
    peer_port: anything,
    user: optional(text),
  }),
})
export const connection = table<ReceivedConnection>({
  name: text,
  client_properties: optional(tableOf(data)),
})

export const healthy = table<{ readonly status: 'ok' }>({ status: exactly('ok') as Shape<'ok'> })
export const nodeHealth = table<ReceivedNodeHealth>({
  name: text,
  running: optional(flag),
  partitions: optional(list(anything)),
  mem_used: optional(number),
  mem_limit: optional(number),
  mem_alarm: optional(flag),
  disk_free: optional(number),
  disk_free_limit: optional(number),
  disk_free_alarm: optional(flag),
  fd_used: optional(number),
  fd_total: optional(number),
  proc_used: optional(number),
  proc_total: optional(number),
})
export const connectionHealth = table<ReceivedConnectionHealth>({
  name: text,
  client_properties: optional(tableOf(data)),
  user: optional(text),
  vhost: optional(text),
  state: anything,
  protocol: anything,
  type: anything,
  timeout: anything,
  frame_max: anything,
  peer_host: anything,
  peer_port: anything,
})
export const channel = table<ReceivedChannel>({
  name: text,
  connection_details: optional(table<{ readonly name?: unknown }>({ name: anything })),
  global_prefetch_count: anything,
  message_stats: optional(table<ReceivedMessageCounters>({ publish: optional(number), deliver_get: optional(number) })),
})
export const churn = table<ReceivedChurn>({
  churn_rates: optional(
    table<ReceivedChurnRates>({
      connection_created: optional(number),
      channel_created: optional(number),
      queue_created: optional(number),
      queue_deleted: optional(number),
    }),
  ),
})
export const queueHealth = table<ReceivedQueueHealth>({
  name: text,
  messages_unacknowledged: optional(number),
  messages_dlx: optional(number),
  message_stats: optional(
    table<NonNullable<ReceivedQueueHealth['message_stats']>>({
      publish: optional(number),
      deliver_get: optional(number),
      ack: optional(number),
    }),
  ),
  head_message_timestamp: anything,
  leader: anything,
})
