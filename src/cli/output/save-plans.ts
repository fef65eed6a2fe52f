import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { shellWord } from '../../diagnostics/text/shell-word.ts'
import type { PlanFile, RunToUndo } from '../../operations/saved/saved-runs.ts'
import type { PlannedRun } from '../../operations/workspace/plan-runs.ts'
import { usageError } from '../options/usage-error.ts'
import type { Io } from './io.ts'
import { orRescueUndo } from './rescue-undo.ts'

/** Whether a path is an existing folder. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/**
 * Whether `--out` names a folder although there is one run: also if a config chose the project, so that a pipeline
 * works with any number of projects.
 */
export function isPlanFolder(out: string, { isChosenByConfig }: { readonly isChosenByConfig: boolean }): boolean {
  return isChosenByConfig || out.endsWith('/') || isFolder(out)
}

/** The folder of saved plans that paths name; undefined if they name something else. */
export function planFolderAt([path, ...others]: readonly string[]): string | undefined {
  if (path === undefined || others.length > 0 || !isFolder(path)) return undefined
  return existsSync(join(path, 'index.json')) ? path : undefined
}

/** Refuses a folder for saved plans that is not empty. @throws {WarrenError} with exit code 3 */
export function requireEmptyFolder(path: string, option: '--out' | '--out-undo' = '--out'): void {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return
  if (!stats.isDirectory()) {
    throw usageError(
      `${option} ${path} is a file, but the plans of a config need a folder`,
      'name a folder that is empty or does not exist, or choose one run with --project and --environment',
    )
  }
  if (readdirSync(path).length === 0) return
  throw usageError(
    `${option} ${path} is not empty, and may contain plans of another run`,
    `name another folder, or delete it first: rm -r ${shellWord(path)}`,
  )
}

/** Saves the plans of several runs in a folder, with an index, for a later apply of exactly these. */
export async function savePlans(folder: string, runs: readonly PlannedRun[], io: Io): Promise<void> {
  const { formatSavedRuns } = await import('../../operations/saved/saved-runs.ts')
  writePlanFolder('--out', folder, formatSavedRuns(runs), io)
}

/** Saves plans that reverse the actual changes of several runs, if there are any. */
export async function saveUndos(folder: string, runs: readonly RunToUndo[], io: Io): Promise<void> {
  const { formatUndoRuns } = await import('../../operations/saved/saved-runs.ts')
  const files = await formatUndoRuns(runs)
  if (files.length === 0) return
  orRescueUndo({ path: folder, isFolder: true }, files, io, () => writePlanFolder('--out-undo', folder, files, io))
}

function writePlanFolder(option: '--out' | '--out-undo', folder: string, files: readonly PlanFile[], io: Io): void {
  requireEmptyFolder(folder, option)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const { name, text } of files) io.file(option, join(folder, name), text)
}
