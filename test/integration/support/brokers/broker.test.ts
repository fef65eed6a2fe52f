import { describe, expect, it } from 'vitest'
import { freshUser, freshVhost, testBroker } from './broker.ts'

describe('the broker of the run', () => {
  it('gives each test a separate vhost and separate users', async () => {
    const { api } = await testBroker()
    const vhost = await freshVhost()
    const user = await freshUser({ permissions: { [vhost]: { configure: '', write: '', read: '.*' } } })

    expect(await api.get(['vhosts', vhost])).toMatchObject({ name: vhost })
    expect(await api.get(['permissions', vhost, user.username])).toEqual({
      user: user.username,
      vhost,
      configure: '',
      write: '',
      read: '.*',
    })
  })
})
