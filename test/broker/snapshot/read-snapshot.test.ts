import { describe, expect, it } from 'vitest'
import { readLive } from '../../../src/broker/live/read-live.ts'
import { ManagementClient } from '../../../src/broker/management/client.ts'
import { readSnapshot } from '../../../src/broker/snapshot/read-snapshot.ts'
import { fakeApi } from '../../cli/faults/fake-api.ts'

describe('readSnapshot', () => {
  it('reads only what an earlier read of the same vhosts left out, and finds the same', async () => {
    await using api = await fakeApi()
    const { origin, username: user, password } = new URL(api.url)
    const client = new ManagementClient({ url: origin, user, password, retries: 0 })
    const whole = await readSnapshot(client, { vhosts: ['v'] })
    const known = await readLive(client, {
      vhosts: ['v'],
      kinds: new Set(['exchange', 'queue', 'binding', 'policy', 'operator-policy', 'global-parameter']),
    })
    api.takeRead()

    const rest = await readSnapshot(client, { vhosts: ['v'], known })

    const read = api.takeRead()
    expect(read).toEqual(expect.arrayContaining(['/api/users', '/api/permissions', '/api/parameters']))
    expect(read).not.toContain('/api/bindings/v')
    expect(read).not.toContain('/api/exchanges/v')
    expect(rest).toEqual(whole)
    await client.close()
  })
})
