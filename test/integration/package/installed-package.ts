import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '../../..')
const run = promisify(execFile)

/** The packed package, installed in an empty project. */
export interface InstalledPackage {
  /** The project's folder. */
  readonly project: string
  /** The folder of warren in it. */
  readonly folder: string
  /** The paths in the package. */
  readonly files: readonly string[]
  /** The installed packages by name, including warren. */
  readonly packages: readonly string[]
  /** The size of all that is installed. */
  readonly bytes: number
  remove(): Promise<void>
}

/**
 * Packs the build, and installs it with npm in an empty folder outside this project, so that it cannot find the
 * packages of this project.
 */
export async function installedPackage(): Promise<InstalledPackage> {
  const project = await mkdtemp(join(tmpdir(), 'warren-installed-'))
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', project]
  const { stdout } = await run('npm', pack, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 })
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
  const lock = await lockOf(filename)
  await writeFile(join(project, 'package.json'), JSON.stringify(lock.packages['']))
  await writeFile(join(project, 'package-lock.json'), JSON.stringify(lock))
  await run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: project })
  const modules = join(project, 'node_modules')
  return {
    project,
    folder: join(modules, 'warren'),
    files: files.map(({ path }) => path),
    packages: Object.keys(lock.packages).filter((path) => path !== ''),
    bytes: await sizeOf(modules),
    remove: () => rm(project, { recursive: true }),
  }
}

/**
 * The lock file that `npm install` of the tarball would write, with the versions of this project. So npm finds them
 * in its cache, and a new version of a package changes no test. `npm ci` refuses it if a dependency of the tarball is
 * missing.
 */
async function lockOf(tarball: string): Promise<{ packages: Record<string, object> }> {
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: true; devOptional?: true; optional?: true; peer?: true }>
  }
  const { devDependencies: _, ...warren } = packages[''] as Record<string, unknown>
  const needed = Object.entries(packages).filter(
    ([path, { dev, devOptional, optional, peer }]) => path !== '' && !(dev ?? devOptional ?? optional ?? peer),
  )
  const project = { name: 'project', dependencies: { warren: `file:${tarball}` } }
  const installed = { 'node_modules/warren': { ...warren, resolved: `file:${tarball}` }, ...Object.fromEntries(needed) }
  return { lockfileVersion: 3, ...project, packages: { '': project, ...installed } } as {
    packages: Record<string, object>
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
