import type { Finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { compile as toText } from '../../desired/load/compiled-topology.ts'
import { loadTopology } from '../../desired/load/load-topology.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withSecrets } from '../session/with-secrets.ts'

/** The checked topology as one JSON text, and the warnings about its files. */
export interface Compiled {
  /** JSON, for `connect({ topology })` of the runtime. */
  readonly text: string
  /** Warnings about the files. */
  readonly findings: readonly Finding[]
  /** The texts of the files by their shown path, for code frames. */
  readonly sources: ReadonlyMap<string, string>
}

/**
 * Compiles topology files into one file, which the runtime loads without YAML and schema libraries. It contains no
 * users and no secrets.
 *
 * @throws {InvalidInputError} when the files are invalid
 */
export async function compile(options: TopologyOptions): Promise<Compiled> {
  return withSecrets(options, compileFiles)
}

async function compileFiles(options: TopologyOptions): Promise<Compiled> {
  const { desired, findings, sources } = await loadTopology({ environment: {}, ...options, users: 'ignore' })
  if (desired === undefined) throw new InvalidInputError(findings, sources)
  return { text: toText(desired), findings, sources }
}
