/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format. */
import { describe, expect, it } from 'vitest'
import type { QueueSection, RetrySection } from '../../../../src/desired/declaration/document.ts'
import { expanded, found } from '../declared.ts'

function native(retry: RetrySection, section: QueueSection = {}) {
  const queue: QueueSection = { type: 'quorum', retry: { mode: 'native', ...retry }, deadLetter: true, ...section }
  return { queues: { q: queue }, subscriptions: { s: { queue: 'q' } } }
}

function ruleOf(retry: RetrySection): unknown[] {
  const rule = expanded(native(retry)).routes.subscriptions[0]?.failure
  return rule?.kind === 'native' ? [rule.min, rule.max, rule.attempts, rule.deliveryLimit] : []
}

describe('retry with mode: native', () => {
  it('lets the queue itself delay messages, with a limit above the last retry (pitfall 29)', () => {
    const { topology, routes } = expanded(native({ delay: '30s', attempts: 3 }))

    expect(topology.queues.find(({ name }) => name === 'q')?.arguments).toEqual({
      'x-delayed-retry-type': 'failed',
      'x-delayed-retry-min': 30_000,
      'x-delayed-retry-max': 30_000,
      'x-delivery-limit': 5,
      'x-dead-letter-exchange': 'q.failed',
      'x-dead-letter-routing-key': 'dead',
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    })
    expect(topology.queues.map(({ name }) => name)).toEqual(['q', 'q.dead'])
    expect(topology.bindings.map(({ source, routingKey, destination }) => [source, routingKey, destination])).toEqual([
      ['q.failed', 'back', 'q'],
      ['q.failed', 'dead', 'q.dead'],
    ])
    expect(routes.subscriptions[0]?.failure).toEqual({
      kind: 'native',
      exchange: 'q.failed',
      min: 30_000,
      max: 30_000,
      attempts: 3,
      last: { exchange: 'q.failed', routingKey: 'dead' },
      deliveryLimit: 5,
    })
  })

  it('accepts every form that grows by the same step', () => {
    expect(ruleOf({ delays: ['5s', '10s', '15s', '15s'] })).toEqual([5_000, 15_000, 4, 6])
    expect(ruleOf({ initial: '1s', attempts: 3 })).toEqual([1_000, 3_000, 3, 5])
    expect(ruleOf({ initial: '1s', max: '2s', attempts: 5 })).toEqual([1_000, 2_000, 5, 7])
    expect(ruleOf({ initial: '1s', factor: 1, attempts: 5 })).toEqual([1_000, 1_000, 5, 7])
  })

  it('sets no limit that would drop messages without a dead-letter queue', () => {
    const { topology } = expanded({
      queues: { q: { type: 'quorum', retry: { mode: 'native', delays: ['1s'], then: 'discard' } } },
    })
    expect(topology.queues[0]?.arguments['x-delivery-limit']).toBe(1_000_000)
  })

  it.each<[string, RetrySection, QueueSection, string]>([
    ['delays that double', { delays: ['1s', '2s', '4s'] }, {}, 'native-not-linear at queues.q.retry.delays.2'],
    [
      'a growth by a factor',
      { initial: '1s', factor: 4, attempts: 3 },
      {},
      'native-not-linear at queues.q.retry.initial',
    ],
    ['no wait at all', { delays: ['0s'] }, {}, 'native-not-linear at queues.q.retry.delays.0'],
    ['a classic queue', { delays: ['1s'] }, { type: 'classic' }, 'native-needs-quorum at queues.q.retry.mode'],
    ['a named queue', { delays: [{ delay: '1s', queue: 'w' }] }, {}, 'native-has-no-queues at queues.q.retry.delays.0'],
    [
      'a limit that comes first',
      { delay: '1s', attempts: 9 },
      { deliveryLimit: 8 },
      'native-limit-too-low at queues.q.deliveryLimit',
    ],
  ])('refuses %s', (_what, retry, section, finding) => {
    expect(found(native(retry, section))).toEqual([finding])
  })
})
