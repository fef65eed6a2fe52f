import type { Finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { loadTopology } from '../../desired/load/load-topology.ts'
import { routesDeclaration } from '../../insight/types/routes-declaration.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withSecrets } from '../session/with-secrets.ts'

/** A declaration file, and the warnings about the files that it comes from. */
export interface RouteDeclaration {
  /** TypeScript: `Routes`, or for several vhosts `Vhosts`. */
  readonly text: string
  /** Routes whose message schema could not be made a type: their body is `unknown`. */
  readonly gaps: readonly { readonly route: string; readonly reason: string }[]
  readonly findings: readonly Finding[]
  readonly sources: ReadonlyMap<string, string>
}

/**
 * Makes the types of a topology's publications and subscriptions, for `connect<Routes>()` of the runtime.
 *
 * @throws {InvalidInputError} when the files are not usable
 * @throws {MissingPackageError} when a route names a schema and `json-schema-to-typescript` is not installed
 */
export async function types(options: TopologyOptions): Promise<RouteDeclaration> {
  return withSecrets(options, typesFiles)
}

async function typesFiles(options: TopologyOptions): Promise<RouteDeclaration> {
  const { desired, findings, sources } = await loadTopology({ environment: {}, ...options, users: 'ignore' })
  if (desired === undefined) throw new InvalidInputError(findings, sources)
  return { ...(await routesDeclaration(desired.project, desired.routes)), findings, sources }
}
