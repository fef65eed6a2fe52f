import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

/** A server process of a test, with the functions that end it. */
export interface OwnServer {
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>
  /** Shuts it down cleanly. */
  stop(): Promise<void>
}

/** Starts a server and waits until it answers; if it does not, the error contains its output. */
export async function startServer(
  command: string,
  args: readonly string[],
  { answers, stopSignal, ...options }: SpawnOptions & { answers: () => Promise<boolean>; stopSignal: NodeJS.Signals },
): Promise<OwnServer> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part: Buffer) => void (said += part.toString()))
  let failure: Error | undefined
  child.on('error', (error) => (failure = error))
  const end = performance.now() + 180_000
  while (!(await answers())) {
    if (failure) throw failure
    if (child.exitCode !== null || performance.now() > end) {
      child.kill('SIGKILL')
      throw new Error(`${command} did not start:\n${said}`)
    }
    await pause(50)
  }
  return { kill: () => ended(child, 'SIGKILL'), stop: () => ended(child, stopSignal) }
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill(signal)
  await closed
}
