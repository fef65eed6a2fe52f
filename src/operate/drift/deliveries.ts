import { errorMessage } from '../../diagnostics/thrown.ts'
import { delivered, type DriftState, pendingFor } from './drift-state.ts'
import { MOST_EVENTS } from './notification.ts'
import { pauseAfter } from './schedule.ts'
import type { WatchPorts } from './watch-ports.ts'

interface DeliveryOptions {
  /** The ids of the webhooks. */
  readonly webhooks: readonly string[]
  /** The current states, by project. */
  readonly states: () => ReadonlyMap<string, DriftState>
  /** Remembers and saves a state. */
  readonly update: (project: string, state: DriftState) => Promise<void>
  /** False while notifications are paused, or another process sends them. */
  readonly isAllowed: () => boolean
}

/**
 * Delivers the events of an environment to its webhooks, each in order and at least once. A receiver that is down delays
 * neither the other webhooks nor the next look.
 */
export class Deliveries {
  readonly #ports: WatchPorts
  readonly #options: DeliveryOptions
  readonly #running = new Map<string, Promise<void>>()

  constructor(ports: WatchPorts, options: DeliveryOptions) {
    this.#ports = ports
    this.#options = options
  }

  /** Starts to deliver to each webhook for which an event waits, unless that is under way. */
  begin(signal: AbortSignal): void {
    for (const webhook of this.#options.webhooks) {
      if (this.#running.has(webhook) || this.#nextFor(webhook).length === 0) continue
      const run = this.#deliver(webhook, signal).finally(() => this.#running.delete(webhook))
      this.#running.set(webhook, run)
    }
  }

  /** Waits for the requests that are under way. */
  async end(): Promise<void> {
    await Promise.all(this.#running.values())
  }

  async #deliver(webhook: string, signal: AbortSignal): Promise<void> {
    const { clock, send, onWarning } = this.#ports
    let failures = 0
    while (!signal.aborted && this.#options.isAllowed()) {
      const next = this.#nextFor(webhook)
      if (next.length === 0) return
      try {
        await send(
          webhook,
          next.map(({ event }) => event),
        )
      } catch (error) {
        failures += 1
        if (failures === 1) onWarning(errorMessage(error))
        await clock.sleep(pauseAfter(failures, clock.random()), signal)
        continue
      }
      failures = 0
      for (const project of new Set(next.map((each) => each.project))) {
        const events = next.flatMap((each) => (each.project === project ? [each.event] : []))
        const state = this.#options.states().get(project)
        if (state) await this.#options.update(project, delivered(state, webhook, events))
      }
    }
  }

  #nextFor(webhook: string) {
    const waiting = [...this.#options.states()].flatMap(([project, state]) =>
      pendingFor(state, webhook).map((event) => ({ project, event })),
    )
    return waiting.slice(0, MOST_EVENTS)
  }
}
