import type { Queryable } from '../postgres/queryable.ts'
import { quoteTable } from '../postgres/quote-table.ts'

/** A message that waits in the outbox. */
export interface WaitingMessage {
  readonly id: string
  readonly messageId: string
  readonly publication: string
  readonly key: string | null
  readonly body: unknown
  readonly options: Record<string, unknown>
  readonly attempts: number
}

/** The outcome of an attempt to publish a message. */
export interface Tried {
  readonly message: WaitingMessage
  /** Undefined if the broker has confirmed it. */
  readonly error?: Error
  /** When to repeat the attempt, in milliseconds from now; undefined if no attempt can succeed. */
  readonly again?: number | undefined
}

const WAITING = 'sent_at IS NULL AND parked_at IS NULL'
const PURGED_AT_ONCE = 5_000

/** The statements of the relays on one table. */
export class OutboxBatch {
  readonly #table: string
  readonly #name: string

  constructor(table: string) {
    this.#table = table
    this.#name = quoteTable(table)
  }

  /**
   * Takes messages that no other relay has taken, within the transaction of the client.
   *
   * A key belongs to one relay at a time. It takes a message only if it also takes all earlier messages of the same
   * key: an earlier one may belong to another relay, or wait for its next attempt.
   */
  async take(client: Queryable, most: number): Promise<WaitingMessage[]> {
    const { rows } = await client.query(
      `SELECT id, message_id AS "messageId", publication, key, body::text AS json, bytes, options, attempts
       FROM ${this.#name} WHERE ${WAITING} AND next_attempt_at <= now() ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [most],
    )
    const messages = rows.map((row) => messageOf(row as Row))
    const keys = [...new Set(messages.flatMap(({ key }) => key ?? []))]
    if (keys.length === 0) return messages
    const owned = await client.query(
      'SELECT key FROM unnest($1::text[]) AS key WHERE pg_try_advisory_xact_lock(hashtext($2), hashtext(key))',
      [keys, this.#table],
    )
    const ids = messages.map(({ id }) => id)
    const ready = await client.query(
      `SELECT id FROM ${this.#name} AS taken WHERE id = ANY($1) AND (key IS NULL OR key = ANY($2) AND NOT EXISTS (
         SELECT FROM ${this.#name} AS earlier WHERE earlier.key = taken.key AND earlier.id < taken.id
         AND ${WAITING} AND NOT earlier.id = ANY($1)))`,
      [ids, owned.rows.map((row) => (row as Row).key)],
    )
    const isReady = new Set(ready.rows.map((row) => (row as Row).id))
    return messages.filter(({ id }) => isReady.has(id))
  }

  /** Records their outcomes, which take effect with the commit. */
  async mark(client: Queryable, tried: readonly Tried[]): Promise<void> {
    const sent = tried.filter(({ error }) => error === undefined).map(({ message }) => message.id)
    if (sent.length > 0) {
      await client.query(`UPDATE ${this.#name} SET sent_at = now(), last_error = NULL WHERE id = ANY($1)`, [sent])
    }
    for (const { message, error, again } of tried) {
      if (error === undefined) continue
      await client.query(
        `UPDATE ${this.#name} SET attempts = attempts + 1, last_error = $2,
         next_attempt_at = clock_timestamp() + coalesce($3::float8, 0) * interval '1 millisecond',
         parked_at = CASE WHEN $3::float8 IS NULL THEN now() END WHERE id = $1`,
        [message.id, error.message.replaceAll('\0', ''), again ?? null],
      )
    }
  }

  /** Deletes messages that were sent longer ago than `age` milliseconds. */
  async purge(client: Queryable, age: number): Promise<void> {
    await client.query(
      `DELETE FROM ${this.#name} WHERE id IN (SELECT id FROM ${this.#name}
       WHERE sent_at <= now() - $1 * interval '1 millisecond' LIMIT ${PURGED_AT_ONCE} FOR UPDATE SKIP LOCKED)`,
      [age],
    )
  }
}

interface Row {
  readonly id: string
  readonly messageId: string
  readonly publication: string
  readonly key: string | null
  readonly json: string | null
  readonly bytes: Buffer | null
  readonly options: Record<string, unknown>
  readonly attempts: number
}

function messageOf({ json, bytes, ...row }: Row): WaitingMessage {
  return { ...row, body: json === null ? bytes : (JSON.parse(json) as unknown) }
}
