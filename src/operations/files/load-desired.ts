import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { loadTopology } from '../../desired/load/load-topology.ts'
import type { Desired } from '../../model/desired.ts'
import type { TopologyOptions } from '../session/options.ts'
import { resolvePasswords } from './resolve-passwords.ts'
import { registerTopology } from '../../model/secrets/register-secrets.ts'

/**
 * Reads the desired state from the files, with passwords resolved where possible.
 *
 * @throws {InvalidInputError} when the files are invalid
 */
export async function loadDesired(options: TopologyOptions): Promise<Desired> {
  const { environment = {} } = options
  const { desired, findings, sources, variables } = await loadTopology({ ...options, environment })
  if (desired === undefined) throw new InvalidInputError(findings, sources)
  const resolved = await resolvePasswords(desired, environment, variables)
  if (options.secrets) registerTopology(options.secrets, resolved.topology)
  return resolved
}
