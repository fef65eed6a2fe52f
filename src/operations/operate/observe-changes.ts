import { type EventListener, listenToEvents } from '../../broker/amqp/listen-to-events.ts'
import { ManagementClient } from '../../broker/management/client.ts'
import { errorMessage } from '../../diagnostics/thrown.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { EVENT_KEYS } from '../../operate/drift/changes/changed-object.ts'
import { RecordedChanges } from '../../operate/drift/changes/recorded-changes.ts'
import { pauseAfter } from '../../operate/drift/schedule.ts'
import type { ObservedChanges, WatchClock } from '../../operate/drift/watch-ports.ts'
import { amqpOf } from '../session/amqp-link.ts'
import type { PlanRunOptions } from '../workspace/plan-runs.ts'

/** How long to wait for an event after the look that finds its change, in milliseconds. */
const PATIENCE = 2_000

interface ObserveOptions {
  /** The vhost with the exchange of the plugin `rabbitmq_event_exchange`. */
  readonly vhost: string
  readonly secrets: SecretRegistry
  readonly clock: Pick<WatchClock, 'now' | 'random'>
  /** Called with the reason why it is unknown who changes objects; called again only for another reason. */
  readonly onWarning: (text: string) => void
}

/**
 * Observes who changes objects of a broker. It never fails. As long as the broker sends no events, the users behind
 * changes are unknown.
 */
export function observeChanges(
  { connection, amqp }: Pick<PlanRunOptions, 'connection' | 'amqp'>,
  { vhost, secrets, clock, onWarning }: ObserveOptions,
): ObservedChanges {
  const changes = new RecordedChanges(clock.now)
  const ended = new AbortController()
  let listener: EventListener | undefined
  let connecting: Promise<void> | undefined
  let failures = 0
  let next = 0
  let warned: string | undefined

  const listen = async (): Promise<void> => {
    const client = new ManagementClient(connection, secrets)
    try {
      const { target } = await amqpOf(client, connection, amqp)
      const started = await listenToEvents(target, { vhost, keys: EVENT_KEYS, signal: ended.signal }, (event) =>
        changes.add(event),
      )
      if ('refused' in started) throw new Error(started.refused)
      listener = started
      // While it is not connected, it misses changes, so the last known change may not be the last one.
      started.lost.addEventListener('abort', () => changes.clear(), { once: true })
      failures = 0
      warned = undefined
    } catch (error) {
      if (ended.signal.aborted) return
      failures += 1
      next = clock.now() + pauseAfter(failures, clock.random())
      const problem = errorMessage(error)
      if (problem !== warned) onWarning(`cannot say who changes objects: ${problem}`)
      warned = problem
    } finally {
      await client.close()
    }
  }
  const isListening = () => listener !== undefined && !listener.lost.aborted

  return {
    begin() {
      if (isListening() || connecting !== undefined || clock.now() < next) return
      const lost = listener
      listener = undefined
      connecting = (lost?.close() ?? Promise.resolve()).then(listen).finally(() => (connecting = undefined))
    },
    async of(addresses, since) {
      if (isListening()) await changes.settled(addresses, since, AbortSignal.timeout(PATIENCE))
      return changes.of(addresses, since)
    },
    async end() {
      ended.abort()
      await connecting
      await listener?.close()
    },
  }
}
