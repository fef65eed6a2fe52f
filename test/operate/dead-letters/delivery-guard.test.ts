import { describe, expect, it } from 'vitest'
import { looksOf } from '../../../src/operate/dead-letters/delivery-guard.ts'

const rule = (version: string, limit?: number, policy?: number) => ({
  type: 'quorum',
  arguments: limit === undefined ? {} : { 'x-delivery-limit': limit },
  policies: policy === undefined ? [] : [{ 'delivery-limit': policy }],
  version,
})

describe('how often messages can be looked at', () => {
  it.each([
    ['3.10.8', undefined, undefined, Infinity],
    ['3.10.8', 5, undefined, 5],
    ['3.10.8', -1, undefined, 0],
    ['3.10.8', 1_000_000, 7, 7],
    ['4.0.5', undefined, undefined, 20],
    ['4.0.5', -1, undefined, Infinity],
    ['4.2.9', 1_000_000, undefined, 1_000_000],
    ['4.3.6', 5, undefined, Infinity],
    ['4.3.6', undefined, undefined, Infinity],
  ])('on %s with limit %s and policy %s: %s', (version, limit, policy, looks) => {
    expect(looksOf(rule(version, limit, policy))).toBe(looks)
  })

  it('is not limited on a classic queue', () => {
    expect(looksOf({ ...rule('4.0.5', 5), type: 'classic' })).toBe(Infinity)
  })
})
