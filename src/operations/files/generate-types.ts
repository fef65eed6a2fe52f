import type { Finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { loadFiles } from './load-files.ts'
import { routesDeclaration } from '../../insight/types/routes-declaration.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withSecrets } from '../session/with-secrets.ts'

/** The text of a declaration file, and the warnings about the topology files. */
export interface GeneratedTypes {
  /** TypeScript: `Routes`, or for several vhosts `Vhosts`. */
  readonly text: string
  /** Routes whose message schema could not be converted to a type. Their body is `unknown`. */
  readonly gaps: readonly { readonly route: string; readonly reason: string }[]
  /** Warnings about the files. */
  readonly findings: readonly Finding[]
  /** The texts of the files by their shown path, for code frames. */
  readonly sources: ReadonlyMap<string, string>
}

/**
 * Generates the TypeScript types of a topology's publications and subscriptions, for `connect<Routes>()` of the runtime.
 *
 * @throws {InvalidInputError} when the files are not usable
 * @throws {MissingPackageError} when a route names a schema and `json-schema-to-typescript` is not installed
 */
export async function generateTypes(options: TopologyOptions): Promise<GeneratedTypes> {
  return withSecrets(options, generateFromFiles)
}

async function generateFromFiles(options: TopologyOptions): Promise<GeneratedTypes> {
  const { desired, findings, sources } = await loadFiles({ ...options, users: 'ignore' })
  if (desired === undefined) throw new InvalidInputError(findings, sources)
  return { ...(await routesDeclaration(desired.project, desired.routes)), findings, sources }
}
