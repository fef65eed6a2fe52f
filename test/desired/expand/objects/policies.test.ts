import { describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/model/secrets/secret.ts'
import { expanded, found } from '../declared.ts'

describe('policies', () => {
  it('get their defaults', () => {
    const { topology } = expanded({
      policies: { limits: { pattern: '^orders', definition: { 'max-length': 10 } } },
      operatorPolicies: { cap: { pattern: '', applyTo: 'queues', priority: 5, definition: { expires: 1_000 } } },
    })

    expect(topology.policies).toMatchObject([
      { vhost: '/', name: 'limits', pattern: '^orders', applyTo: 'all', priority: 0, definition: { 'max-length': 10 } },
    ])
    expect(topology.operatorPolicies).toMatchObject([{ name: 'cap', pattern: '', applyTo: 'queues', priority: 5 }])
  })

  it('set the route of dead letters if the arguments of a queue must not change', () => {
    const { topology } = expanded({
      queues: {
        'a.b': { type: 'quorum', deadLetter: { by: 'policy' } },
        plain: { type: 'classic', deadLetter: { by: 'policy' } },
      },
    })

    expect(topology.queues.find(({ name }) => name === 'a.b')?.arguments).toEqual({})
    expect(topology.policies).toMatchObject([
      {
        name: 'a.b.failed',
        pattern: '^a\\.b$',
        applyTo: 'queues',
        priority: 100,
        definition: {
          'dead-letter-exchange': 'a.b.failed',
          'dead-letter-routing-key': 'dead',
          'dead-letter-strategy': 'at-least-once',
          overflow: 'reject-publish',
        },
      },
      {
        name: 'plain.failed',
        definition: { 'dead-letter-exchange': 'plain.failed', 'dead-letter-routing-key': 'dead' },
      },
    ])
    expect(topology.queues.map(({ name }) => name)).toEqual(['a.b', 'a.b.dead', 'plain', 'plain.dead'])
  })
})

describe('parameters', () => {
  it('are made from raw ones, shovels, upstreams and sets; the login of a URI is a secret', () => {
    const { topology } = expanded({
      parameters: { sharding: { one: { on: true } } },
      shovels: {
        move: { 'src-uri': 'amqp://me:hunter2@far/x', 'src-queue': 'a', 'dest-uri': ['amqp://', 'amqps://u:p@b'] },
      },
      federationUpstreams: { far: { uri: 'amqp://far' } },
      federationUpstreamSets: { all: [{ upstream: 'far' }] },
      globalParameters: { mine: 5 },
    })

    expect(topology.parameters.map(({ component, name }) => `${component}/${name}`)).toEqual([
      'federation-upstream/far',
      'federation-upstream-set/all',
      'sharding/one',
      'shovel/move',
    ])
    const shovel = topology.parameters.at(-1)?.value as Record<string, unknown>
    expect(shovel['src-uri']).toBeInstanceOf(Secret)
    expect(JSON.stringify(topology)).not.toMatch(/hunter2|u:p/)
    expect(JSON.stringify(shovel)).toBe(
      '{"src-uri":"amqp://(secret)@far/x","src-queue":"a","dest-uri":["amqp://","amqps://(secret)@b"]}',
    )
    expect(topology.globalParameters).toMatchObject([{ name: 'mine', value: 5 }])
  })

  it('are declared once', () => {
    const move = { 'src-uri': 'amqp://', 'src-queue': 'q', 'dest-uri': 'amqp://' }

    expect(found({ parameters: { shovel: { move } }, shovels: { move } })).toEqual([
      'parameter-twice at shovels.move, declared first parameters.shovel.move',
    ])
  })

  it('are refused if the broker manages them through other endpoints', () => {
    expect(
      found({
        parameters: {
          operator_policy: { p: {} },
          policy: { p: {} },
          'user-limits': { u: {} },
          'vhost-limits': { limits: {} },
        },
      }),
    ).toEqual([
      'parameter-kept-elsewhere at parameters.operator_policy',
      'parameter-kept-elsewhere at parameters.policy',
      'parameter-kept-elsewhere at parameters.user-limits',
      'parameter-kept-elsewhere at parameters.vhost-limits',
    ])
  })
})

describe('a super stream', () => {
  it('is an exchange, a stream for each partition, and their bindings', () => {
    const { topology } = expanded({ superStreams: { clicks: { partitions: 2 } } })

    expect(topology.exchanges).toMatchObject([
      { name: 'clicks', type: 'direct', durable: true, arguments: { 'x-super-stream': true } },
    ])
    expect(topology.queues).toMatchObject([
      { name: 'clicks-0', type: 'stream' },
      { name: 'clicks-1', type: 'stream' },
    ])
    expect(topology.bindings).toMatchObject([
      { source: 'clicks', destination: 'clicks-0', routingKey: '0', arguments: { 'x-stream-partition-order': 0 } },
      { source: 'clicks', destination: 'clicks-1', routingKey: '1', arguments: { 'x-stream-partition-order': 1 } },
    ])
  })

  it('has a stream for each of its binding keys, in order', () => {
    const { topology } = expanded({ superStreams: { orders: { bindingKeys: ['eu', 'us.east'] } } })

    expect(topology.queues.map(({ name }) => name)).toEqual(['orders-eu', 'orders-us.east'])
    expect(topology.bindings).toMatchObject([
      { source: 'orders', destination: 'orders-eu', routingKey: 'eu', arguments: { 'x-stream-partition-order': 0 } },
      { destination: 'orders-us.east', routingKey: 'us.east', arguments: { 'x-stream-partition-order': 1 } },
    ])
  })

  it('has either a number of partitions or different binding keys', () => {
    expect(
      found({
        superStreams: {
          neither: {},
          both: { partitions: 2, bindingKeys: ['a'] },
          twice: { bindingKeys: ['a', 'b', 'a'] },
        },
      }),
    ).toEqual([
      'super-stream-partitions at superStreams.neither',
      'super-stream-partitions at superStreams.both',
      'binding-key-twice at superStreams.twice.bindingKeys.2',
    ])
  })

  it('refuses a name that is already declared', () => {
    expect(
      found({ queues: { 'clicks-0': {} }, exchanges: { clicks: {} }, superStreams: { clicks: { partitions: 1 } } }),
    ).toEqual([
      'derived-name-taken at superStreams.clicks, declared queues.clicks-0',
      'derived-name-taken at superStreams.clicks, declared exchanges.clicks',
    ])
  })

  it('can be bound like any exchange', () => {
    expect(
      found({
        queues: { all: { bindings: [{ exchange: 'clicks', routingKey: '0' }] } },
        superStreams: { clicks: { partitions: 1 } },
      }),
    ).toEqual([])
  })
})
