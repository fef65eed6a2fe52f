import { describe, expect, it } from 'vitest'
import { binding, exchange, queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

const desired = topology({
  exchanges: [exchange('x')],
  queues: [queue('orders'), queue('bills')],
  bindings: [binding('x', 'orders', { routingKey: 'k' })],
})
const addresses = (targets: readonly string[], excludes: readonly string[] = []) =>
  planOf(topology(), desired, {}, { targets, excludes }).changes.map(({ address }) => address)

describe('a partial plan', () => {
  it('contains only objects that its targets match', () => {
    expect(addresses(['queue:*'])).toEqual(['queue:%2F/bills', 'queue:%2F/orders'])
    expect(addresses(['queue:%2F/bills', 'exchange:*/x'])).toEqual(['exchange:%2F/x', 'queue:%2F/bills'])
    expect(addresses(['queue:bills'])).toEqual([])
  })

  it('contains no excluded object', () => {
    expect(addresses([], ['*orders*'])).toEqual(['exchange:%2F/x', 'queue:%2F/bills'])
    expect(addresses(['queue:*'], ['*/bills'])).toEqual(['queue:%2F/orders'])
  })

  it('is blocked when it excludes an object that it needs', () => {
    const plan = planOf(topology(), desired, {}, { targets: ['binding:*'] })

    expect(plan.blocks).toEqual([
      { reason: 'target-requires', address: 'binding:%2F/x/queue/orders/k', requires: 'exchange:%2F/x' },
      { reason: 'target-requires', address: 'binding:%2F/x/queue/orders/k', requires: 'queue:%2F/orders' },
    ])
    expect(plan.mode).toMatchObject({ targets: ['binding:*'], excludes: [] })
  })
})
