import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shellWord } from '../../diagnostics/text/shell-word.ts'
import type { PlanFile } from '../../operations/saved/saved-runs.ts'
import type { Io } from './io.ts'

/** The target of `--out-undo`: a file, or a folder with the plans of several runs. */
export interface UndoTarget {
  readonly path: string
  readonly isFolder: boolean
}

/**
 * Runs a write of undo plans. If it fails, they are saved elsewhere, because the broker has changed and cannot be asked
 * for them again: at a terminal in the folder for temporary files; otherwise, or if that fails too, on standard error,
 * because a pipeline keeps its log and deletes its files.
 *
 * @throws the error of the write, in any case
 */
export function orRescueUndo(
  { path, isFolder }: UndoTarget,
  files: readonly PlanFile[],
  io: Io,
  write: () => void,
): void {
  try {
    write()
  } catch (error) {
    const saved = io.errIsTerminal ? savedElsewhere(isFolder, files, io) : undefined
    if (saved === undefined) printUndo(path, isFolder, files, io)
    else io.err(`${path} could not be written; the undo plan is in ${saved}: warren apply ${shellWord(saved)}\n`)
    throw error
  }
}

/** The file or folder in the folder for temporary files; undefined if it cannot be written either. */
function savedElsewhere(isFolder: boolean, files: readonly PlanFile[], io: Io): string | undefined {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'warren-undo-'))
    const paths = files.map(({ name, text }) => {
      const path = join(folder, name)
      io.file('--out-undo', path, text)
      return path
    })
    return isFolder ? folder : paths[0]
  } catch {
    return undefined
  }
}

function printUndo(path: string, isFolder: boolean, files: readonly PlanFile[], io: Io): void {
  const how = isFolder ? 'save each part under its name in one folder' : 'save it as a file'
  io.err(`${path} could not be written; the undo plan follows instead: ${how}, and apply that with warren apply\n`)
  for (const { name, text } of files) {
    io.err(`----- begin ${name} -----\n`)
    io.err(text)
    io.err(`----- end ${name} -----\n`)
  }
}
