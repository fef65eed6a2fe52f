import { Counter, Gauge, Histogram } from 'prom-client'
import type { Registry } from 'prom-client'

const DURATION_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300]
const AGE_BUCKETS = [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 14_400, 86_400]

/** The metrics of one registry. */
export type MessageCollectors = ReturnType<typeof make>

const made = new WeakMap<Registry, MessageCollectors>()

/** A registry takes a name only once, so that all runtimes share what is in it. */
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
  return {
    ready,
    watchReady: (vhost: string, isReady: () => boolean) => void probes.set(vhost, isReady),
    published: new Counter({
      name: 'warren_published_total',
      help: 'Publishes by what came of them',
      labelNames: ['vhost', 'publication', 'outcome'],
      registers,
    }),
    publishDuration: new Histogram({
      name: 'warren_publish_duration_seconds',
      help: 'From publishing a message to the answer of the broker',
      labelNames: ['vhost', 'publication'],
      buckets: DURATION_BUCKETS,
      registers,
    }),
    handled: new Counter({
      name: 'warren_handled_total',
      help: 'Deliveries by what came of them',
      labelNames: ['vhost', 'subscription', 'outcome'],
      registers,
    }),
    handlerDuration: new Histogram({
      name: 'warren_handler_duration_seconds',
      help: 'Duration of handlers',
      labelNames: ['vhost', 'subscription'],
      buckets: DURATION_BUCKETS,
      registers,
    }),
    messageAge: new Histogram({
      name: 'warren_message_age_seconds',
      help: 'Age of messages when their handler begins, to the second',
      labelNames: ['vhost', 'subscription'],
      buckets: AGE_BUCKETS,
      registers,
    }),
    failures: new Counter({
      name: 'warren_failures_total',
      help: 'Failed messages by what became of them (retried, deadLettered, discarded, held) and why they failed',
      labelNames: ['vhost', 'subscription', 'outcome', 'reason'],
      registers,
    }),
    connectionsLost: new Counter({
      name: 'warren_connections_lost_total',
      help: 'Connections lost, or not opened at first, once for each reason',
      labelNames: ['vhost', 'role'],
      registers,
    }),
    blocked: new Gauge({
      name: 'warren_connection_blocked',
      help: 'Whether the broker takes no messages because of an alarm (1 or 0)',
      labelNames: ['vhost', 'role'],
      registers,
    }),
  }
}
