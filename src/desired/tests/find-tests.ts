import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

const TESTS = /\.test\.ya?ml$/i
const TOPOLOGY = /\.ya?ml$/i

/**
 * Finds the test files that belong to topology files: `NAME.test.yaml` next to the file `NAME.yaml`, and all
 * `*.test.yaml` below a folder. Sorted, each once.
 */
export async function findTests(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map((path) => testsOf(path)))
  return [...new Set(found.flat())].toSorted()
}

async function testsOf(path: string): Promise<readonly string[]> {
  if (await isFolder(path)) return testsBelow(path)
  if (!TOPOLOGY.test(path)) return []
  const candidates = ['.test.yaml', '.test.yml'].map((ending) => path.replace(TOPOLOGY, ending))
  const existing = await Promise.all(candidates.map(async (each) => ((await isFile(each)) ? [each] : [])))
  return existing.flat()
}

async function testsBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = entries
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return testsBelow(path)
      return entry.isFile() && TESTS.test(entry.name) ? [path] : []
    })
  return (await Promise.all(found)).flat()
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true
}
