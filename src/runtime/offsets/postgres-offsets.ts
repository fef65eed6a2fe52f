import type { Queryable } from '../postgres/queryable.ts'
import { quoteTable } from '../postgres/quote-table.ts'
import type { OffsetStore } from './offset-store.ts'

const DEFAULT_TABLE = 'warren_offsets'

/**
 * Returns the SQL that creates the table if it does not exist, for your own migrations.
 *
 * @throws {TypeError} for a name that is not the name of a table
 */
export function offsetsTable(table: string = DEFAULT_TABLE): string {
  return `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (
  name text PRIMARY KEY,
  -- The first message that is not handled yet.
  next_offset bigint NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
`
}

/**
 * Keeps offsets in a PostgreSQL table. Create the table with `offsetsTable()`.
 *
 * @param client a pool of `pg`, which the program has to end itself
 * @param options.table (default `warren_offsets`)
 */
export function postgresOffsets(client: Queryable, { table = DEFAULT_TABLE }: { table?: string } = {}): OffsetStore {
  const name = quoteTable(table)
  return {
    async read(subscription) {
      const { rows } = await client.query(`SELECT next_offset FROM ${name} WHERE name = $1`, [subscription])
      const [row] = rows as { readonly next_offset: string | number }[]
      // `pg` returns a bigint as text.
      return row === undefined ? undefined : Number(row.next_offset)
    },
    async write(subscription, next) {
      await client.query(
        `INSERT INTO ${name} AS kept (name, next_offset) VALUES ($1, $2) ON CONFLICT (name)
         DO UPDATE SET next_offset = excluded.next_offset, updated_at = now() WHERE kept.next_offset < excluded.next_offset`,
        [subscription, next],
      )
    },
  }
}
