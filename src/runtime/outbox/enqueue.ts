import { randomUUID } from 'node:crypto'
import type { Queryable } from '../postgres/queryable.ts'
import type { RouteTypes } from '../routes/route-types.ts'
import { checkAlone, keptOptions } from './check-alone.ts'
import type { EnqueueArguments, EnqueueOptions } from './enqueue-arguments.ts'
import { quoteTable } from '../postgres/quote-table.ts'
import { DEFAULT_TABLE } from './outbox-table.ts'

/**
 * Adds a message to the outbox in the transaction of the client. The message is published only if the transaction
 * commits. Resolves with the message id, which is the same for every attempt to publish it.
 *
 * With a type that `warren types` generates, `enqueue<Routes>(…)`, the compiler checks name, body and parameters.
 * `openOutbox()` checks them at run time, including the schema.
 *
 * @param client a client of `pg` in a transaction that you begin and end
 * @throws {PublishError} when no publication could accept the message
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
  // The lock is taken before the id is generated, and is held until the commit. So the ids of a key are in the order
  // of the commits.
  await client.query(
    `WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended($7::text || '/' || $3::text, 0)))
     INSERT INTO ${name} ${columns} SELECT $1::text, $2::text, $3::text, $4::json, $5::bytea, $6::json FROM turn`,
    [...values, table],
  )
  return messageId
}
