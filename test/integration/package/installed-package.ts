import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '../../..')
const run = promisify(execFile)

/** The package as it is delivered, installed in a project that had nothing. */
export interface InstalledPackage {
  /** The project's folder. */
  readonly project: string
  /** Where warren is in it. */
  readonly folder: string
  /** The paths in the package. */
  readonly files: readonly string[]
  /** The packages that are installed, warren included, by name. */
  readonly packages: readonly string[]
  /** The size of all that is installed. */
  readonly bytes: number
  remove(): Promise<void>
}

/** Packs what was built, and installs it with npm in an empty folder outside of this project, whose packages it cannot find. */
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
 * What `npm install` of the tarball would lock, with the versions of this project: so that npm takes them from its cache, and a
 * new version of one of them changes no test. `npm ci` refuses it where it is not all that the tarball needs.
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
