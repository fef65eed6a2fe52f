import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { WarrenError } from '../diagnostics/warren-error.ts'
import { runGit } from './run-git.ts'

/** The files of a commit, in a separate folder. */
export interface FilesOfCommit {
  /** The path of a file or folder at that commit; undefined if the commit does not contain it. */
  readonly pathOf: (path: string) => Promise<string | undefined>
  /** A path below the folder as `REF:path`, other paths unchanged. */
  readonly shown: (path: string) => string
  readonly remove: () => Promise<void>
}

/** The files of topologies: YAML, JSON, variables, and texts that they refer to. */
const READ = /\.(?:ya?ml|json|env|txt|vars)$/i

/**
 * Writes the topology files of a commit into a folder, with the files that they may refer to.
 *
 * @param reference a commit, branch or tag
 * @param folder in the repository
 * @throws {WarrenError} `INVALID_USAGE` when git is missing, the folder is not in a repository, or the commit does not
 * exist
 */
export async function filesOfCommit(reference: string, folder = '.'): Promise<FilesOfCommit> {
  const top = await runGit(folder, ['rev-parse', '--show-toplevel']).catch(() => {
    throw usage(
      `${JSON.stringify(reference)} is not a file or folder, and ${resolve(folder)} is not in a git repository`,
      'name a folder or a file, or run warren in a git repository',
    )
  })
  const root = await realpath(top.trimEnd())
  const revision = `${reference}^{commit}`
  const commit = await runGit(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', revision]).catch(() => {
    throw usage(
      `${JSON.stringify(reference)} is not a file or folder, and the repository has no such commit`,
      'fetch it first: a pipeline often clones only the last commit',
    )
  })
  const tree = await runGit(root, ['ls-tree', '-r', '-z', '--full-tree', commit.trimEnd()])
  const blobs = tree.split('\0').flatMap((line) => {
    const [, type, id, path] = /^\d+ (\w+) (\w+)\t(.+)$/s.exec(line) ?? []
    return type === 'blob' && id !== undefined && path !== undefined && READ.test(path) ? [{ id, path }] : []
  })
  const copy = await realpath(await mkdtemp(join(tmpdir(), 'warren-commit-')))
  const written = new Set<string>([copy])
  try {
    const contents = await readBlobs(
      root,
      blobs.map(({ id }) => id),
    )
    for (const [index, { path }] of blobs.entries()) {
      const target = join(copy, path)
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, contents[index] ?? '')
      for (let each = target; each !== copy; each = dirname(each)) written.add(each)
    }
  } catch (error) {
    await rm(copy, { recursive: true, force: true })
    throw error
  }
  return {
    pathOf: async (path) => {
      const full = resolve(path)
      const parent = await realpath(dirname(full)).catch(() => dirname(full))
      const inside = relative(root, full === root ? root : join(parent, relative(dirname(full), full)))
      if (inside.startsWith('..') || isAbsolute(inside)) return undefined
      const target = join(copy, inside)
      return written.has(target) ? target : undefined
    },
    shown: (path) => (path.startsWith(copy + sep) ? `${reference}:${relative(copy, path)}` : path),
    remove: () => rm(copy, { recursive: true, force: true }),
  }
}

/** Reads the contents of blobs with one process. */
async function readBlobs(root: string, ids: readonly string[]): Promise<readonly Buffer[]> {
  const child = spawn('git', ['-C', root, 'cat-file', '--batch'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const closed = new Promise<void>((done, fail) => {
    child.once('close', () => done())
    child.once('error', fail)
  })
  child.stdin.end(ids.map((id) => `${id}\n`).join(''))
  await closed
  const output = Buffer.concat(chunks)
  let at = 0
  return ids.map(() => {
    const end = output.indexOf('\n', at)
    const size = Number(output.toString('utf8', at, end).split(' ')[2])
    const content = output.subarray(end + 1, end + 1 + size)
    at = end + 1 + size + 1
    return content
  })
}

function usage(message: string, hint: string): WarrenError {
  return new WarrenError(message, { code: 'INVALID_USAGE', hint })
}
