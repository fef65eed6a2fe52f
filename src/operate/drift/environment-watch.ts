import { errorMessage } from '../../diagnostics/thrown.ts'
import type { WatchedProject } from './drift-event.ts'
import type { WatchedStatus } from './drift-metrics.ts'
import { type DriftState, NO_DRIFT, observe, type Observed, withChanges } from './drift-state.ts'
import { Deliveries } from './deliveries.ts'
import type { EnvironmentObservation, ProjectObservation } from './observation.ts'
import { retiredAfter, returnedDrifts } from './returned.ts'
import { nextLook } from './schedule.ts'
import type { HeldWatchLock, WatchPorts } from './watch-ports.ts'

/** The projects of one environment. */
export interface EnvironmentToWatch {
  /** Absent if there is none. */
  readonly environment?: string
  /** The time between two checks, in milliseconds. */
  readonly interval: number
  /** The ids of the webhooks that receive events. */
  readonly webhooks: readonly string[]
}

/**
 * Looks at one environment again and again: compares, remembers, notifies and, if requested, applies. Of several
 * processes, only the one with the lock does that.
 */
export class EnvironmentWatch {
  readonly #watched: EnvironmentToWatch
  readonly #ports: WatchPorts
  readonly #deliveries: Deliveries
  #lock: HeldWatchLock | undefined
  readonly #states = new Map<string, DriftState>()
  /** The projects whose last state could not be saved. */
  readonly #unsaved = new Set<string>()
  /** The objects that each project owned at the last look. */
  readonly #owned = new Map<string, ReadonlySet<string>>()
  /** When the last look that compared each project began. */
  readonly #compared = new Map<string, number>()
  #saving: Promise<void> = Promise.resolve()
  #last: EnvironmentObservation | undefined
  #lastSuccess: number | undefined
  #lastLook: number | undefined
  #duration = 0
  #requests = 0
  #dropped = 0
  #isPaused = false
  #warned: string | undefined

  constructor(watched: EnvironmentToWatch, ports: WatchPorts) {
    this.#watched = watched
    this.#ports = ports
    this.#deliveries = new Deliveries(ports, {
      webhooks: watched.webhooks,
      states: () => this.#states,
      update: (project, state) => this.#update(project, state),
      isAllowed: () => !this.#isPaused && this.#isActive,
    })
  }

  /** Runs until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#ports
    try {
      while (!signal.aborted) {
        await this.look(signal)
        await clock.sleep(nextLook(this.#watched.interval, clock.random()), signal)
      }
    } finally {
      await this.#deliveries.end()
      await this.#saving
      await this.#ports.changes?.end()
      await this.#lock?.release()
    }
  }

  /** Looks once. Never rejects. */
  async look(signal: AbortSignal): Promise<void> {
    const { clock } = this.#ports
    const begun = clock.now()
    try {
      // Also while another process acts, to know the changes if this one takes over.
      this.#ports.changes?.begin()
      this.#isPaused = await this.#ports.isPaused()
      if (!(await this.#takeLock())) return
      const observation = await this.#ports.observe()
      this.#requests += observation.requests
      this.#last = observation
      this.#warn(observation.projects.find(({ error }) => error !== undefined)?.error)
      if (observation.projects.every(({ seen }) => seen !== undefined)) this.#lastSuccess = clock.now()
      if (this.#isPaused) return
      for (const project of observation.projects) await this.#advance(project, begun)
      this.#deliveries.begin(signal)
      await this.#apply(observation, signal)
    } catch (error) {
      this.#warn(errorMessage(error))
    } finally {
      this.#lastLook = clock.now()
      this.#duration = (clock.now() - begun) / 1_000
    }
  }

  /** The values of this environment's metrics. */
  status(): WatchedStatus {
    const nothing = { ...this.#nameOf(), projects: [], isUp: false, requests: 0 }
    const pending = [...this.#states.values()].reduce((sum, state) => sum + state.pending.length, 0)
    return {
      observation: this.#last ?? nothing,
      ...(this.#lastSuccess !== undefined && { lastSuccess: this.#lastSuccess }),
      hasLooked: this.#last !== undefined,
      duration: this.#duration,
      requests: this.#requests,
      isActive: this.#isActive,
      isPaused: this.#isPaused,
      pending,
      dropped: this.#dropped,
    }
  }

  /** When the last look ended, in milliseconds since 1970; undefined before the first. */
  get lastLook(): number | undefined {
    return this.#lastLook
  }

  get #isActive(): boolean {
    return this.#lock !== undefined && !this.#lock.lost.aborted
  }

  #nameOf() {
    const { environment } = this.#watched
    return environment === undefined ? {} : { environment }
  }

  /** Takes the lock again if it was lost, for example with a restart of the broker, or could not be taken before. */
  async #takeLock(): Promise<boolean> {
    const before = this.#lock
    if (this.#isActive && before?.isMissing !== true) return true
    if (!this.#isActive) {
      await before?.release()
      this.#lock = undefined
    }
    const lock = await this.#ports.lock().catch((error: unknown) => {
      const unknown = { error: errorMessage(error) }
      const projects = (this.#last?.projects ?? []).map(({ project }) => ({
        ...this.#watchedProject(project),
        ...unknown,
      }))
      this.#last = { ...this.#nameOf(), projects, isUp: false, requests: 0 }
      throw error
    })
    if (lock === 'held') {
      // Another process acts now, and its state is newer.
      this.#lock = undefined
      this.#states.clear()
      this.#unsaved.clear()
      this.#owned.clear()
      this.#last = undefined
      return false
    }
    // Another process may have acted since the lock was lost. A state that could not be saved exists only here.
    if (lock.isMissing !== true) {
      for (const project of this.#states.keys()) if (!this.#unsaved.has(project)) this.#states.delete(project)
    }
    this.#lock = lock
    return true
  }

  async #advance({ project, seen }: ProjectObservation, begun: number): Promise<void> {
    if (!this.#states.has(project)) {
      this.#states.set(project, await this.#ports.load(this.#watchedProject(project)))
    }
    // If the lock was lost during the look, another process may report the same drifts.
    if (seen === undefined || !this.#isActive) return
    const loaded = this.#states.get(project) ?? NO_DRIFT
    const known = loaded.retired ?? []
    const retired = retiredAfter(known, this.#owned.get(project), seen)
    if (seen.owned) this.#owned.set(project, seen.owned)
    const before = retired.length === 0 && known.length === 0 ? loaded : { ...loaded, retired }
    const { webhooks } = this.#watched
    const drifts = [...seen.drifts, ...returnedDrifts(retired, seen, loaded.open)]
    const now = this.#ports.clock.now()
    const observed = observe(before, this.#watchedProject(project), { drifts, now, webhooks })
    const { state, events, dropped } = await this.#withChanges(observed, this.#compared.get(project))
    this.#compared.set(project, begun)
    this.#dropped += dropped
    if (events.length === 0 && retired.join() === known.join()) {
      this.#states.set(project, state)
      return
    }
    // Saved before the delivery, so that a process that takes over uses the same ids.
    await this.#update(project, state)
    for (const event of events) this.#ports.onEvent(event)
  }

  /** @param since when the previous check began: the object was still, or not yet, as declared then */
  async #withChanges(observed: Observed, since: number | undefined): Promise<Observed> {
    const { changes } = this.#ports
    if (changes === undefined || observed.events.length === 0) return observed
    const addresses = observed.events.map(({ address }) => address)
    return withChanges(observed, await changes.of(addresses, since))
  }

  async #update(project: string, state: DriftState): Promise<void> {
    this.#states.set(project, state)
    this.#saving = this.#saving.then(() => this.#save(project, state))
    await this.#saving
  }

  async #save(project: string, state: DriftState): Promise<void> {
    // Without the lock, another process may have saved a newer state.
    if (!this.#isActive) return
    try {
      await this.#ports.save(this.#watchedProject(project), state)
      this.#unsaved.delete(project)
    } catch (error) {
      this.#unsaved.add(project)
      this.#warn(errorMessage(error))
    }
  }

  async #apply({ projects }: EnvironmentObservation, signal: AbortSignal): Promise<void> {
    const { apply } = this.#ports
    const lock = this.#lock
    if (apply === undefined || lock === undefined || signal.aborted || lock.lost.aborted) return
    const drifted = projects.filter(
      ({ seen }) => seen !== undefined && seen.drifts.length > 0 && seen.blocks.length === 0,
    )
    const appliable = drifted.filter(({ seen }) =>
      seen?.drifts.every(({ action }) => action === 'create' || action === 'update'),
    )
    if (appliable.length === 0) return
    await apply(new Set(appliable.map(({ project }) => project)), AbortSignal.any([signal, lock.lost]))
  }

  #watchedProject(project: string): WatchedProject {
    return { project, ...this.#nameOf() }
  }

  /** Reports a problem once, until it is over or another one comes up. */
  #warn(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.#warned) this.#ports.onWarning(problem)
    this.#warned = problem
  }
}
