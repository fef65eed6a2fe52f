import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { testBroker } from './broker.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MAIN = join(ROOT, 'dist/cli/main.js')

/** How a run of the built command line ended. */
export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** Beside PATH and HOME, and WARREN_URL of the test broker. */
  readonly environment?: Readonly<Record<string, string>>
  /** Default: the project's folder. */
  readonly folder?: string
}

/** Runs the built command line against the broker of the run; nothing of the caller's environment gets in. */
export async function warren(
  args: readonly string[],
  { environment = {}, folder = ROOT }: RunOptions = {},
): Promise<Run> {
  const url = environment['WARREN_URL'] ?? (await managementUrl())
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment, WARREN_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const code = await new Promise<number | null>((resolve) => void child.once('close', resolve))
  return { code, ...output }
}

/** The management API of the test broker, with a login. */
export async function managementUrl(login?: { readonly username: string; readonly password: string }): Promise<string> {
  const broker = await testBroker()
  const { username, password } = login ?? broker
  const url = new URL(broker.managementUrl)
  url.username = username
  url.password = password
  return url.href
}

/** Writes files into a folder of their own, which is removed afterwards. Returns the folder. */
export async function files(texts: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}
