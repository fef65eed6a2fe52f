import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { closeOnSignal } from '../../src/runtime/index.ts'
import type { Closed, CloseOnSignalOptions } from '../../src/runtime/index.ts'

const CLOSED: Closed = { finished: 1, requeued: 0, aborted: 0, unconfirmed: 0 }

/** A runtime that a signal asks to close, and the events in their order. */
function program(options: (happened: string[]) => CloseOnSignalOptions) {
  const happened: string[] = []
  const deadlines: number[] = []
  let resolve: (closed: Closed) => void = () => undefined
  const closed = new Promise<Closed>((done) => (resolve = done))
  const runtime = {
    closed,
    close({ deadline = Number.NaN }: { deadline?: number } = {}) {
      happened.push('runtime')
      deadlines.push(deadline)
      resolve(CLOSED)
      return closed
    },
  }
  const warnings: string[] = []
  const quiet = () => undefined
  const logger = { info: quiet, warn: (_: unknown, sentence: string) => void warnings.push(sentence), error: quiet }
  let isDone: (closed: Closed) => void = () => undefined
  const done = new Promise<Closed>((end) => (isDone = end))
  const stop = closeOnSignal(runtime, { signals: ['SIGUSR2'], logger, onClosed: isDone, ...options(happened) })
  onTestFinished(stop)
  return { runtime, happened, deadlines, warnings, done, signal: () => process.emit('SIGUSR2') }
}

describe('closeOnSignal', () => {
  it('runs the hook before, closes the runtime, and then runs the hook after', async () => {
    const { happened, deadlines, warnings, done, signal } = program((happened) => ({
      deadline: 100_000,
      before: async ({ deadline }) => {
        await pause(20)
        happened.push(`before ${deadline}`)
      },
      after: async ({ finished }) => {
        await pause(20)
        happened.push(`after ${finished}`)
      },
    }))
    signal()
    expect(await done).toBe(CLOSED)
    expect(happened).toEqual(['before 80000', 'runtime', 'after 1'])
    // The runtime no longer has the time that `before` took.
    expect(deadlines[0]).toBeGreaterThan(0)
    expect(deadlines[0]).toBeLessThan(99_990)
    expect(warnings).toEqual([])
  })

  it('closes the runtime even if the hook before does not end, and reports it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const { happened, deadlines, warnings, done, signal } = program(() => ({
      deadline: 500,
      before: () => new Promise(() => undefined),
    }))
    signal()
    await vi.advanceTimersByTimeAsync(400)
    await done
    expect(happened).toEqual(['runtime'])
    expect(deadlines[0]).toBe(100)
    expect(warnings).toEqual(['the hook before of closeOnSignal() has not ended within 400 ms; closing anyway'])
  })

  it('closes the runtime even if a hook throws, and reports it', async () => {
    const { happened, warnings, done, signal } = program(() => ({
      before: () => {
        throw new Error('no server')
      },
      after: () => Promise.reject(new Error('no pool')),
    }))
    signal()
    await done
    expect(happened).toEqual(['runtime'])
    expect(warnings).toEqual([
      'the hook before of closeOnSignal() has failed: no server',
      'the hook after of closeOnSignal() has failed: no pool',
    ])
  })

  it('runs the hook after also when the program has closed the runtime itself, and ignores the signal from then on', async () => {
    const { runtime, happened, done, signal } = program((happened) => ({
      before: () => void happened.push('before'),
      after: () => void happened.push('after'),
    }))
    await runtime.close()
    await done
    expect(signal()).toBe(false)
    expect(happened).toEqual(['runtime', 'after'])
  })

  it('leaves a second signal to Node.js, which ends the process', () => {
    const { signal } = program(() => ({ before: () => new Promise(() => undefined), deadline: 10 }))
    expect(signal()).toBe(true)
    expect(signal()).toBe(false)
  })

  it('names the cause if the process does not end', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { warnings, done, signal } = program(() => ({}))
    signal()
    await done
    await vi.advanceTimersByTimeAsync(2_000)
    expect(warnings).toEqual([
      expect.stringMatching(/^the runtime is closed, but the process keeps running; close in "after"/),
    ])
  })
})
