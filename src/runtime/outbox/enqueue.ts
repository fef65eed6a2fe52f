import { randomUUID } from 'node:crypto'
import type { Queryable } from '../postgres/queryable.ts'
import type { RouteTypes } from '../routes/route-types.ts'
import { checkAlone } from './check-alone.ts'
import type { EnqueueArguments, EnqueueOptions } from './enqueue-arguments.ts'
import { insertMessage } from './insert-message.ts'

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
