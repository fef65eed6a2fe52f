import { describe, expect, it } from 'vitest'
import type { Policy, Queue } from '../../../src/model/topology.ts'
import { holdingProblem, type QueueSize } from '../../../src/plan/migration/holding-problem.ts'
import { holdingQueue } from '../../../src/plan/migration/holding-queue.ts'
import { type WinnersOfBoth, WinningPolicies } from '../../../src/model/policies/winning-policies.ts'
import { policy, queue } from '../../builders/objects.ts'

const orders = queue('orders', { type: 'classic' })

function winners(policies: Policy[], operatorPolicies: Policy[] = []): WinnersOfBoth {
  return { policies: new WinningPolicies(policies), operatorPolicies: new WinningPolicies(operatorPolicies) }
}

function problemWith(...policies: Policy[]) {
  return problemOf(orders, winners(policies))
}

/** The same for a queue that an equal one replaces, by default with 10 messages of 100 bytes. */
function problemOf(from: Queue, both: WinnersOfBoth, size: QueueSize = { messages: 10, bytes: 1_000 }, to = from) {
  return holdingProblem({ from, to, size }, both)
}

describe('holdingProblem', () => {
  it('finds no problem if no policy applies to the holding queue', () => {
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
    expect(problemOf(orders, winners([], [short]))).toMatchObject({
      policy: 'operator-policy:%2F/short',
    })
  })

  it('reports a limit only when the messages can reach it', () => {
    const limited = (definition: object) => winners([], [policy('all', { pattern: '', definition: { ...definition } })])

    expect(problemOf(orders, limited({ 'max-length': 11, 'max-length-bytes': 1_001 }))).toBeUndefined()
    for (const definition of [{ 'max-length': 10 }, { 'max-length-bytes': 1_000 }]) {
      expect(problemOf(orders, limited(definition))).toMatchObject({
        problem: 'policy',
        policy: 'operator-policy:%2F/all',
        keys: Object.keys(definition),
      })
    }
    // If their number is unknown, the holding queue refuses messages over the limit.
    expect(problemOf(orders, limited({ 'max-length-bytes': 5 }), { messages: 10 })).toBeUndefined()
  })

  it('requires twice the space if a policy makes the holding queue drop the oldest messages', () => {
    const drops = policy('drops', { pattern: '', definition: { overflow: 'drop-head' } })
    const limited = (limit: number) => policy('all', { pattern: '', definition: { 'max-length': limit } })

    expect(problemOf(orders, winners([drops], [limited(20)]))).toMatchObject({ keys: ['max-length'] })
    expect(problemOf(orders, winners([drops], [limited(21)]))).toBeUndefined()
    expect(problemOf(orders, winners([drops], [limited(21)]), {})).toMatchObject({ keys: ['max-length'] })
    const letters = policy('letters', { pattern: '', definition: { 'max-length': 20, overflow: 'reject-publish-dlx' } })
    expect(problemOf(orders, winners([letters]))).toMatchObject({ keys: ['max-length'] })
  })

  it('reports a low delivery limit', () => {
    expect(problemWith(policy('limit', { definition: { 'delivery-limit': 20 } }))).toMatchObject({
      keys: ['delivery-limit'],
    })
  })

  it('finds a new queue that would drop moved messages, for every kind of limit', () => {
    const size = { messages: 10, bytes: 1_000 }
    const to = (type: string, table: object) => queue('orders', { type, arguments: { ...table } })
    const short = { problem: 'new-queue-too-short', key: 'max-length', size: 10, limit: 9 }
    const none = winners([])

    expect(problemOf(orders, none, size, to('quorum', { 'x-max-length': 9 }))).toEqual(short)
    expect(problemOf(orders, none, size, to('quorum', { 'x-max-length': 10 }))).toBeUndefined()
    expect(problemOf(orders, none, size, to('quorum', { 'x-max-length-bytes': 999 }))).toMatchObject({
      key: 'max-length-bytes',
    })
    const refusing = { 'x-max-length': 9, 'x-overflow': 'reject-publish' }
    expect(problemOf(orders, none, size, to('quorum', refusing))).toBeUndefined()
    const dropping = policy('drops', { pattern: '^orders$', definition: { overflow: 'drop-head' } })
    expect(problemOf(orders, winners([dropping]), size, to('quorum', refusing))).toEqual(short)
    expect(problemOf(orders, winners([dropping]), size, to('classic', refusing))).toBeUndefined()
    const limit = policy('limit', { pattern: '^orders$', definition: { 'max-length': 9 } })
    expect(problemOf(orders, winners([], [limit]), size, to('classic', {}))).toEqual(short)
  })

  it('reports a time to live only if the queue itself has no equally short one', () => {
    const everywhere = policy('ttl', { pattern: '', definition: { 'message-ttl': 1_000 } })
    const holdingOnly = policy('ttl', { pattern: 'moving$', definition: { 'message-ttl': 1_000 } })

    expect(problemWith(everywhere)).toBeUndefined()
    expect(problemWith(holdingOnly)).toMatchObject({ keys: ['message-ttl'] })
    const short = queue('orders', { arguments: { 'x-message-ttl': 500 } })
    expect(problemOf(short, winners([holdingOnly]))).toBeUndefined()
  })

  it('considers the policy that applies, and all that may apply', () => {
    const lossy = policy('lossy', { definition: { expires: 1_000 }, priority: 1 })
    const harmless = policy('harmless', { definition: { 'dead-letter-exchange': 'x' }, priority: 2 })
    const classicOnly = policy('classic', { definition: { expires: 1_000, 'queue-mode': 'lazy' }, priority: 3 })

    expect(problemWith(lossy, harmless, classicOnly)).toBeUndefined()
    expect(problemWith(lossy, policy('equal', { definition: {}, priority: 1 }))).toMatchObject({ keys: ['expires'] })
    const unreadable = policy('unreadable', { pattern: '(?i)ORDERS', definition: { expires: 1_000 }, priority: 9 })
    expect(problemWith(unreadable, harmless)).toMatchObject({ policy: 'policy:%2F/unreadable', uncertain: true })
  })

  it('reports queues that cannot be moved at all', () => {
    const none = winners([])
    expect(problemOf(queue('log', { type: 'stream' }), none)).toEqual({ problem: 'stream' })
    expect(problemOf(queue('temp', { autoDelete: true }), none)).toEqual({ problem: 'auto-delete' })
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
