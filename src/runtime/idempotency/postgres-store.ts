import type { Queryable } from '../postgres/queryable.ts'
import { quoteTable } from '../postgres/quote-table.ts'
import type { IdempotencyStore } from './idempotency-store.ts'

const DEFAULT_TABLE = 'warren_idempotency'

/** How often expired rows are deleted, in milliseconds. */
const PURGE_EVERY = 60_000
/** How many rows one statement deletes, so that no worker waits long. */
const PURGED_AT_ONCE = 5_000

/** Returns the SQL that creates the table if it does not exist, for your own migrations. */
export function idempotencyTable(table: string = DEFAULT_TABLE): string {
  const name = quoteTable(table)
  return `CREATE TABLE IF NOT EXISTS ${name} (
  key text PRIMARY KEY,
  -- Who works on the message; null when it is done.
  holder text,
  expires_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS "${table.replace('.', '_')}_expires_at" ON ${name} (expires_at);
`
}

/**
 * Stores keys in a PostgreSQL table, for all processes that use it. Create the table with `idempotencyTable()`.
 * Expired rows are deleted once a minute, while messages are marked as done.
 *
 * @param client a pool of `pg`, which the program has to end itself
 * @param options.table (default `warren_idempotency`)
 */
export function postgresStore(client: Queryable, { table = DEFAULT_TABLE }: { table?: string } = {}): IdempotencyStore {
  const name = quoteTable(table)
  const expiry = `now() + $3 * interval '1 millisecond'`
  const mine = `t.expires_at <= now() OR t.holder = $2`
  const acquire = `INSERT INTO ${name} AS t (key, holder, expires_at) VALUES ($1, $2, ${expiry})
    ON CONFLICT (key) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at WHERE ${mine}
    RETURNING key`
  const complete = `INSERT INTO ${name} AS t (key, holder, expires_at) VALUES ($1, NULL, ${expiry})
    ON CONFLICT (key) DO UPDATE SET holder = NULL, expires_at = excluded.expires_at WHERE ${mine}`
  const purge = `DELETE FROM ${name} WHERE key IN
    (SELECT key FROM ${name} WHERE expires_at <= now() LIMIT ${PURGED_AT_ONCE} FOR UPDATE SKIP LOCKED)`
  let nextPurge = 0

  return {
    async acquire(key, holder, lease) {
      const acquired = await client.query(acquire, [key, holder, lease])
      if (acquired.rows.length > 0) return 'acquired'
      const done = await client.query(`SELECT FROM ${name} WHERE key = $1 AND holder IS NULL`, [key])
      return done.rows.length > 0 ? 'done' : 'busy'
    },
    async complete(key, holder, ttl) {
      await client.query(complete, [key, holder, ttl])
      if (performance.now() < nextPurge) return
      nextPurge = performance.now() + PURGE_EVERY
      await client.query(purge)
    },
    async release(key, holder) {
      await client.query(`DELETE FROM ${name} WHERE key = $1 AND holder = $2`, [key, holder])
    },
  }
}
