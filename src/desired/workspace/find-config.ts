import { lstat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { WarrenError } from '../../diagnostics/warren-error.ts'

/** The name of the file that describes a workspace. */
export const CONFIG_NAME = 'warren.config.yaml'

/**
 * Searches for the config from the working directory upwards. The search ends at the folder that holds `.git`: what lies
 * above a repository is not the repository's.
 *
 * @param userId whose file may be used, on systems that have users: in a shared folder such as `/tmp`, another user could
 *   leave a config that sends a login elsewhere
 * @returns its path, relative to the working directory; undefined when there is none
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

/** Of the file itself, also where it is a link: whoever makes the link decides what is read. */
async function statOf(path: string) {
  try {
    return await lstat(path)
  } catch {
    return undefined
  }
}

function foreignConfig(path: string): WarrenError {
  return new WarrenError(`${path} belongs to another user, and could send a login to a broker of theirs`, {
    code: 'INVALID_USAGE',
    hint: `use it all the same with --config ${path}, or work without a config with --no-config`,
  })
}
