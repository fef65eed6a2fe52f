import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '../../..')
const run = promisify(execFile)

/** The package as it is delivered. */
export interface PackedPackage {
  /** In which projects find it. */
  readonly folder: string
  /** The paths in the package. */
  readonly files: readonly string[]
  remove(): Promise<void>
}

/**
 * Makes a folder in which projects find warren as `npm pack` delivers it, and the packages of `examples/package.json` as
 * links. What warren itself needs is found in this project, in which the folder is.
 */
export async function packedPackage(): Promise<PackedPackage> {
  await mkdir(join(ROOT, '.warren'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, '.warren/packed-'))
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, 'warren'), { recursive: true })
  // Built already: `npm test` does that, and the script would do it again.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const { stdout } = await run('npm', pack, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 })
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
  await run('tar', ['-xzf', join(folder, filename), '-C', join(modules, 'warren'), '--strip-components=1'])
  const installed = join(ROOT, 'examples/node_modules')
  const names = await readdir(installed).catch(() => {
    throw new Error('the packages of examples/ are not installed: run `npm run setup:tests`, or `npm ci` in examples/')
  })
  await Promise.all(names.map((name) => symlink(join(installed, name), join(modules, name))))
  return { folder, files: files.map(({ path }) => path), remove: () => rm(folder, { recursive: true }) }
}
