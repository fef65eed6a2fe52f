import type { BrokerChange } from './changes/broker-change.ts'
import type { DriftEvent, WatchedProject } from './drift-event.ts'
import type { DriftState } from './drift-state.ts'
import type { EnvironmentObservation } from './observation.ts'

/** The time, which tests advance. */
export interface WatchClock {
  /** In milliseconds since 1970. */
  readonly now: () => number
  /** Resolves after some milliseconds, or as soon as the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** From 0 to 1. */
  readonly random: () => number
}

/** Held until it is released, or lost with its connection. */
export interface HeldWatchLock {
  readonly lost: AbortSignal
  /** Whether there is no lock, so that nothing excludes other processes. The next look tries to take it again. */
  readonly isMissing?: true
  readonly release: () => Promise<void>
}

/** The users who changed objects on the broker, as far as the broker has reported them. */
export interface ObservedChanges {
  /** Begins to observe, or to observe again. Does not wait for the broker. */
  readonly begin: () => void
  /**
   * The last change of each object whose change is known. Never rejects.
   *
   * @param since earlier changes do not count, in milliseconds since 1970; undefined if all count
   */
  readonly of: (addresses: readonly string[], since: number | undefined) => Promise<ReadonlyMap<string, BrokerChange>>
  readonly end: () => Promise<void>
}

/** The functions outside of it that the watch of an environment needs. */
export interface WatchPorts {
  readonly clock: WatchClock
  /** Compares the broker with the files. Never rejects. */
  readonly observe: () => Promise<EnvironmentObservation>
  /** Excludes other processes; `held` if another one acts. */
  readonly lock: () => Promise<HeldWatchLock | 'held'>
  readonly load: (watched: WatchedProject) => Promise<DriftState>
  readonly save: (watched: WatchedProject, state: DriftState) => Promise<void>
  /** Sends events to a webhook. Rejects unless the receiver has accepted them. */
  readonly send: (webhook: string, events: readonly DriftEvent[]) => Promise<void>
  readonly isPaused: () => Promise<boolean>
  /** Default: it is unknown who changes objects. */
  readonly changes?: ObservedChanges
  /** Creates and updates the objects of some projects. Default: changes nothing. */
  readonly apply?: (projects: ReadonlySet<string>, signal: AbortSignal) => Promise<void>
  readonly onEvent: (event: DriftEvent) => void
  readonly onWarning: (text: string) => void
}
