import { lstat, realpath } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'

/**
 * The files outside the git repository of the working directory, which a reviewer of the repository does not see.
 * Empty if there is no repository.
 */
export async function outsideRepository(paths: readonly string[]): Promise<readonly string[]> {
  const root = paths.length === 0 ? undefined : await repositoryRoot(await realpath('.'))
  if (root === undefined) return []
  const outside: string[] = []
  for (const path of paths) {
    const real = await realpath(path).catch(() => undefined)
    if (real !== undefined && !real.startsWith(root.endsWith(sep) ? root : root + sep)) outside.push(path)
  }
  return outside
}

async function repositoryRoot(folder: string): Promise<string | undefined> {
  const isRoot = await lstat(join(folder, '.git')).then(
    () => true,
    () => false,
  )
  if (isRoot) return folder
  const above = dirname(folder)
  return above === folder ? undefined : repositoryRoot(above)
}
