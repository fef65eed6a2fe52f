import type { ReceivedQueueStatistics } from './received.ts'

/** The content and the use of a queue, some seconds late. A queue that has not reported any has only a name. */
export interface ReceivedQueueMetrics extends Pick<ReceivedQueueStatistics, 'name' | 'message_stats'> {
  readonly messages?: number
  readonly messages_ready?: number
  readonly messages_unacknowledged?: number
  /** Dead letters that at-least-once dead-lettering holds. */
  readonly messages_dlx?: number
  readonly consumers?: number
  /** When the oldest message of a classic queue was published, in seconds since 1970, if the message says so. */
  readonly head_message_timestamp?: unknown
  /** The same for a stream, in milliseconds; from 4.3 on. */
  readonly first_timestamp?: unknown
}
