import { chooseVhost } from '../connection/choose-vhost.ts'
import { checkSchemas, DeclaredRoutes } from '../routes/declared-routes.ts'
import { loadSchemaCompiler } from '../routes/message-schema.ts'
import { readRoutes } from '../routes/read-routes.ts'
import type { TopologySource } from '../routes/read-routes.ts'
import type { RouteSchemas } from '../routes/standard-schema.ts'

/** The publications that messages are checked against, with the same options as `connect`. */
export interface PublicationsSource {
  readonly topology: TopologySource
  /** The vhost of the topology, by its name on the broker. Default: the only one. */
  readonly vhost?: string | undefined
  readonly vhosts?: Readonly<Record<string, string>> | undefined
  readonly schemas?: RouteSchemas | undefined
  /** The size from which the publishing runtime stores bodies in a payload store, in bytes. */
  readonly storeAbove?: number | undefined
}

/** Prepares the publications of a topology for checking messages without a broker. */
export async function loadPublications(source: PublicationsSource): Promise<DeclaredRoutes> {
  const { schemas, storeAbove } = source
  const all = await readRoutes(source.topology, process.env)
  const { routes } = chooseVhost(all, { option: source.vhost, url: undefined, renamed: source.vhosts ?? {} })
  checkSchemas(routes, schemas ?? {})
  const publications = { publications: routes.publications, subscriptions: [] }
  return new DeclaredRoutes(publications, await loadSchemaCompiler(publications), { schemas, storeAbove })
}
