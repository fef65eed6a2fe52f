import { Gauge, register as globalRegister } from 'prom-client'
import type { Registry } from 'prom-client'
import { outboxState } from '../outbox/outbox-state.ts'
import type { OutboxState } from '../outbox/outbox-state.ts'
import type { Queryable } from '../postgres/queryable.ts'

/** The outbox to measure. */
export interface CountedOutbox {
  /** A pool of `pg`; each scrape sends one query. */
  readonly pool: Queryable
  /** Default `warren_outbox`. */
  readonly table?: string
  /** A registry of `prom-client`. Default: its global one. */
  readonly register?: Registry
}

const GAUGES: readonly { readonly name: string; readonly help: string; value: (state: OutboxState) => number }[] = [
  {
    name: 'warren_outbox_parked',
    help: 'Messages of the outbox that no attempt can publish',
    value: ({ parked }) => parked,
  },
  {
    name: 'warren_outbox_waiting',
    help: 'Messages of the outbox that are still to be published',
    value: ({ waiting }) => waiting,
  },
  {
    name: 'warren_outbox_oldest_seconds',
    help: 'Age of the oldest message that is still to be published',
    value: ({ oldest }) => oldest / 1_000,
  },
]

/** The query of one table; all gauges of a scrape share its result. */
type Read = () => Promise<OutboxState | undefined>

const counted = new WeakMap<Registry, Map<string, Read>>()

/**
 * Exports metrics of an outbox for Prometheus: the number of parked and waiting messages, and the age of the oldest.
 * While the database does not answer, the metrics have no value.
 */
export function countOutboxInPrometheus({
  pool,
  table = 'warren_outbox',
  register = globalRegister,
}: CountedOutbox): void {
  const tables = counted.get(register) ?? addGauges(register)
  counted.set(register, tables)
  tables.set(
    table,
    oneAtATime(() => outboxState(pool, table).catch(() => undefined)),
  )
}

/** A registry accepts each name only once, so all outboxes share its metrics. */
function addGauges(register: Registry): Map<string, Read> {
  const tables = new Map<string, Read>()
  for (const { name, help, value } of GAUGES) {
    void new Gauge({
      name,
      help,
      labelNames: ['table'],
      registers: [register],
      async collect() {
        await Promise.all(
          [...tables].map(async ([table, read]) => {
            const state = await read()
            if (state) this.set({ table }, value(state))
            else this.remove({ table })
          }),
        )
      },
    })
  }
  return tables
}

function oneAtATime(read: Read): Read {
  let running: ReturnType<Read> | undefined
  return () => {
    running ??= read().finally(() => (running = undefined))
    return running
  }
}
