import type { UnknownReason } from './unknown.ts'

/** The condition of a broker at one point in time. A part that could not be read is absent. */
export interface HealthLook {
  /** Milliseconds since the first look. */
  readonly at: number
  /** The time of the look, in milliseconds since 1970. */
  readonly time: number
  /** Whether an alarm is in effect on any node. */
  readonly alarm?: boolean
  readonly nodes?: readonly NodeHealth[]
  readonly connections?: readonly ConnectionHealth[]
  readonly channels?: readonly ChannelHealth[]
  readonly churn?: Churn
  /** Queues by address, without those of a vhost that could not be read. */
  readonly queues: ReadonlyMap<string, QueueHealth>
  /** The numbers of consumers by the address of their queue; absent if they are unknown. */
  readonly consumers?: ReadonlyMap<string, number>
}

/** The parts of a look. */
export type HealthPart = 'alarm' | 'nodes' | 'connections' | 'channels' | 'churn' | 'queues' | 'consumers'

/** A part that could not be read, so that it is unknown instead of healthy. */
export interface UnknownHealth {
  readonly part: HealthPart
  readonly vhost?: string
  readonly reason: UnknownReason
}

/** A node; its numbers are some seconds late, and absent if it does not run. */
export interface NodeHealth {
  readonly name: string
  readonly running: boolean
  /** The number of nodes that it has lost through a network partition. */
  readonly partitions: number
  readonly memoryAlarm: boolean
  readonly diskAlarm: boolean
  /** In bytes, like the other numbers about memory and disk. */
  readonly memoryUsed?: number
  readonly memoryLimit?: number
  readonly diskFree?: number
  /** Below this, the node accepts no messages. */
  readonly diskFreeLimit?: number
  readonly filesUsed?: number
  readonly filesLimit?: number
  readonly processesUsed?: number
  readonly processesLimit?: number
}

/** A client of the broker. */
export interface Client {
  readonly user?: string
  /** The client's own name. */
  readonly name?: string
  /** Product and version of the client library. */
  readonly product?: string
  /** Its host and port. */
  readonly address?: string
}

export interface ConnectionHealth extends Client {
  /** The broker's name for it, which is unique. */
  readonly connection: string
  readonly vhost?: string
  readonly state?: string
  readonly protocol?: string
  /** Whether it comes from outside, and not from a plugin of the broker. */
  readonly isNetwork: boolean
  /** The interval of heartbeats in seconds; 0 without heartbeats. */
  readonly heartbeat?: number
  /** In bytes; 0 without a limit. */
  readonly frameMax?: number
}

export interface ChannelHealth {
  /** The broker's name for it. A channel that is opened again has the same name. */
  readonly name: string
  readonly connection?: string
  /** Greater than 0 if the channel limits all of its consumers together. */
  readonly globalPrefetch: number
  /** The messages that it has published and received, which begin at 0 when it is opened again. */
  readonly messages: number
}

/** Counters since the broker, or its statistics, began. */
export interface Churn {
  readonly connections: number
  readonly channels: number
  readonly queuesCreated: number
  readonly queuesDeleted: number
}

/** A queue. Numbers that it has not reported are absent. */
export interface QueueHealth {
  /** Ready and unacknowledged; some seconds late only for quorum queues. */
  readonly messages?: number
  readonly ready?: number
  /** The nodes of a quorum queue or a stream; empty for a classic queue. */
  readonly members: readonly string[]
  readonly online: readonly string[]
  /** Whether most of its members are online; true for a classic queue. */
  readonly hasMajority: boolean
  /** All numbers from here on are some seconds late. */
  readonly unacknowledged: number
  readonly published: number
  readonly delivered: number
  readonly acknowledged: number
  /** Dead letters that it holds until their target has confirmed them. */
  readonly held: number
  /** The timestamp of its oldest message, in milliseconds since 1970. */
  readonly oldest?: number
  /** The node of its leader. */
  readonly leader?: string
}
