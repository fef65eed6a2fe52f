import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'

const PROJECT = resolve(import.meta.dirname, '../../..')

/**
 * Compiles a program of `test/integration/runtime` with its imports, for tests that need a separate process to kill.
 * Returns the path of the JavaScript file, which is deleted after the tests of the file.
 */
export async function compiledProgram(name: string): Promise<string> {
  // Below node_modules, so that the program finds the packages.
  const parent = join(PROJECT, 'node_modules', '.warren-test')
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(join(parent, 'program-'))
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const compiler = join(PROJECT, 'node_modules', 'typescript', 'bin', 'tsc')
  const options = {
    ignoreConfig: true,
    outDir: folder,
    rootDir: PROJECT,
    target: 'es2023',
    module: 'nodenext',
    types: 'node',
    noCheck: true,
    rewriteRelativeImportExtensions: true,
  }
  const args = Object.entries(options).flatMap(([option, value]) => [`--${option}`, String(value)])
  await promisify(execFile)(process.execPath, [compiler, ...args, `test/integration/runtime/${name}.ts`], {
    cwd: PROJECT,
  })
  return join(folder, 'test', 'integration', 'runtime', `${name}.js`)
}
