import { describe, expect, it } from 'vitest'
import { matchesGlob } from '../../src/plan/matches-glob.ts'
import { binding, exchange, queue, topology } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'

const desired = topology({
  exchanges: [exchange('x')],
  queues: [queue('orders'), queue('bills')],
  bindings: [binding('x', 'orders', { routingKey: 'k' })],
})
const addresses = (targets: readonly string[], excludes: readonly string[] = []) =>
  planOf(topology(), desired, {}, { targets, excludes }).changes.map(({ address }) => address)

describe('a partial plan', () => {
  it('has only what its targets match', () => {
    expect(addresses(['queue:*'])).toEqual(['queue:%2F/bills', 'queue:%2F/orders'])
    expect(addresses(['queue:%2F/bills', 'exchange:*/x'])).toEqual(['exchange:%2F/x', 'queue:%2F/bills'])
    expect(addresses(['queue:bills'])).toEqual([])
  })

  it('has nothing of what is excluded', () => {
    expect(addresses([], ['*orders*'])).toEqual(['exchange:%2F/x', 'queue:%2F/bills'])
    expect(addresses(['queue:*'], ['*/bills'])).toEqual(['queue:%2F/orders'])
  })

  it('is blocked where it leaves out what it needs', () => {
    const plan = planOf(topology(), desired, {}, { targets: ['binding:*'] })

    expect(plan.blocks).toEqual([
      { reason: 'target-requires', address: 'binding:%2F/x/queue/orders/k', requires: 'exchange:%2F/x' },
      { reason: 'target-requires', address: 'binding:%2F/x/queue/orders/k', requires: 'queue:%2F/orders' },
    ])
    expect(plan.mode).toMatchObject({ targets: ['binding:*'], excludes: [] })
  })
})

describe('an address without * that nothing has', () => {
  const blocks = (targets: readonly string[], excludes: readonly string[] = [], mode = {}) =>
    planOf(topology(), desired, {}, { targets, excludes, ...mode }).blocks

  it('blocks the plan, which would do something else than is meant', () => {
    expect(blocks(['queue:bills'], ['queue:%2F/order'])).toEqual([
      { reason: 'unmatched-address', address: '--exclude queue:%2F/order' },
      { reason: 'unmatched-address', address: '--target queue:bills' },
    ])
  })

  it('may be a glob, or the target of a prune, which may be gone, but not what a prune is to leave', () => {
    expect(blocks(['user:*', 'queue:%2F/bills'])).toEqual([])
    expect(blocks(['queue:%2F/old'], [], { prune: true })).toEqual([])
    expect(blocks([], ['queue:%2F/old'], { prune: true })).toEqual([
      { reason: 'unmatched-address', address: '--exclude queue:%2F/old' },
    ])
  })
})

describe('a glob', () => {
  it.each([
    ['queue:a/b', 'queue:*', true],
    ['queue:a/b', '*b', true],
    ['queue:a.b', 'queue:a?b', false],
    ['queue:a.b', 'queue:a.b', true],
    ['queue:axb', 'queue:a.b', false],
    ['queue:a', 'Queue:a', false],
    ['queue:[a]', 'queue:[a]', true],
    ['queue:ab', 'queue:a', false],
  ])('%s against %s: %s', (address, glob, matches) => {
    expect(matchesGlob(address, glob)).toBe(matches)
  })
})
