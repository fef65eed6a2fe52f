import { lstat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { WarrenError } from '../../diagnostics/warren-error.ts'

/** The name of the file that describes a workspace. */
export const CONFIG_NAME = 'warren.config.yaml'

/**
 * Searches for the config from the working directory upwards. The search ends at the folder that contains `.git`,
 * because folders above a repository do not belong to it.
 *
 * @param userId the owner of files that may be used, on systems with users: in a shared folder such as `/tmp`,
 *   another user could leave a config that sends a login elsewhere
 * @returns its path, relative to the working directory; undefined if there is none
 * @throws {WarrenError} with exit code 3 when it belongs to another user
 */
export async function findConfig(userId: number | undefined): Promise<string | undefined> {
  for (let folder = ''; ; folder = join(folder, '..')) {
    const path = join(folder, CONFIG_NAME)
    const found = await statOf(path)
    if (found !== undefined) {
      if (userId !== undefined && found.uid !== userId) throw foreignConfig(path)
      return path
    }
    const isTop = resolve(folder) === resolve(folder, '..')
    if (isTop || (await statOf(join(folder, '.git'))) !== undefined) return undefined
  }
}

/** The status of the file itself, even if it is a link: the owner of the link decides what is read. */
async function statOf(path: string) {
  try {
    return await lstat(path)
  } catch {
    return undefined
  }
}

function foreignConfig(path: string): WarrenError {
  return new WarrenError(`${path} belongs to another user, who could use it to send your login to another broker`, {
    code: 'INVALID_USAGE',
    hint: `use it anyway with --config ${path}, or work without a config with --no-config`,
  })
}
