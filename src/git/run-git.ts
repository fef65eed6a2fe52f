import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * Runs git and returns its standard output.
 *
 * @param folder in the repository
 */
export async function runGit(folder: string, args: readonly string[]): Promise<string> {
  // A repository can name a program that git runs to find changed files.
  const { stdout } = await promisify(execFile)('git', ['-c', 'core.fsmonitor=false', '-C', folder, ...args], {
    maxBuffer: Infinity,
  })
  return stdout
}
