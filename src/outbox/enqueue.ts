import { randomUUID } from 'node:crypto'
import type { Queryable } from '../postgres/queryable.ts'
import { quoteTable } from '../postgres/quote-table.ts'
import type { PublishOptions } from '../runtime/publish-options.ts'
import { DEFAULT_TABLE } from './outbox-table.ts'

/** What goes along with a message in the outbox. */
export interface EnqueueOptions extends Omit<PublishOptions, 'signal' | 'timeout'> {
  /**
   * Messages with the same key are sent in the order in which they were enqueued. Transactions that enqueue with the
   * same key run one after the other from there on. Default: none, in any order.
   */
  readonly key?: string
  /** Default `warren_outbox`. */
  readonly table?: string
}

const KEPT: readonly (keyof PublishOptions & keyof EnqueueOptions)[] = [
  'parameters',
  'contentType',
  'correlationId',
  'type',
  'replyTo',
  'headers',
  'expiration',
  'priority',
]
const OTHERS: readonly string[] = ['messageId', 'key', 'table']

/**
 * Puts a message into the outbox, in the transaction of the client: with its commit it will be published, and without
 * one it never was. Resolves with the message's id, which stays the same however often it is published.
 *
 * @param client of `pg`, in a transaction that the program has begun and will end
 */
export async function enqueue(
  client: Queryable,
  publication: string,
  body: unknown,
  options: EnqueueOptions = {},
): Promise<string> {
  const { messageId = randomUUID(), key, table = DEFAULT_TABLE } = options
  const name = quoteTable(table)
  const bytes = body instanceof Uint8Array ? Buffer.from(body) : null
  const values = [
    messageId,
    publication,
    key ?? null,
    bytes ? null : jsonOf(body),
    bytes,
    JSON.stringify(kept(options)),
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

function jsonOf(body: unknown): string {
  const text: string | undefined = JSON.stringify(body)
  if (text === undefined) throw new TypeError(`the body is ${typeof body}, which JSON cannot say`)
  return text
}

function kept(options: EnqueueOptions): Partial<PublishOptions> {
  const unknown = Object.keys(options).find((each) => !OTHERS.includes(each) && !KEPT.some((name) => name === each))
  if (unknown !== undefined) {
    throw new TypeError(`enqueue() has no option "${unknown}"; there are: ${[...OTHERS, ...KEPT].join(', ')}`)
  }
  return Object.fromEntries(KEPT.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])))
}
