import { WarrenError } from '../diagnostics/warren-error.ts'
import type { TopologyOptions } from '../operations/session/options.ts'
import { runFiles } from '../operations/workspace/run-settings.ts'
import { selectWorkspaceRuns } from '../operations/workspace/select-workspace-runs.ts'

/** The choices of a test from a config. */
export interface ConfigChoice {
  readonly config: string | false | undefined
  readonly project: string | undefined
}

/**
 * Adds the files, overlays and variables of one project in one environment of a config. The test's own options take
 * precedence. Virtual hosts keep the names in the files, because each test gets fresh ones.
 *
 * @throws {InvalidInputError} when the config is not usable
 * @throws {WarrenError} `INVALID_USAGE` when the choice is not one project in one environment
 */
export async function withConfig(own: TopologyOptions, { config, project }: ConfigChoice): Promise<TopologyOptions> {
  const { paths, environmentName, secrets } = own
  if (config === false || (config === undefined && project === undefined && paths.length > 0)) return own
  const { runs } = await selectWorkspaceRuns({
    ...(config !== undefined && { config }),
    paths,
    ...(project !== undefined && { projects: [project] }),
    ...(environmentName !== undefined && { environments: [environmentName] }),
    ...(secrets && { secrets }),
  })
  const [run, ...others] = runs
  if (run === undefined || others.length > 0) {
    throw new WarrenError('useTopology takes one project in one environment, and the config has several', {
      code: 'INVALID_USAGE',
      hint: 'choose them with the options "project" and "environmentName"',
    })
  }
  const { inEnvironment, overlays = [], ...rest } = await runFiles(run, own.environment ?? {})
  return {
    ...own,
    ...rest,
    overlays: [...overlays, ...(own.overlays ?? [])],
    ...(inEnvironment && { inEnvironment: { ...inEnvironment, vhosts: {} } }),
  }
}
