import { register as globalRegister } from 'prom-client'
import type { Registry } from 'prom-client'
import type { RuntimeEventName, RuntimeListener } from '../events/runtime-events.ts'
import { messageCollectors } from './message-collectors.ts'

/** What a runtime has that is counted. */
export interface CountedRuntime {
  readonly vhost: string
  readonly isReady: boolean
  on<N extends RuntimeEventName>(name: N, listener: RuntimeListener<N>): unknown
}

/**
 * Counts and measures what a runtime does, for Prometheus. Several runtimes of a process may be counted in one registry.
 *
 * @param options.register a registry of `prom-client` (default: its global one)
 */
export function countInPrometheus(
  runtime: CountedRuntime,
  { register = globalRegister }: { register?: Registry } = {},
): void {
  const { vhost } = runtime
  const collectors = messageCollectors(register)
  runtime.on('published', ({ publication, outcome, duration }) => {
    collectors.published.inc({ vhost, publication, outcome })
    collectors.publishDuration.observe({ vhost, publication }, duration / 1_000)
  })
  runtime.on('handled', ({ subscription, outcome, duration, age }) => {
    const labels = { vhost, subscription }
    collectors.handled.inc({ ...labels, outcome })
    collectors.handlerDuration.observe(labels, duration / 1_000)
    if (age !== undefined) collectors.messageAge.observe(labels, age / 1_000)
  })
  for (const name of ['retried', 'deadLettered', 'discarded', 'held'] as const) {
    runtime.on(name, ({ subscription, reason }) =>
      collectors.failures.inc({ vhost, subscription, outcome: name, reason }),
    )
  }
  runtime.on('connectionDown', ({ role }) => collectors.connectionsLost.inc({ vhost, role }))
  runtime.on('connectionBlocked', ({ role }) => collectors.blocked.set({ vhost, role }, 1))
  runtime.on('connectionUnblocked', ({ role }) => collectors.blocked.set({ vhost, role }, 0))
  collectors.watchReady(vhost, () => runtime.isReady)
}
