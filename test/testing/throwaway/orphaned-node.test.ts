import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Broker } from '../../../src/testing/throwaway/broker.ts'
import { type CompiledBroker, compileBroker, removeCompiled } from './compiled-broker.ts'
import { processesWith } from './running-processes.ts'

const NOBODY = 65_534
const NOTHING = { processes: [], files: [] }

let compiled: CompiledBroker
beforeAll(async () => {
  compiled = await compileBroker()
})
afterAll(() => removeCompiled(compiled))

// The test finds processes in /proc.
describe.runIf(process.platform === 'linux')('a private node whose starter ends', () => {
  it.each(['SIGKILL', 'SIGINT', 'SIGHUP'] as const)(
    'by %s to its process group leaves no process and no file',
    async (signal) => {
      const starter = await run('await ready; setInterval(() => {}, 60_000)')
      await starter.broker()
      expect(starter.commands()).toEqual(
        expect.arrayContaining([expect.stringContaining('beam.smp'), expect.stringContaining('epmd')]),
      )

      process.kill(-Number(starter.child.pid), signal)

      expect(await starter.remains()).toEqual(NOTHING)
    },
  )

  it('leaves no process and no file after SIGKILL while the node is starting', async () => {
    const starter = await run('await ready')
    await vi.waitFor(() => expect(starter.commands().join('\n')).toContain('beam.smp'), {
      timeout: 120_000,
      interval: 5,
    })

    starter.child.kill('SIGKILL')

    expect(await starter.remains()).toEqual(NOTHING)
  })

  it('leaves no process and no file after SIGKILL right after the request for the node', async () => {
    const starter = await run('await ready')
    await vi.waitFor(() => expect(starter.commands().join('\n')).toContain('keeper.js'), {
      timeout: 120_000,
      interval: 1,
    })

    starter.child.kill('SIGKILL')

    expect(await starter.remains()).toEqual(NOTHING)
  })

  it('leaves no process and no file after an exception', async () => {
    const starter = await run('await ready; throw new Error("on purpose")')

    const [code] = await once(starter.child, 'exit')

    expect(code).toBe(1)
    expect(await starter.remains()).toEqual(NOTHING)
  })

  it('does not keep the starter alive, and ends too', async () => {
    const starter = await run('await ready')

    const [code] = await once(starter.child, 'exit')

    expect(code).toBe(0)
    expect(await starter.remains()).toEqual(NOTHING)
  })

  it('is cleaned up by the starter if its keeper was killed before', async () => {
    const starter = await run(
      'const broker = await ready; process.stdin.once("data", async () => { await broker.stop(); process.exit(0) })',
    )
    await starter.broker()
    for (const { pid } of starter.processes().filter(({ command }) => command.includes('keeper.js')))
      process.kill(pid, 'SIGKILL')

    starter.child.stdin?.write('stop\n')

    await once(starter.child, 'exit')
    expect(await starter.remains()).toEqual(NOTHING)
  })
})

describe.runIf(process.platform === 'linux')('a private node', () => {
  it('shows its password in no command line and no environment', async () => {
    const starter = await run('await ready; setInterval(() => {}, 60_000)')

    const { password } = await starter.broker()

    expect(password.length).toBeGreaterThan(20)
    expect(processesWith(password)).toEqual([])
  })

  it.runIf(canRunNodeAs(NOBODY))('runs as a normal user too', async () => {
    const starter = await run('const broker = await ready; await broker.stop()', NOBODY)

    expect((await starter.broker()).origin).toBe('node')

    const [code] = await once(starter.child, 'exit')
    expect(code).toBe(0)
    expect(await starter.remains()).toEqual(NOTHING)
  })
})

/** Only root can do this, and only if Node.js is outside root's own folders. */
function canRunNodeAs(uid: number): boolean {
  return process.getuid?.() === 0 && spawnSync(process.execPath, ['--version'], { uid, cwd: '/' }).status === 0
}

/** Runs a program that starts a broker as `ready` and prints it. Its temporary files are in a separate folder. */
async function run(program: string, uid?: number) {
  const temporary = await mkdtemp(join(tmpdir(), 'warren-test-'))
  if (uid !== undefined) await chown(temporary, uid, uid)
  const source = `
    import { startBroker } from ${JSON.stringify(compiled.startBroker)}
    const ready = startBroker({ origins: ['node'] })
    ready.then((broker) => console.log(JSON.stringify(broker)))
    ${program}`
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', source], {
    cwd: '/',
    env: { PATH: process.env['PATH'], TMPDIR: temporary },
    stdio: ['pipe', 'pipe', 'ignore'],
    // A separate process group, like that of a program that a shell starts.
    detached: true,
    ...(uid !== undefined && { uid, gid: uid }),
  })
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const printed = new Promise<Broker>((resolve) => lines.once('line', (line) => resolve(JSON.parse(line) as Broker)))
  // The path of its program identifies the keeper, and the folder identifies all other processes.
  const processes = () =>
    [...processesWith(temporary), ...processesWith(`${compiled.folder}/testing/throwaway/node/keeper.js`)].filter(
      ({ pid }) => pid !== child.pid,
    )

  onTestFinished(async () => {
    child.kill('SIGKILL')
    await vi.waitUntil(() => processes().length === 0, { timeout: 120_000 })
    await rm(temporary, { recursive: true })
  })
  return {
    child,
    broker: () => printed,
    processes,
    commands: () => processes().map(({ command }) => command),
    /** Waits until the other processes have ended, and returns the remaining ones. */
    async remains() {
      const look = async () => ({ processes: processes(), files: await readdir(temporary) })
      const isEmpty = async () => isDeepStrictEqual(await look(), NOTHING)
      await vi.waitUntil(isEmpty, { timeout: 120_000 }).catch(() => {})
      return look()
    },
  }
}
