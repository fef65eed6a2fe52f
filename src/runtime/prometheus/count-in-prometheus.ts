import { Counter, Gauge, Histogram, register as globalRegister } from 'prom-client'
import type { Registry } from 'prom-client'
import type { RuntimeEventName, RuntimeListener } from '../events/runtime-events.ts'

const DURATION_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300]
const AGE_BUCKETS = [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 14_400, 86_400]

/** The metrics of one registry. */
export type MessageCollectors = ReturnType<typeof make>

const made = new WeakMap<Registry, MessageCollectors>()

/** A registry accepts each name only once, so all runtimes share its metrics. */
export function messageCollectors(register: Registry): MessageCollectors {
  const collectors = made.get(register) ?? make(register)
  made.set(register, collectors)
  return collectors
}

function make(register: Registry) {
  const registers = [register]
  const probes = new Map<string, () => boolean>()
  const ready = new Gauge({
    name: 'warren_ready',
    help: 'Whether the runtime is connected and every consumer consumes (1 or 0)',
    labelNames: ['vhost'],
    registers,
    collect() {
      for (const [vhost, isReady] of probes) this.set({ vhost }, isReady() ? 1 : 0)
    },
  })
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name, help, labelNames, registers })
  const histogram = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    buckets: number[],
  ) => new Histogram({ name, help, labelNames, buckets, registers })
  return {
    ready,
    watchReady: (vhost: string, isReady: () => boolean) => void probes.set(vhost, isReady),
    published: counter('warren_published_total', 'Publishes by their outcome', ['vhost', 'publication', 'outcome']),
    publishDuration: histogram(
      'warren_publish_duration_seconds',
      'From publishing a message to the answer of the broker',
      ['vhost', 'publication'],
      DURATION_BUCKETS,
    ),
    handled: counter('warren_handled_total', 'Deliveries by their outcome', ['vhost', 'subscription', 'outcome']),
    handlerDuration: histogram(
      'warren_handler_duration_seconds',
      'Duration of handlers',
      ['vhost', 'subscription'],
      DURATION_BUCKETS,
    ),
    messageAge: histogram(
      'warren_message_age_seconds',
      'Age of messages when their handler begins, to the second',
      ['vhost', 'subscription'],
      AGE_BUCKETS,
    ),
    failures: counter(
      'warren_failures_total',
      'Failed messages by outcome (retried, deadLettered, discarded, held) and why they failed',
      ['vhost', 'subscription', 'outcome', 'reason'],
    ),
    connectionsLost: counter(
      'warren_connections_lost_total',
      'Connections lost, or not opened at first, once for each reason',
      ['vhost', 'role'],
    ),
    blocked: new Gauge({
      name: 'warren_connection_blocked',
      help: 'Whether the broker blocks publishers because of an alarm (1 or 0)',
      labelNames: ['vhost', 'role'],
      registers,
    }),
  }
}

/** The runtime whose events are counted. */
export interface CountedRuntime {
  readonly vhost: string
  readonly isReady: boolean
  on<N extends RuntimeEventName>(name: N, listener: RuntimeListener<N>): unknown
}

/**
 * Exports metrics of a runtime for Prometheus. Several runtimes of a process may share a registry.
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
