import { describe, expect, it } from 'vitest'
import { exitCodeOfExecutedRuns, exitCodeOfRuns, hasChanged } from '../../src/cli/exit-code-of-runs.ts'

describe('the exit code of several runs that change nothing', () => {
  it('is the first of 1, 3, 4, 5, 6, 8, 2 and 0 that occurred', () => {
    expect(exitCodeOfRuns([0, 2, 8, 6, 5, 4, 3, 1])).toBe(1)
    expect(exitCodeOfRuns([0, 2, 8, 6, 5, 4])).toBe(4)
    expect(exitCodeOfRuns([0, 6, 2])).toBe(6)
    expect(exitCodeOfRuns([0, 2])).toBe(2)
    expect(exitCodeOfRuns([0, 0])).toBe(0)
  })
})

describe('the exit code of several runs of an apply', () => {
  const done = { exitCode: 0, hasChanged: true } as const
  const failed = { exitCode: 5, hasChanged: false } as const

  it('is 7 when a run ended with 7, or when one changed something and another did not succeed', () => {
    expect(exitCodeOfExecutedRuns([{ exitCode: 7, hasChanged: false }])).toBe(7)
    expect(exitCodeOfExecutedRuns([done, failed])).toBe(7)
    expect(exitCodeOfExecutedRuns([done, { hasChanged: false }])).toBe(7)
  })

  it('is that of the first in the order of all codes if nothing was changed', () => {
    expect(exitCodeOfExecutedRuns([failed, { exitCode: 4, hasChanged: false }, { hasChanged: false }])).toBe(4)
    expect(exitCodeOfExecutedRuns([done, { exitCode: 0, hasChanged: false }])).toBe(0)
  })

  it('is that of an interrupt in every case', () => {
    expect(exitCodeOfExecutedRuns([done, { exitCode: 130, hasChanged: true }, failed])).toBe(130)
  })
})

describe('an apply has changed something', () => {
  it('if an object was written, or only an owner changed', () => {
    const adopted = { adopted: ['queue:%2F/q'] } as never

    expect(hasChanged({ outcomes: [{ address: 'queue:%2F/q', action: 'create', status: 'done' }] })).toBe(true)
    expect(hasChanged({ outcomes: [], ownership: adopted })).toBe(true)
    expect(hasChanged({ outcomes: [] })).toBe(false)
    expect(hasChanged()).toBe(false)
  })
})
