import { randomUUID } from 'node:crypto'
import type { Queryable } from '../postgres/queryable.ts'
import type { RouteTypes } from '../routes/route-types.ts'
import { checkAlone, keptOptions } from './check-alone.ts'
import type { EnqueueArguments, EnqueueOptions } from './enqueue-arguments.ts'
import { quoteTable } from '../postgres/quote-table.ts'
import { DEFAULT_TABLE } from './outbox-table.ts'

/**
 * Puts a message into the outbox, in the transaction of the client: with its commit it will be published, and without
 * one it never was. Resolves with the message's id, which stays the same however often it is published.
 *
 * With a type that `warren types` has made, `enqueue<Routes>(…)`, the compiler checks name, body and parameters. The same
 * without a compiler, and the schema: `openOutbox()`.
 *
 * @param client of `pg`, in a transaction that the program has begun and will end
 * @throws {PublishError} for what no publication takes
 */
export async function enqueue<Types extends RouteTypes = RouteTypes>(
  client: Queryable,
  ...message: EnqueueArguments<Types>
): Promise<string>
export async function enqueue(
  client: Queryable,
  publication: string,
  body: unknown,
  options: EnqueueOptions = {},
): Promise<string> {
  const messageId = options.messageId ?? randomUUID()
  checkAlone(publication, body, { ...options, messageId })
  return insertMessage(client, { publication, body, messageId, options })
}

/** A message that was checked. */
export interface CheckedMessage {
  readonly publication: string
  readonly body: unknown
  readonly messageId: string
  readonly options: EnqueueOptions
}

/** Writes a message into the table; resolves with its id. */
export async function insertMessage(
  client: Queryable,
  { publication, body, messageId, options }: CheckedMessage,
): Promise<string> {
  const { key, table = DEFAULT_TABLE } = options
  const name = quoteTable(table)
  const bytes = body instanceof Uint8Array ? Buffer.from(body) : null
  const values = [
    messageId,
    publication,
    key ?? null,
    bytes ? null : JSON.stringify(body),
    bytes,
    JSON.stringify(keptOptions(options)),
  ]
  const columns = '(message_id, publication, key, body, bytes, options)'
  if (key === undefined) {
    await client.query(`INSERT INTO ${name} ${columns} VALUES ($1, $2, $3, $4, $5, $6)`, values)
    return messageId
  }
  // The lock comes before the id is drawn, and is held until the commit: so the ids of a key are in the order of the commits.
  await client.query(
    `WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended($7::text || '/' || $3::text, 0)))
     INSERT INTO ${name} ${columns} SELECT $1::text, $2::text, $3::text, $4::json, $5::bytea, $6::json FROM turn`,
    [...values, table],
  )
  return messageId
}
