/** The parts of the management API's responses that warren reads. Everything else is ignored. */

export interface ReceivedOverview {
  readonly rabbitmq_version: string
  readonly cluster_name?: string
  readonly node?: string
  readonly exchange_types?: readonly { readonly name: string }[]
  /** From 4.0 on. */
  readonly default_queue_type?: string
  /** From 3.11.9. */
  readonly is_op_policy_updating_enabled?: boolean
}

/** The part of the overview that contains the modes of statistics. */
export interface ReceivedStatisticsModes {
  /** `none`, `basic` or `detailed`. */
  readonly rates_mode?: string
  /** Whether it collects no statistics. */
  readonly disable_stats?: boolean
}

/** The part of the overview that contains the addresses of AMQP. */
export interface ReceivedAmqpAccess {
  readonly cluster_name?: string
  /** Only for the tags `monitoring` and `administrator`. */
  readonly listeners?: readonly ReceivedListener[]
}

export interface ReceivedListener {
  readonly protocol: string
  readonly port: number
}

export interface ReceivedWhoami {
  readonly name: string
  /** A list from 3.9, a comma-separated text before. */
  readonly tags: readonly string[] | string
}

export interface ReceivedVhost {
  readonly name: string
  readonly description?: string
  readonly tags?: readonly string[] | string
  readonly default_queue_type?: string | null
  /** From 4.0.6. */
  readonly protected_from_deletion?: boolean
}

export interface ReceivedVhostLimits {
  readonly vhost: string
  /** Up to 3.13.6, an empty table is returned as an empty list. */
  readonly value: Readonly<Record<string, number>> | readonly never[]
}

export interface ReceivedExchange {
  readonly name: string
  readonly vhost: string
  readonly type: string
  readonly durable: boolean
  readonly auto_delete: boolean
  readonly internal: boolean
  readonly arguments: Readonly<Record<string, unknown>>
  /** The user who declared it. */
  readonly user_who_performed_action?: string
}

export interface ReceivedQueue extends ReceivedQueueMembers {
  readonly name: string
  readonly vhost: string
  readonly type?: string
  readonly durable: boolean
  readonly auto_delete: boolean
  readonly exclusive?: boolean
  readonly owner_pid_details?: unknown
  readonly internal?: boolean
  readonly arguments: Readonly<Record<string, unknown>>
}

/** The content of a queue. */
export interface ReceivedQueueTotals {
  readonly name: string
  readonly vhost: string
  readonly type?: string
  /**
   * Ready and unacknowledged messages, and those that at-least-once dead-lettering holds. Some seconds late; absent for
   * a stream, a new queue, and if metrics are off.
   */
  readonly messages?: number
  readonly messages_ready?: number
  readonly messages_unacknowledged?: number
}

/** The statistics of a queue, some seconds late. A queue that has not reported any has only a name. */
export interface ReceivedQueueStatistics {
  readonly name: string
  /** When it was last used; absent while it is in use, and on some types of queues. */
  readonly idle_since?: unknown
  readonly message_bytes?: number
  /** Counters since the queue, or its statistics, began; an empty list if there are none. */
  readonly message_stats?: ReceivedMessageCounters
}

/** An exchange with its counter, some seconds late. */
export interface ReceivedExchangeUse {
  readonly name: string
  /** Absent where no message has arrived. */
  readonly message_stats?: { readonly publish_in?: number }
}

/** The publishers to an exchange; absent unless the `rates_mode` is `detailed`. */
export interface ReceivedIncoming {
  /** One entry for each channel; `channel_details` is an empty list when it has ended. */
  readonly incoming?: readonly unknown[]
}

export interface ReceivedMessageCounters {
  readonly publish?: number
  readonly deliver_get?: number
}

/**
 * The number of dead letters that a quorum queue holds until they are delivered; absent for other queues and if
 * metrics are off.
 */
export interface ReceivedHeldDeadLetters {
  readonly name: string
  readonly messages_dlx?: number
}

/** The nodes of a quorum queue or a stream; absent for a classic queue. */
export interface ReceivedQueueMembers {
  /** `running`, `down`; from 4.3 on also `minority`. */
  readonly state?: string
  readonly members?: readonly string[] | null
  readonly online?: readonly string[] | null
}

/** The type, the content and the policies of a queue. */
export interface ReceivedQueueState extends ReceivedQueueTotals, ReceivedQueueMembers {
  readonly auto_delete?: boolean
  readonly arguments: Readonly<Record<string, unknown>>
  /** The names of the policies that apply; an empty text means none. */
  readonly policy?: string | null
  readonly operator_policy?: string | null
}

export interface ReceivedBinding {
  readonly vhost: string
  readonly source: string
  readonly destination: string
  readonly destination_type: 'queue' | 'exchange'
  readonly routing_key: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly properties_key: string
}

export interface ReceivedUser {
  readonly name: string
  readonly password_hash: string
  readonly hashing_algorithm: string
  readonly tags: readonly string[] | string
  readonly limits?: Readonly<Record<string, number>> | readonly never[]
}

export interface ReceivedPermission {
  readonly user: string
  readonly vhost: string
  readonly configure: string
  readonly write: string
  readonly read: string
}

export interface ReceivedTopicPermission {
  readonly user: string
  readonly vhost: string
  readonly exchange: string
  readonly write: string
  readonly read: string
}

export interface ReceivedPolicy {
  readonly vhost: string
  readonly name: string
  readonly pattern: string
  readonly 'apply-to': string
  readonly priority: number
  readonly definition: Readonly<Record<string, unknown>>
}

export interface ReceivedParameter {
  readonly vhost: string
  readonly component: string
  readonly name: string
  readonly value: unknown
}

export interface ReceivedGlobalParameter {
  readonly name: string
  readonly value: unknown
}

/** Empty in the first seconds of a node. */
export interface ReceivedNode {
  readonly enabled_plugins?: readonly string[]
  readonly applications?: readonly { readonly name: string }[]
}

export interface ReceivedFeatureFlag {
  readonly name: string
  readonly state?: string
}

export interface ReceivedDeprecatedFeature {
  readonly name: string
  /** `permitted` or `denied`; absent in 4.0. */
  readonly state?: string
}

/** A consumer, some seconds late. A login without the tag `monitoring` sees only its own. */
export interface ReceivedConsumer {
  readonly queue: { readonly name: string; readonly vhost: string }
  /** Empty until the channel has reported itself. */
  readonly channel_details: {
    readonly connection_name?: string
    readonly peer_host?: unknown
    readonly peer_port?: unknown
    readonly user?: string
  }
}

/** A connection, some seconds late. A login without the tag `monitoring` sees only its own. */
export interface ReceivedConnection {
  readonly name: string
  /** The client's description of itself, which no broker checks. */
  readonly client_properties?: Readonly<Record<string, unknown>>
}

/** A node with its resources, some seconds late. A node that does not run has only its name. */
export interface ReceivedNodeHealth {
  readonly name: string
  readonly running?: boolean
  /** The nodes that it has lost through a network partition. */
  readonly partitions?: readonly unknown[]
  readonly mem_used?: number
  readonly mem_limit?: number
  readonly mem_alarm?: boolean
  readonly disk_free?: number
  readonly disk_free_limit?: number
  readonly disk_free_alarm?: boolean
  readonly fd_used?: number
  readonly fd_total?: number
  readonly proc_used?: number
  readonly proc_total?: number
}

/** A connection with its state, some seconds late. Connections of plugins inside the broker lack most of it. */
export interface ReceivedConnectionHealth extends ReceivedConnection {
  readonly user?: string
  readonly vhost?: string
  /** `running`, `flow`, and while an alarm is in effect `blocking` and `blocked`. */
  readonly state?: unknown
  readonly protocol?: unknown
  /** `network` or `direct`. */
  readonly type?: unknown
  /** The interval of heartbeats in seconds; 0 without heartbeats. */
  readonly timeout?: unknown
  /** The largest frame in bytes; 0 without a limit. */
  readonly frame_max?: unknown
  readonly peer_host?: unknown
  readonly peer_port?: unknown
}

/** A channel, some seconds late. */
export interface ReceivedChannel {
  readonly name: string
  readonly connection_details?: { readonly name?: unknown }
  readonly global_prefetch_count?: unknown
  readonly message_stats?: ReceivedMessageCounters
}

/** How often connections, channels and queues were opened and closed; empty in the first seconds of a broker. */
export interface ReceivedChurn {
  readonly churn_rates?: ReceivedChurnRates
}

export interface ReceivedChurnRates {
  readonly connection_created?: number
  readonly channel_created?: number
  readonly queue_created?: number
  readonly queue_deleted?: number
}

/** The messages, counters and leader of a queue, some seconds late. */
export interface ReceivedQueueHealth extends ReceivedHeldDeadLetters {
  readonly messages_unacknowledged?: number
  readonly message_stats?: ReceivedMessageCounters & { readonly ack?: number }
  /** In seconds; only for a classic queue whose first message has a timestamp. */
  readonly head_message_timestamp?: unknown
  readonly leader?: unknown
}
