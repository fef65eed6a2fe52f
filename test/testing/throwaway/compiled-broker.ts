import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** `src/testing/throwaway` as JavaScript in a separate folder, for programs that a test runs and kills. */
export interface CompiledBroker {
  readonly folder: string
  /** The module that exports `startBroker`. */
  readonly startBroker: string
}

export async function compileBroker(): Promise<CompiledBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-test-compiled-'))
  // Some tests run the programs as other users.
  await chmod(folder, 0o755)
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  const args = ['-p', join(ROOT, 'tsconfig.build.json'), '--noCheck', '--declaration', 'false', '--outDir', folder]
  await promisify(execFile)(process.execPath, [compiler, ...args])
  return { folder, startBroker: join(folder, 'testing/throwaway/start-broker.js') }
}

export async function removeCompiled({ folder }: CompiledBroker): Promise<void> {
  await rm(folder, { recursive: true })
}
