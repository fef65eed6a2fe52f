import { describe, expect, it } from 'vitest'
import { exitCodeOfRuns } from '../../src/cli/exit-code-of-runs.ts'

describe('the exit code of several runs that change nothing', () => {
  it('is the first of 1, 3, 4, 5, 6, 8, 2 and 0 that occurred', () => {
    expect(exitCodeOfRuns([0, 2, 8, 6, 5, 4, 3, 1])).toBe(1)
    expect(exitCodeOfRuns([0, 2, 8, 6, 5, 4])).toBe(4)
    expect(exitCodeOfRuns([0, 6, 2])).toBe(6)
    expect(exitCodeOfRuns([0, 2])).toBe(2)
    expect(exitCodeOfRuns([0, 0])).toBe(0)
  })
})
