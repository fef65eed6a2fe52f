import type { Plan } from '../../plan/plan.ts'
import type { WatchedProject } from './drift-event.ts'
import type { ObservedDrift } from './observed-drift.ts'

/** The observation of one project in one environment, or the reason why there is none. */
export interface ProjectObservation extends WatchedProject {
  /** Absent if the broker could not be compared: this is neither drift nor its end. */
  readonly seen?: SeenProject
  /** Why not; a sentence without secrets. */
  readonly error?: string
}

/** The part of a plan that the drift service reports. */
export interface SeenProject {
  readonly drifts: readonly ObservedDrift[]
  readonly blocks: Plan['blocks']
  /** Addresses of the objects that the project owns or has adopted; absent if owners are unknown. */
  readonly owned?: ReadonlySet<string>
  /** Addresses of existing objects without an owner that no file declares; absent if owners are unknown. */
  readonly unmanaged?: readonly UnmanagedAddress[]
  readonly vhosts: readonly SeenVhost[]
  /** The existing queues that the files declare. */
  readonly queues: readonly SeenQueue[]
}

export interface UnmanagedAddress {
  readonly address: string
  readonly kind: string
}

export interface SeenVhost {
  readonly name: string
  /** The share of managed objects, in percent; absent if it is unknown. */
  readonly coverage?: number
}

/** The content and the use of a declared queue, some seconds late. Unknown values are absent. */
export interface SeenQueue {
  readonly vhost: string
  readonly name: string
  /** What it was derived for, such as `dead-letter` or `delay`: see `QueueRole`. */
  readonly role?: string
  readonly ready?: number
  readonly unacknowledged?: number
  readonly consumers?: number
  /** Dead letters that at-least-once dead-lettering holds in it. */
  readonly heldDeadLetters?: number
  /** When its oldest message was published, in seconds since 1970. */
  readonly oldestMessage?: number
  /** Since the broker began to count. */
  readonly published?: number
  readonly delivered?: number
}

/** The observation of one environment at one time. */
export interface EnvironmentObservation {
  /** Absent if there is none. */
  readonly environment?: string
  readonly projects: readonly ProjectObservation[]
  /** Whether the broker answered. */
  readonly isUp: boolean
  /** The number of requests to the management API. */
  readonly requests: number
}
