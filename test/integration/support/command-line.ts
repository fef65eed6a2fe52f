import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { testBroker } from './brokers/broker.ts'
import { until } from './until.ts'

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const MAIN = join(ROOT, 'dist/cli/main.js')

/** The result of a run of the built command line. */
export interface Run {
  /** Null if a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** In addition to PATH, HOME, and WARREN_URL of the test broker. */
  readonly environment?: Readonly<Record<string, string>>
  /** Default: the project's folder. */
  readonly folder?: string
  /** `closed`: the output is not read. Default `read`. */
  readonly stdout?: 'read' | 'closed'
  /** The text on standard input. Default: nothing. */
  readonly input?: string
  /** The number of milliseconds after which it is killed, and the test fails with its output. Default 240,000. */
  readonly limit?: number
}

/** A running process of the built command line. */
export interface Running {
  readonly kill: (signal: NodeJS.Signals) => void
  /** Sends a signal, and waits until the command reports it. */
  readonly tellToStop: (signal: NodeJS.Signals) => Promise<void>
  readonly ended: Promise<Run>
}

/** Runs the built command line against the broker of the run, without the environment of the caller. */
export async function warren(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return (await startWarren(args, options)).ended
}

/** The same without waiting for its end. */
export async function startWarren(
  args: readonly string[],
  { environment = {}, folder = ROOT, stdout = 'read', input, limit = 240_000 }: RunOptions = {},
): Promise<Running> {
  const url = environment['WARREN_URL'] ?? (await managementUrl())
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment, WARREN_URL: url },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.on('error', () => undefined).end(input)
  if (stdout === 'closed') child.stdout.destroy()
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const ended = new Promise<Run>((resolve, reject) => {
    const tooLong = (): void => {
      child.kill('SIGKILL')
      const seconds = Math.round(limit / 1_000)
      reject(new Error(`warren ${args.join(' ')} did not end within ${seconds} s:\n${output.stdout}${output.stderr}`))
    }
    const timer = setTimeout(tooLong, limit)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, ...output })
    })
  })
  // A test that fails before it waits for the end still reports its own error.
  ended.catch(() => undefined)
  return {
    kill: (signal) => void child.kill(signal),
    async tellToStop(signal) {
      child.kill(signal)
      await until(() => output.stderr.includes('Stopping after') || child.exitCode !== null, 'the command to stop')
    },
    ended,
  }
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

/** Writes files into a new folder, which is removed afterwards. Returns the folder. */
export async function files(
  texts: Readonly<Record<string, string>>,
  atEnd: (cleanUp: () => Promise<void>) => void = onTestFinished,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-test-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}
