import type { Queryable } from '../postgres/queryable.ts'
import { quoteTable } from '../postgres/quote-table.ts'
import { DEFAULT_TABLE } from './outbox-table.ts'

/** The state of an outbox. */
export interface OutboxState {
  /** Messages that have not been published yet. */
  readonly waiting: number
  /** How long the oldest of them has waited, in milliseconds; 0 if there is none. */
  readonly oldest: number
  /** Messages that cannot be published until a person corrects them. */
  readonly parked: number
}

/**
 * Counts the messages of an outbox, for a gauge or an alert.
 *
 * @param client a pool or client of `pg`
 */
export async function outboxState(client: Queryable, table: string = DEFAULT_TABLE): Promise<OutboxState> {
  const name = quoteTable(table)
  const { rows } = await client.query(
    `SELECT waiting::float8, oldest::float8, (SELECT count(*) FROM ${name} WHERE parked_at IS NOT NULL)::float8 AS parked
     FROM (SELECT count(*) AS waiting,
       coalesce(extract(epoch FROM clock_timestamp() - min(enqueued_at)) * 1000, 0) AS oldest
       FROM ${name} WHERE sent_at IS NULL AND parked_at IS NULL) AS pending`,
  )
  const [{ waiting, oldest, parked }] = rows as [OutboxState]
  return { waiting, oldest: Math.max(0, Math.round(oldest)), parked }
}
