import type { Plan } from '../../plan/plan.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import type { BrokerOptions, TopologyOptions } from '../../operations/session/options.ts'
import type { ConfiguredEnvironment, SelectedRun } from '../../operations/workspace/select-workspace-runs.ts'
import type { Io } from '../output/io.ts'
import { registerVariables } from '../output/masking-io.ts'
import { amqpOption } from './connection/amqp-option.ts'
import { type BrokerFlags, brokerOptions } from './connection/broker-options.ts'
import type { EnvironmentConnection } from './connection/connection-sources.ts'
import { readEnvFile } from './connection/environment.ts'
import { lintSettingsOf } from './lint-flags.ts'
import { readText } from './read-text.ts'
import { type TopologyFlags, topologyOptions } from './topology-options.ts'
import { usageError } from './usage-error.ts'
import type { WorkspaceFlags } from './workspace-flags.ts'

/** One run of a command, chosen by its options and the config. */
export interface ChosenRun {
  /** The name of the project in the config; absent if files are given. */
  readonly project?: string
  /** Absent if there is none. */
  readonly environment?: ConfiguredEnvironment
  /** Whether it was chosen by name, or only by `defaultEnvironment`. */
  readonly chosenBy: SelectedRun['chosenBy']
  readonly files: TopologyOptions
  /** The values of `${env:NAME}`. */
  readonly variables: Io['environment']
}

/** The environment variables of the connection, if there is no environment of a config. */
const CONNECTION_VARIABLES = [
  'WARREN_URL',
  'WARREN_AMQP_URL',
  'RABBITMQ_HOST',
  'RABBITMQ_PORT',
  'RABBITMQ_USER',
  'RABBITMQ_PASSWORD',
  'RABBITMQ_VHOST',
]

/**
 * The runs of a command.
 *
 * @param unnamed the environments of a command that names none: all for a command without a broker
 * @throws {WarrenError} with exit code 3 when the config or the choice is invalid
 */
export async function chooseRuns(
  paths: readonly string[],
  flags: TopologyFlags,
  io: Io,
  unnamed: 'all' | 'default' = 'default',
): Promise<readonly ChosenRun[]> {
  const selection = await select(paths, flags, io, unnamed)
  const { runFiles } = await import('../../operations/workspace/run-settings.ts')
  // A config that sets no rules is not read again for those that it extends.
  const rules = selection.config?.lint && (await lintSettingsOf(flags, io))
  const runs: ChosenRun[] = []
  for (const run of selection.runs) {
    const variables = variablesOf(run, selection.folder, io)
    const own = await runFiles(run, variables)
    const given = topologyOptions(own.paths ?? paths, flags, io)
    runs.push({
      ...(run.project && { project: run.project.name }),
      ...(run.environment && { environment: run.environment }),
      chosenBy: run.chosenBy,
      files: {
        ...given,
        ...own,
        paths: own.paths ?? given.paths,
        overlays: [...(own.overlays ?? []), ...(given.overlays ?? [])],
        environment: variables,
        ...(rules && { rules }),
      },
      variables,
    })
  }
  return flags.changedSince === undefined ? runs : leaveOutUnchanged(runs, flags.changedSince, selection, io)
}

async function leaveOutUnchanged(
  runs: readonly ChosenRun[],
  since: string,
  { config, folder }: Awaited<ReturnType<typeof select>>,
  io: Io,
): Promise<readonly ChosenRun[]> {
  const { changedRuns } = await import('../../operations/workspace/changed-runs.ts')
  const changed = await changedRuns({
    runs,
    since,
    ...(folder !== undefined && { folder }),
    ...(config && { config: config.path }),
    filesOf: ({ files }) => files,
    variableFilesOf: ({ environment }) => environment?.variableFiles ?? [],
  })
  const left = runs.length - changed.length
  if (changed.length === 0) io.err(`Nothing has changed since ${since}.\n`)
  else if (left > 0) io.err(`Leaves out ${left} of ${countOf(runs.length, 'run')}: unchanged since ${since}.\n`)
  return changed
}

/** The run of a command that accepts exactly one. */
export async function chooseRun(paths: readonly string[], flags: TopologyFlags, io: Io): Promise<ChosenRun> {
  const [run, ...others] = await chooseRuns(paths, flags, io)
  if (run !== undefined && others.length === 0) return run
  throw usageError(
    'this command works with one project in one environment, but several are chosen',
    'choose one of each with --project NAME and --environment NAME',
  )
}

/**
 * The run that applies a saved plan: in the environment of the plan, which no option may change.
 *
 * @throws {WarrenError} with exit code 3 when another environment is chosen, or the config does not contain it
 */
export async function chooseSavedRun(
  saved: Pick<Plan, 'project' | 'environment'>,
  flags: TopologyFlags,
  io: Io,
): Promise<ChosenRun> {
  const planned = flags.config === false ? undefined : saved.environment?.name
  const other = flags.environment?.find((name) => planned !== undefined && name !== planned)
  if (other !== undefined) {
    throw usageError(
      `the plan was made for the environment ${JSON.stringify(planned)}, and --environment names ${JSON.stringify(other)}`,
      'leave out --environment, or plan for that environment',
    )
  }
  const chosen = { ...flags, ...(planned !== undefined && { environment: [planned] }) }
  const { runs, folder, config } = await select(['-'], chosen, io, 'default')
  const project = config?.projects.get(saved.project)
  const run: SelectedRun = { chosenBy: 'name', ...runs[0], ...(project && { project }) }
  const variables = variablesOf(run, folder, io)
  const { runFiles } = await import('../../operations/workspace/run-settings.ts')
  const { inEnvironment } = await runFiles(run, variables)
  const given = topologyOptions(['-'], flags, io)
  const files = { ...given, variables: { ...inEnvironment?.variables, ...given.variables }, environment: variables }
  const { environment, chosenBy } = run
  return { ...(environment && { environment }), chosenBy, files, variables }
}

/** The environment of a command that reads no topology files. */
export async function chooseEnvironment(flags: WorkspaceFlags, io: Io): Promise<Omit<ChosenRun, 'project' | 'files'>> {
  const { runs, folder } = await select([], { ...flags, project: [] }, io, 'default')
  const environments = new Set(runs.map(({ environment }) => environment))
  if (environments.size > 1) {
    throw usageError(
      'this command works with one environment, but several are chosen',
      'choose one with --environment NAME',
    )
  }
  const [run] = runs
  if (run === undefined) return { variables: io.environment, chosenBy: 'name' }
  const { environment, chosenBy } = run
  return { ...(environment && { environment }), chosenBy, variables: variablesOf(run, folder, io) }
}

/** The config of a command, and the variables for references in it; undefined if there is none. */
export async function chooseConfig(paths: readonly string[], flags: WorkspaceFlags, io: Io) {
  const { config, folder } = await select(paths, flags, io, 'default')
  if (config === undefined || folder === undefined) return undefined
  const fromFile = readEnvFile(folder)
  registerVariables(io.secrets, fromFile)
  const variables: Io['environment'] = { ...fromFile, ...ofProcess(io) }
  return { config, variables }
}

async function select(paths: readonly string[], flags: WorkspaceFlags, io: Io, unnamed: 'all' | 'default') {
  const { selectWorkspaceRuns } = await import('../../operations/workspace/select-workspace-runs.ts')
  const { config, runs } = await selectWorkspaceRuns({
    paths,
    projects: flags.project ?? [],
    environments: flags.environment ?? [],
    allEnvironments: flags.allEnvironments === true,
    unnamed,
    ...(flags.config !== undefined && { config: flags.config }),
    ...(io.userId !== undefined && { userId: io.userId }),
    secrets: io.secrets,
  })
  return { runs, config, folder: config?.folder }
}

/**
 * With an environment, references are resolved from a `.env` file next to the config, and not from one in the current
 * folder.
 */
function variablesOf({ environment }: SelectedRun, folder: string | undefined, io: Io): Io['environment'] {
  if (environment === undefined || folder === undefined) return io.environment
  const fromFile = readEnvFile(folder)
  registerVariables(io.secrets, fromFile)
  return { ...fromFile, ...ofProcess(io) }
}

/** The variables that do not come from a `.env` file. */
function ofProcess({ environment, fileVariables }: Io): Io['environment'] {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => fileVariables?.has(name) !== true))
}

/**
 * The broker of a run: that of its environment, or that of options and variables if there is none.
 *
 * @throws {WarrenError} with exit code 3 when options add to an environment, or when WARREN_URL contradicts a default
 *   environment
 */
export async function brokerOf(
  { environment, chosenBy, variables }: Omit<ChosenRun, 'project' | 'files'>,
  flags: BrokerFlags,
  io: Io,
): Promise<BrokerOptions> {
  if (environment === undefined) {
    const broker = brokerOptions(flags, io)
    return { ...broker, ...amqpOption(flags, broker, io) }
  }
  const { connectionSettings, referredVariables } = await import('../../operations/workspace/run-settings.ts')
  const referred = referredVariables(environment)
  const set = ofProcess(io)
  const unused = CONNECTION_VARIABLES.filter((name) => Boolean(set[name]) && !referred.has(name))
  if (chosenBy === 'default' && unused.includes('WARREN_URL')) throw ambiguousBroker(environment)
  const { passwordFile, ...texts } = await connectionSettings(environment, variables)
  const password =
    passwordFile === undefined ? texts.password : readText('passwordFile', passwordFile).replace(/\r?\n$/, '')
  const connection: EnvironmentConnection = {
    name: environment.name,
    ...texts,
    ...(password !== undefined && { password }),
  }
  const broker = brokerOptions(flags, io, connection)
  return {
    ...broker,
    ...amqpOption(flags, broker, io, connection),
    ...(environment.cluster !== undefined && { cluster: environment.cluster }),
    unusedVariables: unused,
  }
}

function ambiguousBroker({ name }: ConfiguredEnvironment): Error {
  return usageError(
    `WARREN_URL is set, and the config has ${JSON.stringify(name)} as its default environment, so it is unclear which broker you mean`,
    `choose with --environment ${name}, unset WARREN_URL, or use it with --no-config`,
  )
}
