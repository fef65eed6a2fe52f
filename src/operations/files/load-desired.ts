import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { loadTopology } from '../../desired/load/load-topology.ts'
import type { Desired } from '../../model/desired.ts'
import type { TopologyOptions } from '../session/options.ts'
import { resolvePasswords } from './resolve-passwords.ts'
import { registerTopology } from '../../model/secrets/register-secrets.ts'

/**
 * Reads what the files ask for, passwords resolved where they can be.
 *
 * @throws {InvalidInputError} when the files are not usable
 */
export async function loadDesired(options: TopologyOptions): Promise<Desired> {
  const { environment = {} } = options
  const { desired, findings, sources, variables } = await loadTopology({ ...options, environment })
  if (desired === undefined) throw new InvalidInputError(findings, sources)
  const resolved = await resolvePasswords(desired, environment, variables)
  if (options.secrets) registerTopology(options.secrets, resolved.topology)
  return resolved
}
