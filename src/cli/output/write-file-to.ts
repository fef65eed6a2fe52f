import { randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readRegularFileSync } from '../../files/read-regular-file.ts'
import { shellWord } from '../../diagnostics/text/shell-word.ts'
import { usageError } from '../options/usage-error.ts'

/** A result that later steps of a pipeline, maybe run by another user, have to read. */
export const READABLE = 0o666
/** Everything else, such as plans and undo files. */
const PRIVATE = 0o600

/**
 * Writes a file that an option names. The file holds either its old content or all of the new, whatever happens in
 * between: the text goes into a temporary file in the same folder, which is flushed to the disk and renamed. Devices and
 * pipes are written to as they are.
 *
 * @param mode the permissions of a new file; an existing one keeps its own. Default: readable by its owner only
 */
export function writeFileTo(option: string, path: string, text: string, mode = PRIVATE): void {
  orUsageError(option, path, () => {
    const target = withoutLinks(path)
    if (isStream(target)) writeFileSync(target, text, { flag: 'a' })
    else replaceFile(target, text, mode)
  })
}

/** Makes an existing file private before secrets are written into it. A missing one is made private when it is written. */
export function makePrivate(option: string, path: string): void {
  orUsageError(option, path, () => {
    const target = withoutLinks(path)
    if (existsSync(target) && !isStream(target)) chmodSync(target, PRIVATE)
  })
}

/** What a plan or a report takes up at least, in bytes: a file of this size shows that a disk is full. */
const PROBE = 4_096

/**
 * Finds out whether a file that an option names can be written, before anything is done. Its content is left alone. A file
 * next to it is written and removed, since a full disk still opens files.
 */
export function checkWritable(option: string, path: string): void {
  orUsageError(option, path, () => {
    const target = withoutLinks(path)
    // Opening a named pipe and closing it again would be the end of the file for its reader.
    if (isStream(target)) return accessSync(target, constants.W_OK)
    const isNew = !existsSync(target)
    closeSync(openSync(target, 'a', PRIVATE))
    if (isNew) rmSync(target)
    probe(dirname(target))
  })
}

/** Writes a file into a folder, as a draft of the file is written later, and removes it. */
function probe(folder: string): void {
  const draft = draftIn(folder)
  try {
    writeDraft(draft, ' '.repeat(PROBE), PRIVATE, undefined)
  } catch (error) {
    // The file is written over, then.
    if (!NO_RENAME.has(codeOf(error))) throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function draftIn(folder: string): string {
  return join(folder, `.warren-${randomBytes(8).toString('hex')}.tmp`)
}

/** Whether an option names a file that holds something; a device, a pipe or an open file does not count. */
export function isFilledFile(path: string): boolean {
  const target = withoutLinks(path)
  return !isStream(target) && (statSync(target, { throwIfNoEntry: false })?.size ?? 0) > 0
}

/** The open files of a process: `/dev/stdout` is the file that a shell redirects to. */
const STREAM_FOLDERS = /^\/(dev\/(fd\/|std(in|out|err)$)|proc\/)/
const MOST_LINKS = 40

/** Follows symbolic links, so that a link is kept and the file behind it is written, also where that does not exist yet. */
export function withoutLinks(path: string): string {
  let target = resolve(path)
  for (let links = 0; links < MOST_LINKS && !STREAM_FOLDERS.test(target); links++) {
    const next = linkedFrom(target)
    if (next === undefined) return target
    target = resolve(dirname(target), next)
  }
  return target
}

function linkedFrom(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

export function isStream(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return STREAM_FOLDERS.test(path)
    ? stats !== undefined
    : stats !== undefined && !stats.isFile() && !stats.isDirectory()
}

/** The folder may not be written to, or the file is a mount of its own, as one file given to a container is. */
const NO_RENAME = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV'])

/** A disk, a quota or the limit of a process is full. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

function replaceFile(path: string, text: string, mode: number): void {
  const before = statSync(path, { throwIfNoEntry: false })
  if (before?.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' })
  // A rename needs permissions only on the folder. A write-protected file is not replaced.
  if (before !== undefined) accessSync(path, constants.W_OK)
  const draft = draftIn(dirname(path))
  try {
    writeDraft(draft, text, before === undefined ? mode : PRIVATE, before?.mode)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    if (before === undefined || !NO_RENAME.has(codeOf(error))) throw error
    overwrite(path, text)
    return
  }
  syncFolder(dirname(path))
}

function writeDraft(draft: string, text: string, mode: number, keep: number | undefined): void {
  const file = openSync(draft, 'wx', mode)
  try {
    writeFileSync(file, text)
    if (keep !== undefined) fchmodSync(file, keep & 0o7777)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Writes over a file that cannot be renamed over, and puts its old content back when there is no room for the new. */
function overwrite(path: string, text: string): void {
  const old = readRegularFileSync(path, 'data')
  const file = openSync(path, 'r+')
  try {
    try {
      overwriteFrom(file, Buffer.from(text))
    } catch (error) {
      overwriteFrom(file, old)
      throw error
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function overwriteFrom(file: number, content: Buffer): void {
  let written = 0
  while (written < content.length) written += writeSync(file, content, written, content.length - written, written)
  ftruncateSync(file, content.length)
}

/** Makes the rename itself last. Not every file system can. */
function syncFolder(folder: string): void {
  try {
    const opened = openSync(folder, 'r')
    try {
      fsyncSync(opened)
    } finally {
      closeSync(opened)
    }
  } catch {
    // The content is safe all the same.
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unwritable'
}

function orUsageError(option: string, path: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    const folder = dirname(path)
    if (codeOf(error) === 'ENOENT' && !existsSync(folder)) {
      throw usageError(
        `${option} ${path} cannot be written, since there is no folder ${folder}`,
        `create it first: mkdir -p ${shellWord(folder)}`,
      )
    }
    const hint = NO_ROOM.has(codeOf(error))
      ? 'make room on its disk, or give another path'
      : 'check the path and its permissions'
    throw usageError(`${option} ${path} cannot be written (${codeOf(error)})`, hint)
  }
}
