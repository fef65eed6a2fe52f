import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The `*.yaml` and `*.yml` files of a folder and its subfolders, sorted by path, without `node_modules` and names that
 * begin with a dot. Links are followed, except to a parent folder.
 */
export async function findYamlFiles(folder: string): Promise<string[]> {
  const found = await filesOf(folder, [])
  return found.toSorted((a, b) => (a < b ? -1 : 1))
}

async function filesOf(folder: string, above: readonly string[]): Promise<string[]> {
  const real = await realpath(folder)
  if (above.includes(real)) return []
  const entries = await readdir(folder, { withFileTypes: true })
  const files = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
      .map(async (entry) => {
        const path = join(folder, entry.name)
        const isYaml = /\.ya?ml$/i.test(entry.name)
        const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry
        if (target?.isDirectory()) return filesOf(path, [...above, real])
        // A link that leads nowhere is reported when it is read.
        return isYaml && (!target || target.isFile()) ? [path] : []
      }),
  )
  return files.flat()
}
