import { describe, expect, it } from 'vitest'
import { exceededKeyLimit } from '../../../src/model/broker-tables/binding-key.ts'

describe('exceededKeyLimit', () => {
  it.each([
    ['topic', '#.a.#.b.#', { limits: 'wildcards', limit: 2 }],
    ['topic', '#.#.#', { limits: 'wildcards', limit: 2 }],
    ['topic', '##.a.##.#', undefined],
    ['topic', '#.a.#', undefined],
    ['direct', '#.#.#', undefined],
    ['x-consistent-hash', '10001', { limits: 'weight', limit: 10_000 }],
    ['x-consistent-hash', '10000', undefined],
  ])('checks the limits that 4.3 has for the key of a binding from a %s exchange: %s', (type, key, expected) => {
    expect(exceededKeyLimit(type, key, '4.3.6')).toEqual(expected)
  })

  it.each([
    ['topic', '#.#.#', '4.3.4', '4.3.5'],
    ['x-consistent-hash', '10001', '4.2.5', '4.2.6'],
  ])('has no limit for an exchange of type %s before the release that introduced it', (type, key, before, since) => {
    expect(exceededKeyLimit(type, key, before)).toBeUndefined()
    expect(exceededKeyLimit(type, key, since)).toBeDefined()
  })
})
