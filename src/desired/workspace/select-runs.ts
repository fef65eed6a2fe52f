import { suggest } from '../../diagnostics/text/suggest.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { ConfiguredEnvironment, ConfiguredProject, WorkspaceConfig } from './config.ts'

/** The choice of runs in a command. */
export interface RunChoice {
  /** Files and folders instead of projects of the config. */
  readonly paths: readonly string[]
  /** Names of projects. Default: all. */
  readonly projects: readonly string[]
  /** Names of environments, in the order in which they run. */
  readonly environments: readonly string[]
  readonly allEnvironments: boolean
  /** The environments if the command line names none: `all` for commands that use no broker. */
  readonly unnamed: 'all' | 'default'
}

/** One run of a command: a project, or files, in an environment. */
export interface SelectedRun {
  /** Absent if files are given, or there is no config. */
  readonly project?: ConfiguredProject
  /** Absent if there is none. */
  readonly environment?: ConfiguredEnvironment
  /** Whether the environment was chosen by name, or only by `defaultEnvironment`. */
  readonly chosenBy: 'name' | 'default'
}

/**
 * Lists the runs of a command: the product of the chosen environments and projects, without environments that a
 * project is not deployed to. Environments run in the given order, and within each one, projects in the order of the
 * config.
 *
 * @throws {WarrenError} with exit code 3 when a name is unknown, or no run remains
 */
export function selectRuns(config: WorkspaceConfig | undefined, choice: RunChoice): readonly SelectedRun[] {
  if (config === undefined) {
    refuseWithoutConfig(choice)
    return [{ chosenBy: 'name' }]
  }
  const { environments, chosenBy } = selectEnvironments(config, choice)
  const projects = selectProjects(config, choice)
  if (projects === undefined) return (environments ?? [undefined]).map((each) => runOf(undefined, each, chosenBy))
  const runs = (environments ?? [undefined]).flatMap((environment) =>
    projects
      .filter((project) => environment === undefined || isDeployedTo(project, environment))
      .map((project) => runOf(project, environment, chosenBy)),
  )
  const left = projects.find(({ name }) => !runs.some(({ project }) => project?.name === name))
  // If all projects are chosen, some may be deployed elsewhere, but a project that is named has to match.
  if (left !== undefined && (choice.projects.length > 0 || runs.length === 0)) throw notDeployed(left)
  return runs
}

function runOf(
  project: ConfiguredProject | undefined,
  environment: ConfiguredEnvironment | undefined,
  chosenBy: SelectedRun['chosenBy'],
): SelectedRun {
  return { ...(project && { project }), ...(environment && { environment }), chosenBy }
}

function isDeployedTo({ environments }: ConfiguredProject, { name }: ConfiguredEnvironment): boolean {
  return environments === undefined || environments.includes(name)
}

function selectEnvironments(
  { environments, defaultEnvironment, path }: WorkspaceConfig,
  choice: RunChoice,
): { readonly environments?: readonly ConfiguredEnvironment[]; readonly chosenBy: SelectedRun['chosenBy'] } {
  if (choice.allEnvironments && choice.environments.length > 0) {
    throw usage('--all-environments and --environment exclude each other', 'leave out one of the two')
  }
  const isAll = choice.allEnvironments || (choice.environments.length === 0 && choice.unnamed === 'all')
  if (isAll) {
    if (environments.size === 0 && choice.allEnvironments) {
      throw usage(`${path} has no environments`, 'add them below "environments"')
    }
    return { ...(environments.size > 0 && { environments: [...environments.values()] }), chosenBy: 'name' }
  }
  if (choice.environments.length > 0) {
    const chosen = [...new Set(choice.environments)].map((name) => named('environment', name, environments, path))
    return { environments: chosen, chosenBy: 'name' }
  }
  const byDefault = defaultEnvironment === undefined ? undefined : environments.get(defaultEnvironment)
  return { ...(byDefault && { environments: [byDefault] }), chosenBy: 'default' }
}

/** @returns undefined if files are given instead, or the config has no projects */
function selectProjects(
  { projects, path }: WorkspaceConfig,
  choice: RunChoice,
): readonly ConfiguredProject[] | undefined {
  if (choice.paths.length > 0) {
    if (choice.projects.length === 0) return undefined
    throw usage('--project and paths exclude each other', `name projects of ${path}, or files and folders`)
  }
  if (choice.projects.length === 0) return projects.size === 0 ? undefined : [...projects.values()]
  const chosen = new Set(choice.projects.map((name) => named('project', name, projects, path)))
  return [...projects.values()].filter((each) => chosen.has(each))
}

function named<T>(kind: 'environment' | 'project', name: string, all: ReadonlyMap<string, T>, path: string): T {
  const found = all.get(name)
  if (found !== undefined) return found
  const known = [...all.keys()]
  const meant = suggest(name, known)
  throw usage(
    `${path} has no ${kind} ${JSON.stringify(name)}`,
    meant !== undefined
      ? `did you mean ${JSON.stringify(meant)}?`
      : known.length === 0
        ? `add it below "${kind}s"`
        : `it has ${known.map((each) => JSON.stringify(each)).join(', ')}`,
  )
}

function notDeployed({ name, environments = [] }: ConfiguredProject): WarrenError {
  return usage(
    `the project ${JSON.stringify(name)} is not deployed to any of the chosen environments`,
    environments.length === 0
      ? 'its "environments" in the config is an empty list'
      : `it is deployed to ${environments.map((each) => JSON.stringify(each)).join(', ')}`,
  )
}

function refuseWithoutConfig({ projects, environments, allEnvironments }: RunChoice): void {
  const option =
    projects.length > 0
      ? '--project'
      : environments.length > 0
        ? '--environment'
        : allEnvironments
          ? '--all-environments'
          : undefined
  if (option === undefined) return
  throw usage(
    `${option} needs a config, and there is none`,
    'add warren.config.yaml to the folder or one above it, or name it with --config FILE',
  )
}

function usage(message: string, hint: string): WarrenError {
  return new WarrenError(message, { code: 'INVALID_USAGE', hint })
}
