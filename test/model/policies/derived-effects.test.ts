import { describe, expect, it } from 'vitest'
import { effectsOnExchange, effectsOnQueue, retriedQueues } from '../../../src/model/policies/derived-effects.ts'
import { PolicyIndex } from '../../../src/model/policies/policy-index.ts'
import { WinningPolicies } from '../../../src/model/policies/winning-policies.ts'
import type { Arguments } from '../../../src/model/arguments.ts'
import { exchange, policy, queue } from '../../builders/objects.ts'

const dead = (type = 'quorum', table: Arguments = type === 'quorum' ? { 'x-delivery-limit': 1_000_000 } : {}) =>
  queue('x.dead', { type, arguments: table, role: { kind: 'dead-letter', of: 'x' } })

const delay = (type = 'quorum') =>
  queue('x.retry.5s', {
    type,
    role: { kind: 'delay', of: 'x' },
    arguments: {
      'x-message-ttl': 5_000,
      'x-dead-letter-exchange': 'x.failed',
      'x-dead-letter-routing-key': 'back',
      ...(type === 'quorum' && { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' }),
    },
  })

function effects(of: ReturnType<typeof queue>, definition: Arguments, operators?: Arguments) {
  return effectsOnQueue(of, {
    policies: new WinningPolicies(Object.keys(definition).length === 0 ? [] : [policy('p', { definition })]),
    operatorPolicies: new WinningPolicies(operators === undefined ? [] : [policy('o', { definition: operators })]),
  })
}

const lossesOf = (...args: Parameters<typeof effects>) =>
  effects(...args).flatMap(({ losses }) => losses.map(({ loss, key }) => `${key}: ${loss}`))

describe('the effects of policies on a dead-letter queue', () => {
  it.each([
    ['a time to live', dead(), { 'message-ttl': 60_000 }, ['message-ttl: dead-letters-expire']],
    ['an expiry of the queue', dead(), { expires: 9 }, ['expires: queue-expires']],
    ['a length', dead(), { 'max-length': 5 }, ['max-length: dead-letters-dropped']],
    [
      'a length of a classic queue',
      dead('classic'),
      { 'max-length-bytes': 5 },
      ['max-length-bytes: dead-letters-dropped'],
    ],
    ['a length that refuses', dead(), { 'max-length': 5, overflow: 'reject-publish' }, []],
    [
      'a length that refuses what a classic queue has dropped by then',
      dead('classic'),
      { 'max-length': 5, overflow: 'reject-publish' },
      ['max-length: dead-letters-refused'],
    ],
    [
      'an overflow that quorum queues take for drop-head',
      dead(),
      { 'max-length': 5, overflow: 'reject-publish-dlx' },
      ['max-length: dead-letters-dropped'],
    ],
    ['a delivery limit', dead(), { 'delivery-limit': 20 }, ['delivery-limit: returns-counted']],
    ['a delivery limit above its own', dead(), { 'delivery-limit': 2_000_000 }, []],
    ['another exchange for what it drops', dead(), { 'dead-letter-exchange': 'other' }, []],
    ['limits that it declares itself', dead('classic', { 'x-message-ttl': 5 }), { 'message-ttl': 9 }, []],
    [
      'a limit below its own',
      dead('classic', { 'x-max-length': 9 }),
      { 'max-length': 5 },
      ['max-length: dead-letters-dropped'],
    ],
    ['a policy that quorum queues do not take at all', dead(), { 'queue-mode': 'lazy', 'message-ttl': 5 }, []],
  ])('weigh %s', (_, of, definition, losses) => {
    expect(lossesOf(of, definition)).toEqual(losses)
  })

  it('name which of two policies brings the smaller limit', () => {
    const both = effects(dead(), { 'max-length': 9, 'message-ttl': 5 }, { 'max-length': 5, 'message-ttl': 9 })

    expect(both.map((each) => [each.address, each.losses])).toEqual([
      ['policy:%2F/p', [{ loss: 'dead-letters-expire', key: 'message-ttl' }]],
      ['operator-policy:%2F/o', [{ loss: 'dead-letters-dropped', key: 'max-length' }]],
    ])
  })

  it('combine the overflow of one policy with the limit of the other', () => {
    expect(lossesOf(dead(), { overflow: 'reject-publish' }, { 'max-length': 5 })).toEqual([])
    expect(lossesOf(dead(), { 'max-length': 5, overflow: 'reject-publish' }, { overflow: 'drop-head' })).toEqual([
      'max-length: dead-letters-dropped',
    ])
  })

  it('are not certain where two policies have the same priority', () => {
    const winners = {
      policies: new WinningPolicies([
        policy('p', { definition: { expires: 5 } }),
        policy('q', { definition: { expires: 9 } }),
      ]),
      operatorPolicies: new WinningPolicies([]),
    }

    expect(effectsOnQueue(dead(), winners).map(({ address, certain }) => [address, certain])).toEqual([
      ['policy:%2F/p', false],
      ['policy:%2F/q', false],
    ])
  })
})

describe('the effects of policies on a delay queue', () => {
  it.each([
    ['a shorter delay', delay(), { 'message-ttl': 1_000 }, ['message-ttl: retries-early']],
    ['a longer one', delay(), { 'message-ttl': 60_000 }, []],
    ['an expiry of the queue', delay('classic'), { expires: 9 }, ['expires: queue-expires']],
    ['another exchange', delay(), { 'dead-letter-exchange': 'other', 'dead-letter-routing-key': 'k' }, []],
    ['a length that drops', delay('classic'), { 'max-length': 5 }, ['max-length: retries-early']],
    ['a length that its own overflow refuses', delay(), { 'max-length': 5 }, []],
    ['an overflow that ends at-least-once', delay(), { overflow: 'drop-head' }, ['overflow: at-most-once']],
    ['a delivery limit', delay(), { 'delivery-limit': 5 }, []],
  ])('weigh %s', (_, of, definition, losses) => {
    expect(lossesOf(of, definition)).toEqual(losses)
  })
})

describe('the effects of policies on other objects', () => {
  it('are a loss for a queue that keeps its dead letters until they are confirmed', () => {
    const keeping = queue('x', {
      type: 'quorum',
      arguments: { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' },
    })

    expect(lossesOf(keeping, { overflow: 'drop-head', 'message-ttl': 5 })).toEqual(['overflow: at-most-once'])
    expect(effects(keeping, { 'message-ttl': 5 })).toEqual([])
    expect(effects(queue('plain'), { expires: 5 })).toEqual([])
  })

  it('are a loss if a queue expires that holds dead letters, or to which waiting messages return', () => {
    const winners = {
      policies: new WinningPolicies([policy('p', { definition: { expires: 9_000, 'message-ttl': 5 } })]),
      operatorPolicies: new WinningPolicies([]),
    }
    const expires = [{ losses: [{ loss: 'queue-expires', key: 'expires' }] }]
    const [retried] = retriedQueues([queue('x'), dead(), delay()])

    expect(retried).toBe('queue:%2F/x')
    expect(effectsOnQueue(queue('x'), winners, true)).toMatchObject(expires)
    expect(effectsOnQueue(queue('x', { arguments: { 'x-expires': 5 } }), winners, true)).toMatchObject([])
    const delayed = queue('x', { type: 'quorum', arguments: { 'x-delayed-retry-type': 'all' } })
    expect(effectsOnQueue(delayed, winners)).toMatchObject(expires)
    expect(effectsOnQueue(queue('x'), winners)).toEqual([])
  })

  it('are only warnings for partitions, because no promised message is lost', () => {
    const partition = queue('s-0', { type: 'stream', role: { kind: 'partition', of: 's' } })

    expect(effects(partition, { 'max-age': '1h' })).toMatchObject([{ settings: [{ effective: '1h' }], losses: [] }])
  })

  it('are reported for an exchange only if it has the keys', () => {
    const policies = new WinningPolicies([policy('p', { definition: { 'alternate-exchange': 'lost', expires: 5 } })])
    const of = (table: Arguments) => effectsOnExchange(exchange('x.failed', { arguments: table }), { policies })

    expect(of({})).toMatchObject([{ settings: [{ key: 'alternate-exchange', effective: 'lost' }], losses: [] }])
    expect(of({ 'alternate-exchange': 'own' })).toEqual([])
  })
})

it('the suggested pattern leaves derived queues out', () => {
  const advised = policy('p', { pattern: '^billing\\.(?!.*\\.(dead|failed|retry\\.\\w+)$)' })
  const index = new PolicyIndex([advised], (each) => each)
  const matches = (name: string) => index.matching({ kind: 'queue', vhost: '/', name }).length > 0

  expect(['billing.x', 'billing.deadline', 'billing.retry'].filter(matches)).toHaveLength(3)
  expect(['billing.x.dead', 'billing.x.retry.5s', 'billing.x.failed'].filter(matches)).toEqual([])
})
