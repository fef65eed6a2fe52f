import { describe, expect, it } from 'vitest'
import { watchDrift } from '../../../src/operations/operate/watch-drift.ts'

describe('watchDrift', () => {
  it('refuses a mistyped time, which as the name of a file would never pause', async () => {
    const options = { environments: [], signal: AbortSignal.abort() }

    await expect(watchDrift({ ...options, pause: '2026-01-31T25:00Z' })).rejects.toMatchObject({
      code: 'INVALID_USAGE',
    })
    await expect(watchDrift({ ...options, pause: '2026-01-31T12:00Z' })).resolves.toBeUndefined()
    await expect(watchDrift({ ...options, pause: '/run/warren/pause' })).resolves.toBeUndefined()
  })
})
