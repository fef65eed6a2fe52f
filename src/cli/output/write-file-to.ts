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

/** Results that later steps of a pipeline have to read, perhaps as another user. */
export const READABLE = 0o666
/** All other files, such as plans and undo files. */
const PRIVATE = 0o600

/**
 * Writes a file that an option names. Even after a crash, the file contains either its old content or all of the new:
 * the text is written to a temporary file in the same folder, which is flushed to the disk and renamed. Devices and
 * pipes are written to directly.
 *
 * @param mode the permissions of a new file; an existing one keeps its own. Default: only the owner may read it
 */
export function writeFileTo(option: string, path: string, text: string, mode = PRIVATE): void {
  orUsageError(option, path, () => {
    const target = withoutLinks(path)
    if (isStream(target)) writeFileSync(target, text, { flag: 'a' })
    else replaceFile(target, text, mode)
  })
}

/**
 * Makes an existing file private before secrets are written into it. A missing file is made private when it is
 * written.
 */
export function makePrivate(option: string, path: string): void {
  orUsageError(option, path, () => {
    const target = withoutLinks(path)
    if (existsSync(target) && !isStream(target)) chmodSync(target, PRIVATE)
  })
}

/** The least size of a plan or a report, in bytes: writing a file of this size detects a full disk. */
const PROBE = 4_096

/**
 * Checks that a file that an option names can be written, before anything is done. Its content is not changed. A file
 * next to it is written and removed, because a file can be opened even on a full disk.
 */
export function checkWritable(option: string, path: string): void {
  orUsageError(option, path, () => {
    const target = withoutLinks(path)
    // Opening and closing a named pipe would be the end of the file for its reader.
    if (isStream(target)) return accessSync(target, constants.W_OK)
    const isNew = !existsSync(target)
    closeSync(openSync(target, 'a', PRIVATE))
    if (isNew) rmSync(target)
    probe(dirname(target))
  })
}

/** Writes a file into a folder, in the same way as the draft of a file later, and removes it. */
function probe(folder: string): void {
  const draft = draftIn(folder)
  try {
    writeDraft(draft, ' '.repeat(PROBE), PRIVATE, undefined)
  } catch (error) {
    // In this case, the file is overwritten.
    if (!NO_RENAME.has(codeOf(error))) throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function draftIn(folder: string): string {
  return join(folder, `.warren-${randomBytes(8).toString('hex')}.tmp`)
}

/** Whether an option names a file with content; a device, a pipe or an open file does not count. */
export function isFilledFile(path: string): boolean {
  const target = withoutLinks(path)
  return !isStream(target) && (statSync(target, { throwIfNoEntry: false })?.size ?? 0) > 0
}

/** The folders of the open files of a process; `/dev/stdout` is the file to which a shell redirects. */
const STREAM_FOLDERS = /^\/(dev\/(fd\/|std(in|out|err)$)|proc\/)/
const MOST_LINKS = 40

/** Follows symbolic links, so that a link is kept and its target is written, even if the target does not exist yet. */
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

/** The folder is not writable, or the file is a separate mount, as when a single file is passed to a container. */
const NO_RENAME = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV'])

/** The disk, a quota or the limit of the process is exhausted. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

function replaceFile(path: string, text: string, mode: number): void {
  const before = statSync(path, { throwIfNoEntry: false })
  if (before?.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' })
  // A rename needs permissions only on the folder. So this checks that a write-protected file is not replaced.
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

/**
 * Overwrites a file that cannot be replaced by a rename, and restores its old content if there is no space for the
 * new.
 */
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

/** Makes the rename itself durable. Not every file system supports this. */
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
        `${option} ${path} cannot be written, because there is no folder ${folder}`,
        `create it first: mkdir -p ${shellWord(folder)}`,
      )
    }
    const hint = NO_ROOM.has(codeOf(error))
      ? 'free some disk space, or use another path'
      : 'check the path and its permissions'
    throw usageError(`${option} ${path} cannot be written (${codeOf(error)})`, hint)
  }
}
