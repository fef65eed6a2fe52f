import { loadTopology } from '../../desired/load/load-topology.ts'
import { type Changes, changesSince } from '../../git/changes-since.ts'
import type { TopologyOptions } from '../session/options.ts'

/** The runs and the commit to compare. */
export interface ChangedRunsOptions<R> {
  readonly runs: readonly R[]
  /** A commit, branch or tag of the repository. */
  readonly since: string
  /** A folder of the repository. Default: the working directory. */
  readonly folder?: string
  /** The config; if it changed, all runs are selected. */
  readonly config?: string
  readonly filesOf: (run: R) => TopologyOptions
  /** The variables files of a run's environment. */
  readonly variableFilesOf: (run: R) => readonly string[]
}

/**
 * Selects the runs whose files differ from a commit: topologies, overlays, templates, variables files, referenced
 * files, message schemas and the config. Runs with invalid files are selected too, so that they report the reason.
 *
 * @throws {WarrenError} `INVALID_USAGE` when there is nothing to compare with
 */
export async function changedRuns<R>(options: ChangedRunsOptions<R>): Promise<readonly R[]> {
  const { runs, since, folder = '.', config, filesOf, variableFilesOf } = options
  const changes = await changesSince(since, folder)
  if (config !== undefined && (await changes.isChanged(config))) return runs
  const changed: R[] = []
  for (const run of runs) {
    if (await hasChanged(filesOf(run), variableFilesOf(run), changes)) changed.push(run)
  }
  return changed
}

async function hasChanged(files: TopologyOptions, more: readonly string[], changes: Changes): Promise<boolean> {
  for (const path of files.paths) {
    // Deleted files are no longer read, and a folder leaves out files that are no longer topologies.
    if (await changes.isChangedBelow(path, (each) => /\.ya?ml$/i.test(each))) return true
  }
  const read = new Set(more)
  const { desired } = await loadTopology({
    environment: {},
    ...files,
    unusedVariables: 'ignore',
    onRead: (path) => void read.add(path),
  })
  if (desired === undefined) return true
  for (const path of read) if (await changes.isChanged(path)) return true
  return false
}
