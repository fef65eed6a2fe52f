import { explainFinding, hasErrors } from '../../diagnostics/findings/finding.ts'
import type { Finding } from '../../diagnostics/findings/finding.ts'
import { formatLocation } from '../../diagnostics/location.ts'
import { InvalidInputError, WarrenError } from '../../diagnostics/warren-error.ts'
import type { Routes } from '../../model/routes.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { ConnectError } from '../connection/connect-error.ts'

/** A topology as an object: compiled, or loaded by the library. Only its routes are used. */
export interface RoutesSource {
  readonly routes: Routes
}

/** Paths of YAML files and folders, the path of one compiled file (`*.json`), or the topology itself. */
export type TopologySource = string | readonly string[] | RoutesSource

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the routes of a topology. Loads only the libraries that the form of the topology needs, because YAML and its
 * schema take longer to load than the rest of a program's start.
 *
 * @param secrets the registry for secrets of the files
 */
export async function readRoutes(
  topology: TopologySource,
  environment: Environment,
  secrets = new SecretRegistry(),
): Promise<Routes> {
  if (isSource(topology)) return topology.routes
  const paths = typeof topology === 'string' ? [topology] : topology
  const [only] = paths
  if (only !== undefined && paths.length === 1 && only.endsWith('.json')) {
    const { readCompiled } = await import('../../desired/load/read-compiled.ts')
    try {
      return (await readCompiled(only)).routes
    } catch (error) {
      throw withHintInMessage(error)
    }
  }
  const { loadTopology } = await import('../../desired/load/load-topology.ts')
  const { desired, findings, sources } = await loadTopology({ paths, environment, users: 'ignore', secrets })
  if (desired) return desired.routes
  const error = new InvalidInputError(findings, sources)
  error.message = `${error.message}:\n${findings
    .filter((each) => hasErrors([each]))
    .map(oneLine)
    .join('\n')}`
  throw error
}

function withHintInMessage(error: unknown): unknown {
  if (!(error instanceof WarrenError) || error.hint === undefined) return error
  return new ConnectError(error.message, { code: error.code, hint: error.hint, cause: error })
}

function isSource(topology: TopologySource): topology is RoutesSource {
  return typeof topology === 'object' && 'routes' in topology
}

function oneLine(finding: Finding): string {
  const { message, hint } = explainFinding(finding)
  const where = finding.location ? `${formatLocation(finding.location)}: ` : ''
  return `${where}${message}${hint === undefined ? '' : ` (${hint})`}`
}
