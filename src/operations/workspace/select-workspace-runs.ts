export type { ConfiguredEnvironment } from '../../desired/workspace/config.ts'
export type { SelectedRun } from '../../desired/workspace/select-runs.ts'
import type { WorkspaceConfig } from '../../desired/workspace/config.ts'
import { findConfig } from '../../desired/workspace/find-config.ts'
import { type RunChoice, type SelectedRun, selectRuns } from '../../desired/workspace/select-runs.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { registerSource } from '../../model/secrets/register-source.ts'
import { type SecretsOptions, withSecrets } from '../session/with-secrets.ts'

export interface WorkspaceOptions extends Partial<RunChoice>, SecretsOptions {
  /** The path of a config, or false to use none. Default: searches from the working directory upwards. */
  readonly config?: string | false
  /** The user whose config a search may find, as a user id of the system. Default: any user. */
  readonly userId?: number
}

/** The runs of a command, and the config that they come from, if there is one. */
export interface WorkspaceSelection {
  readonly config?: WorkspaceConfig
  readonly runs: readonly SelectedRun[]
}

/**
 * Reads the config of a workspace and selects runs from it: projects by environments. It resolves nothing and reads
 * no topology file.
 *
 * @throws {InvalidInputError} when the config is not usable
 * @throws {WarrenError} `INVALID_USAGE` when a name is unknown, or the config belongs to another user
 */
export async function selectWorkspaceRuns(options: WorkspaceOptions = {}): Promise<WorkspaceSelection> {
  return withSecrets(options, async ({ config: given, userId, secrets, ...chosen }) => {
    const { paths = [], projects = [], environments = [], allEnvironments = false, unnamed = 'default' } = chosen
    const choice = { paths, projects, environments, allEnvironments, unnamed }
    const path = given === undefined ? await findConfig(userId) : given
    if (path === undefined || path === false) return { runs: selectRuns(undefined, choice) }
    const { readConfig } = await import('../../desired/workspace/read-config.ts')
    const { config, findings, sources } = await readConfig(path)
    if (config === undefined) {
      for (const text of sources.values()) registerSource(secrets, text)
      throw new InvalidInputError(findings, sources)
    }
    return { config, runs: selectRuns(config, choice) }
  })
}
