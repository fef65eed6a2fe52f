import { describe, expect, it } from 'vitest'
import type { Policy } from '../../src/model/topology.ts'
import { holdingProblem } from '../../src/plan/holding-problem.ts'
import { holdingQueue } from '../../src/plan/holding-queue.ts'
import { type WinnersOfBoth, WinningPolicies } from '../../src/plan/winning-policies.ts'
import { policy, queue } from '../builders/objects.ts'

const orders = queue('orders', { type: 'classic' })

function winners(policies: Policy[], operatorPolicies: Policy[] = []): WinnersOfBoth {
  return { policies: new WinningPolicies(policies), operatorPolicies: new WinningPolicies(operatorPolicies) }
}

function problemWith(...policies: Policy[]) {
  return holdingProblem(orders, winners(policies))
}

describe('holdingProblem', () => {
  it('finds none where no policy holds for the holding queue', () => {
    expect(problemWith()).toBeUndefined()
    expect(problemWith(policy('exact', { pattern: '^orders$', definition: { 'max-length': 10 } }))).toBeUndefined()
    expect(problemWith(policy('other', { vhost: 'other', definition: { expires: 10 } }))).toBeUndefined()
  })

  it('names the policy and the keys that could lose messages there', () => {
    const short = policy('short', { pattern: '^orders', definition: { 'max-length': 10, expires: 1_000 } })

    expect(problemWith(short)).toEqual({
      problem: 'policy',
      policy: 'policy:%2F/short',
      keys: ['expires', 'max-length'],
      holding: 'orders.moving',
      uncertain: false,
    })
    expect(holdingProblem(orders, winners([], [short]))).toMatchObject({
      policy: 'operator-policy:%2F/short',
    })
  })

  it('takes what a full queue refuses for kept, and a low delivery limit for a danger', () => {
    const definition = { 'max-length': 10, overflow: 'reject-publish' }
    expect(problemWith(policy('full', { definition }))).toBeUndefined()
    expect(problemWith(policy('limit', { definition: { 'delivery-limit': 20 } }))).toMatchObject({
      keys: ['delivery-limit'],
    })
  })

  it('takes a time to live only where the queue itself has none as short', () => {
    const everywhere = policy('ttl', { pattern: '', definition: { 'message-ttl': 1_000 } })
    const holdingOnly = policy('ttl', { pattern: 'moving$', definition: { 'message-ttl': 1_000 } })

    expect(problemWith(everywhere)).toBeUndefined()
    expect(problemWith(holdingOnly)).toMatchObject({ keys: ['message-ttl'] })
    const short = queue('orders', { arguments: { 'x-message-ttl': 500 } })
    expect(holdingProblem(short, winners([holdingOnly]))).toBeUndefined()
  })

  it('looks at the policy that wins, and at all that may', () => {
    const lossy = policy('lossy', { definition: { expires: 1_000 }, priority: 1 })
    const harmless = policy('harmless', { definition: { 'dead-letter-exchange': 'x' }, priority: 2 })
    const classicOnly = policy('classic', { definition: { expires: 1_000, 'queue-mode': 'lazy' }, priority: 3 })

    expect(problemWith(lossy, harmless, classicOnly)).toBeUndefined()
    expect(problemWith(lossy, policy('equal', { definition: {}, priority: 1 }))).toMatchObject({ keys: ['expires'] })
    const unreadable = policy('unreadable', { pattern: '(?i)ORDERS', definition: { expires: 1_000 }, priority: 9 })
    expect(problemWith(unreadable, harmless)).toMatchObject({ policy: 'policy:%2F/unreadable', uncertain: true })
  })

  it('knows what cannot be moved at all', () => {
    const none = winners([])
    expect(holdingProblem(queue('log', { type: 'stream' }), none)).toEqual({ problem: 'stream' })
    expect(holdingProblem(queue('temp', { autoDelete: true }), none)).toEqual({ problem: 'auto-delete' })
  })
})

describe('holdingQueue', () => {
  it('is named after its queue, within 255 bytes and without half a character', () => {
    const long = '🐇'.repeat(63)
    const { name } = holdingQueue(queue(long))

    expect(holdingQueue(orders).name).toBe('orders.moving')
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255)
    expect(Buffer.from(name).toString()).toBe(name)
    expect(name).toMatch(/^(🐇)+\.[0-9a-f]{16}\.moving$/u)
    expect(holdingQueue(queue(`${long}x`)).name).not.toBe(name)
  })
})
