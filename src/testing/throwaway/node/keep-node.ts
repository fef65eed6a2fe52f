import { withCode } from '../../../diagnostics/error-code.ts'
import { KEEPER_FILE } from '../../keeper-file.ts'
import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { readRegularFile } from '../../../files/read-regular-file.ts'
import { cleanUp } from './clean-up.js'
import type { KeeperOrder } from './keeper.js'

/** The processes and the folder of a private node, which end with this process at the latest. */
export interface KeptNode {
  /** Resolves with the reason when the server ends unexpectedly. */
  readonly ended: Promise<string>
  /** Returns the output of the server so far. */
  output(): Promise<string>
  /** Kills everything and removes the folder. */
  remove(): Promise<void>
  /** Lets a client end this process although the node runs; the node then ends too. */
  stay(): Promise<void>
  /** Lets this process end although the node runs; the node then ends too. */
  unref(): void
}

interface KeeperMessage {
  readonly groups?: number[]
  readonly exited?: string
  readonly staying?: true
  readonly failed?: string
}

/** The two pipes are actually sockets, which can be unreferenced so that they do not keep this process alive. */
type KeeperProcess = ChildProcess & { stdin: Socket; stdout: Socket }

/**
 * Passes a node to a keeper (keeper.js). The keeper starts the node, and removes it when this process ends for any
 * reason.
 */
export function keepNode(order: KeeperOrder): KeptNode {
  // The path is also correct in dist/cli, which contains this file's code after the build.
  const program = fileURLToPath(KEEPER_FILE)
  // The keeper must not inherit the Node.js options of this process, such as NODE_OPTIONS.
  const keeper = spawn(process.execPath, [program], {
    cwd: '/',
    env: {},
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  }) as KeeperProcess
  /** Whether it ended by itself and left nothing behind. */
  const gone = new Promise<boolean>((resolve) => {
    keeper.on('error', () => resolve(true))
    keeper.on('close', (code) => resolve(code === 0))
  })
  // A keeper that has already ended is reported by `gone`.
  keeper.stdin.on('error', () => {})

  const lines = createInterface({ input: keeper.stdout })
  const firstMessage = <T>(pick: (message: KeeperMessage) => T | undefined) =>
    new Promise<T>((resolve) => {
      lines.on('line', (line) => {
        const picked = pick(JSON.parse(line) as KeeperMessage)
        if (picked !== undefined) resolve(picked)
      })
    })
  const ended = Promise.race([
    firstMessage(({ exited, failed }) => exited ?? failed),
    gone.then(() => 'the process that kept it was killed'),
  ])
  const staying = firstMessage((message) => message.staying)
  let groups: number[] = []
  lines.on('line', (line) => (groups = (JSON.parse(line) as KeeperMessage).groups ?? groups))

  keeper.stdin.write(JSON.stringify(order) + '\n')

  return {
    ended,
    output: () => readRegularFile(order.output, 'data').then(String, () => ''),
    async remove() {
      keeper.ref()
      keeper.stdin.end()
      if (!(await gone)) await cleanUp(order.folder, groups)
    },
    async stay() {
      keeper.ref()
      keeper.stdin.write('stay\n')
      const reason = await Promise.race([staying, ended])
      if (reason !== true) throw withCode('BROKER_NOT_STARTED', new Error(`The broker ended: ${reason}`))
      this.unref()
    },
    unref() {
      keeper.unref()
      keeper.stdin.unref()
      keeper.stdout.unref()
    },
  }
}
