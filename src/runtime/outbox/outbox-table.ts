import { quoteTable } from '../postgres/quote-table.ts'

export const DEFAULT_TABLE = 'warren_outbox'

/**
 * Returns the SQL that creates the table of an outbox if it does not exist, for your own migrations.
 *
 * @param table its name, optionally with a schema (default `warren_outbox`)
 */
export function outboxTable(table: string = DEFAULT_TABLE): string {
  const name = quoteTable(table)
  const index = (what: string): string => `"${table.replace('.', '_')}_${what}"`
  return `CREATE TABLE IF NOT EXISTS ${name} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id text NOT NULL,
  publication text NOT NULL,
  -- Messages with the same key are sent in the order in which they were enqueued.
  key text,
  -- One of both: a JSON value, or bytes.
  body json,
  bytes bytea,
  options json NOT NULL,
  enqueued_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  last_error text,
  sent_at timestamptz,
  -- No attempt can succeed; set it to null to try again.
  parked_at timestamptz
);
CREATE INDEX IF NOT EXISTS ${index('waiting')} ON ${name} (id) WHERE sent_at IS NULL AND parked_at IS NULL;
CREATE INDEX IF NOT EXISTS ${index('key')} ON ${name} (key, id) WHERE sent_at IS NULL AND parked_at IS NULL;
CREATE INDEX IF NOT EXISTS ${index('sent')} ON ${name} (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS ${index('parked')} ON ${name} (id) WHERE parked_at IS NOT NULL;
`
}
