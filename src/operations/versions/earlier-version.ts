import { dirname, join, relative } from 'node:path'
import { snapshotOfDefinitions } from '../../broker/snapshot/snapshot-of-definitions.ts'
import { type LoadOptions, loadTopology } from '../../desired/load/load-topology.ts'
import { readCompiled } from '../../desired/load/read-compiled.ts'
import { readDefinitionsFile } from '../../desired/load/read-definitions-file.ts'
import { InvalidInputError, WarrenError } from '../../diagnostics/warren-error.ts'
import { kindOfPath } from '../../files/kind-of-path.ts'
import { type FilesOfCommit, filesOfCommit } from '../../git/files-of-commit.ts'
import type { TopologyVersion } from '../../insight/breaking/version.ts'
import type { Desired } from '../../model/desired.ts'
import { registerTopology } from '../../model/secrets/register-secrets.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { topologyOf } from '../../model/topology.ts'
import { isTable } from '../../model/values/table.ts'
import type { TopologyOptions } from '../session/options.ts'

/**
 * Loads one version.
 *
 * @throws {InvalidInputError} when the files are invalid
 */
export async function loadVersion(options: TopologyOptions & Pick<LoadOptions, 'unusedVariables'>): Promise<Desired> {
  const { environment = {} } = options
  const { desired, findings, sources } = await loadTopology({ ...options, environment })
  if (desired === undefined) throw new InvalidInputError(findings, sources)
  return desired
}

/** An earlier version may lack the reference to a variable that is new. */
function earlier<O extends TopologyOptions>(options: O) {
  return { ...options, unusedVariables: 'ignore' } as const
}

/** Current files, and the location of their earlier version. */
export interface Against extends TopologyOptions {
  /** A folder, a file, a compiled topology, a definitions file, or a commit of the git repository. */
  readonly against: string
  readonly secrets: SecretRegistry
  /** The files of a project below a folder. Default: all files of the folder. */
  readonly earlier?: {
    readonly paths: readonly string[]
    readonly overlays: readonly string[]
    readonly variableFiles: readonly string[]
  }
}

/** @throws {WarrenError} `INVALID_USAGE` when the earlier version is a file, which contains one project at most */
export async function oneOfSeveral(options: Against): Promise<Against> {
  const { against } = options
  const kind = await kindOfPath(against)
  if (kind === 'file') {
    throw new WarrenError(`several projects are compared with a commit or a folder, and ${against} is a file`, {
      code: 'INVALID_USAGE',
      hint: 'choose one with --project NAME',
    })
  }
  return kind === undefined ? options : { ...options, earlier: await filesWithin(options) }
}

/**
 * The folder may contain several projects of a config. If the files of this project have other names there, all files
 * are used.
 */
export async function ownFilesWithin(options: Against): Promise<Against> {
  if (options.configured === undefined || (await kindOfPath(options.against)) !== 'folder') return options
  const earlier = await filesWithin(options)
  return earlier.paths.length === 0 ? options : { ...options, earlier }
}

/**
 * The files of a project in the folder of the earlier version: at the same paths below it as below the folder of the
 * config, or below the working directory if there is none. New files are left out. Variables have their current values
 * if the folder does not contain their file.
 */
async function filesWithin({ against, configured, paths, overlays = [], variableFiles = [] }: Against) {
  const folder = configured === undefined ? '.' : dirname(configured.location.file)
  const pathOf = async (path: string) => {
    const below = relative(folder, path)
    const earlier = join(against, below)
    const isThere = !below.startsWith('..') && (await kindOfPath(earlier)) !== undefined
    return isThere ? earlier : undefined
  }
  const existing = async (all: readonly string[]) =>
    (await Promise.all(all.map(pathOf))).filter((each) => each !== undefined)
  return {
    paths: await existing(paths),
    overlays: await existing(overlays),
    variableFiles: await Promise.all(variableFiles.map(async (each) => (await pathOf(each)) ?? each)),
  }
}

/** Reads the earlier version; undefined if it contains none of the files. */
export async function readAgainst(options: Against): Promise<TopologyVersion | undefined> {
  const { against, earlier: files } = options
  const kind = await kindOfPath(against)
  if (kind === undefined) return readCommit(options)
  if (kind === 'folder' || !/\.json$/i.test(against))
    return files?.paths.length === 0
      ? undefined
      : loadVersion({ ...earlier(options), ...(files ?? { paths: [against], overlays: [] }) })
  const file = await readDefinitionsFile(against)
  if ('finding' in file) throw new InvalidInputError([file.finding], new Map())
  if (isTable(file.value) && 'format' in file.value) return compiledVersion(against)
  if (isTable(file.value) && 'warren' in file.value)
    return loadVersion({ ...earlier(options), paths: [against], overlays: [] })
  const snapshot = snapshotOfDefinitions(file.value, { path: against })
  if ('finding' in snapshot) throw new InvalidInputError([snapshot.finding], new Map())
  registerTopology(options.secrets, snapshot.live.topology)
  return {
    topology: snapshot.live.topology,
    routes: { publications: [], subscriptions: [] },
    lacks: ['routes'],
  }
}

async function compiledVersion(path: string): Promise<TopologyVersion> {
  const { routes, ...objects } = await readCompiled(path)
  return { topology: { ...topologyOf(() => []), ...objects }, routes, lacks: ['policies', 'users'] }
}

async function readCommit(options: Against): Promise<TopologyVersion | undefined> {
  // The repository of the files, which is not always that of the working directory.
  const [first = '.'] = options.paths
  const folder = (await kindOfPath(first)) === 'folder' ? first : dirname(first)
  const commit = await filesOfCommit(options.against, folder)
  try {
    return await loadFrom(commit, options)
  } finally {
    await commit.remove()
  }
}

/**
 * Loads the same files at the commit. Files that were added after it are left out, and values from outside the
 * repository are the current ones.
 */
async function loadFrom(commit: FilesOfCommit, options: Against): Promise<TopologyVersion | undefined> {
  const at = async (paths: readonly string[]) =>
    (await Promise.all(paths.map((each) => commit.pathOf(each)))).filter((each) => each !== undefined)
  const paths = await at(options.paths)
  if (paths.length === 0) return undefined
  const variableFiles = await Promise.all(
    (options.variableFiles ?? []).map(async (each) => (await commit.pathOf(each)) ?? each),
  )
  try {
    return await loadVersion({ ...earlier(options), paths, overlays: await at(options.overlays ?? []), variableFiles })
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    const findings = error.findings.map((each) =>
      each.location === undefined
        ? each
        : { ...each, location: { ...each.location, file: commit.shown(each.location.file) } },
    )
    throw new InvalidInputError(findings, new Map([...error.sources].map(([path, text]) => [commit.shown(path), text])))
  }
}
