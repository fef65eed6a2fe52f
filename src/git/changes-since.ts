import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { WarrenError } from '../diagnostics/warren-error.ts'
import { runGit } from './run-git.ts'

/** The files of a working tree that differ from a commit. */
export interface Changes {
  /** Whether a file differs. A file that git does not track cannot be compared, and counts as different. */
  readonly isChanged: (path: string) => Promise<boolean>
  /** Whether a file of a kind differs below a folder, including deleted files. The path of a file means that file. */
  readonly isChangedBelow: (path: string, isOfKind: (path: string) => boolean) => Promise<boolean>
}

/**
 * Compares the working tree around a folder with a commit.
 *
 * @param reference a commit, branch or tag
 * @throws {WarrenError} `INVALID_USAGE` when git is missing, the folder is not in a repository, or the commit does not
 * exist
 */
export async function changesSince(reference: string, folder: string): Promise<Changes> {
  const top = await runGit(folder, ['rev-parse', '--show-toplevel']).catch((error: unknown) => {
    throw isMissing(error)
      ? usage('git is not installed, and --changed-since needs it', 'install git, or leave out --changed-since')
      : usage(`${resolve(folder)} is not in a git repository`, 'leave out --changed-since')
  })
  const root = await realpath(top.trimEnd())
  const commit = await runGit(root, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${reference}^{commit}`,
  ]).catch(() => {
    throw usage(
      `the repository has no commit ${JSON.stringify(reference)}`,
      'fetch it first: a pipeline often clones only the last commit',
    )
  })
  const names = async (args: readonly string[]) =>
    (await runGit(root, args)).split('\0').flatMap((name) => (name === '' ? [] : [join(root, name)]))
  const changed = await names(['diff', '--name-only', '--no-renames', '--no-ext-diff', '-z', commit.trimEnd(), '--'])
  const tracked = new Set(await names(['ls-files', '-z']))
  const differing = new Set(changed)
  return {
    isChanged: async (path) => (await namesOf(path)).some((each) => differing.has(each) || !isTracked(each, tracked)),
    isChangedBelow: async (path, isOfKind) => {
      const all = await namesOf(path)
      return changed.some((each) => all.some((own) => each === own || (each.startsWith(own + sep) && isOfKind(each))))
    },
  }
}

/** The target of a path, and also the path itself if it is a link, because git lists both. */
async function namesOf(path: string): Promise<string[]> {
  const full = resolve(path)
  const own = join(await realpath(dirname(full)).catch(() => dirname(full)), basename(full))
  return [...new Set([own, await realpath(full).catch(() => own)])]
}

/** git lists a submodule by its folder. */
function isTracked(path: string, tracked: ReadonlySet<string>): boolean {
  for (let each = path; ; each = dirname(each)) {
    if (tracked.has(each)) return true
    if (each === dirname(each)) return false
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function usage(message: string, hint: string): WarrenError {
  return new WarrenError(message, { code: 'INVALID_USAGE', hint })
}
