import { afterEach, describe, expect, it, vi } from 'vitest'
import { addressOf } from '../../src/model/address.ts'
import { queue } from '../builders/objects.ts'

afterEach(() => void vi.restoreAllMocks())

describe('addressOf', () => {
  it('encodes the name of the virtual host once for all of its objects', () => {
    const encode = vi.spyOn(TextEncoder.prototype, 'encode')
    const addresses = ['a', 'b', 'c'].map((name) => addressOf('queue', queue(name, { vhost: '/shop/' })))

    expect(addresses).toEqual(['queue:%2Fshop%2F/a', 'queue:%2Fshop%2F/b', 'queue:%2Fshop%2F/c'])
    expect(encode.mock.calls).toEqual([['/'], ['/']])
  })

  it('encodes each name of two virtual hosts in turn', () => {
    const addresses = ['/', 'a b', '/'].map((vhost) => addressOf('queue', queue('q', { vhost })))

    expect(addresses).toEqual(['queue:%2F/q', 'queue:a%20b/q', 'queue:%2F/q'])
  })
})
