import { randomUUID } from 'node:crypto'
import type { Queryable } from '../postgres/queryable.ts'
import { quoteTable } from '../postgres/quote-table.ts'
import type { ConnectOptions } from '../connect-options.ts'
import type { DeclaredRoutes } from '../routes/declared-routes.ts'
import { loadPublications } from '../publish/load-publications.ts'
import type { KnownPublication, PublicationName, RouteTypes } from '../routes/route-types.ts'
import { checkAlone, keptOptions } from './check-alone.ts'
import type { EnqueuedMessage, EnqueueOptions } from './enqueue-arguments.ts'
import { insertMessage } from './enqueue.ts'
import { DEFAULT_TABLE } from './outbox-table.ts'

/** The topology of an outbox, as for `connect`. No broker is needed. */
export interface OutboxOptions<Types extends RouteTypes = RouteTypes> extends Pick<
  ConnectOptions<Types>,
  'topology' | 'vhost' | 'vhosts' | 'schemas'
> {
  /** Default `warren_outbox`. */
  readonly table?: string
  /**
   * The `above` of the relay's runtime if it has `payloads`, in bytes. Bodies larger than `maxBytes` are then
   * accepted.
   */
  readonly payloadsAbove?: number
}

/**
 * Opens an outbox that checks messages before it writes them: the name of the publication, the size and schema of the
 * body, parameters and options. The relay can publish every accepted message as long as the topology does not change.
 *
 * @throws {ConnectError | RouteError} like `connect`, for an invalid topology
 */
export async function openOutbox<Types extends RouteTypes = RouteTypes>(
  options: OutboxOptions<NoInfer<Types>>,
): Promise<Outbox<Types>>
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { table = DEFAULT_TABLE, payloadsAbove, topology, vhost, vhosts, schemas } = options
  quoteTable(table)
  const routes = await loadPublications({ topology, vhost, vhosts, schemas, storeAbove: payloadsAbove })
  return new Outbox(routes, table)
}

/** An outbox that checks its messages. Created by `openOutbox`. */
export class Outbox<Types extends RouteTypes = RouteTypes> {
  /** The name of the table. */
  readonly table: string
  readonly #routes: DeclaredRoutes

  /** @internal */
  constructor(routes: DeclaredRoutes, table: string) {
    this.#routes = routes
    this.table = table
  }

  /**
   * Puts a message into the outbox, as `enqueue` does.
   *
   * @throws {PublishError} with the outcome `invalid` or `tooLarge`; it writes nothing then
   */
  enqueue<Name extends string>(
    client: Queryable,
    publication: KnownPublication<Types, Name>,
    ...message: [Name] extends [PublicationName<Types>] ? EnqueuedMessage<Types, Name> : unknown[]
  ): Promise<string>
  async enqueue(client: Queryable, publication: string, ...message: unknown[]): Promise<string> {
    const [body, options = {}] = message as [body: unknown, options?: EnqueueOptions]
    const messageId = options.messageId ?? randomUUID()
    const route = this.#routes.publication(publication)
    checkAlone(publication, body, { ...options, messageId })
    route.message(body, { ...keptOptions(options), messageId })
    return insertMessage(client, { publication, body, messageId, options: { table: this.table, ...options } })
  }
}
