import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'

describe('the wait for counts of the broker', () => {
  it('is longer than the five seconds between two counts, except in tests', async () => {
    // Another file may have shortened it in this process.
    vi.resetModules()
    const { countingDelay } = await import('../../src/apply/counting-delay.ts')

    expect(countingDelay()).toBe(6_000)
  })

  it('is not shortened anywhere in the sources', () => {
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const { stdout } = spawnSync('grep', ['-rl', 'setCountingDelay', 'src'], { cwd: root, encoding: 'utf8' })

    expect(stdout.split('\n').filter(Boolean)).toEqual(['src/apply/counting-delay.ts'])
  })
})
