import { describe, expect, it } from 'vitest'
import { expand } from '../../../../src/desired/expand/expand.ts'
import { at, declared, expanded, found, messagesOf } from '../declared.ts'

describe('bindings', () => {
  it('are the same in all sections', () => {
    const { bindings } = expanded({
      exchanges: { a: { bindings: ['b', { exchange: 'amq.topic', routingKey: 'x.#' }] }, b: {} },
      queues: { q: { bindings: ['a', { exchange: 'amq.headers', arguments: { 'x-match': 'any', n: 1 } }] } },
      bindings: [
        { source: 'a', destination: { queue: 'q' }, routingKey: 'apart' },
        { source: 'b', destination: { exchange: 'amq.fanout' } },
      ],
    }).topology

    const common = { vhost: '/', arguments: {} }
    expect(bindings).toEqual([
      {
        ...common,
        source: 'a',
        destinationType: 'queue',
        destination: 'q',
        routingKey: '',
        origin: at('queues.q.bindings.0'),
      },
      {
        ...common,
        source: 'a',
        destinationType: 'queue',
        destination: 'q',
        routingKey: 'apart',
        origin: at('bindings.0'),
      },
      {
        ...common,
        source: 'amq.headers',
        destinationType: 'queue',
        destination: 'q',
        routingKey: '',
        arguments: { 'x-match': 'any', n: 1 },
        origin: at('queues.q.bindings.1'),
      },
      {
        ...common,
        source: 'amq.topic',
        destinationType: 'exchange',
        destination: 'a',
        routingKey: 'x.#',
        origin: at('exchanges.a.bindings.1'),
      },
      {
        ...common,
        source: 'b',
        destinationType: 'exchange',
        destination: 'a',
        routingKey: '',
        origin: at('exchanges.a.bindings.0'),
      },
      {
        ...common,
        source: 'b',
        destinationType: 'exchange',
        destination: 'amq.fanout',
        routingKey: '',
        origin: at('bindings.1'),
      },
    ])
  })

  it('are reported with both positions if they give two weights to one destination of a hash exchange', () => {
    const { findings } = expand(
      declared({
        '/': {
          exchanges: { ring: { type: 'x-consistent-hash' } },
          queues: { q: { bindings: [{ exchange: 'ring', routingKey: '1' }] } },
          bindings: [{ source: 'ring', destination: { queue: 'q' }, routingKey: '3' }],
        },
      }),
      () => ({ schema: true }),
    )

    expect(messagesOf(findings)).toEqual([
      'bindings.0: queue "q" is bound to exchange "ring" with the weights "1" and "3", and RabbitMQ ignores the second (keep one binding; its routing key is the weight of the destination)',
    ])
  })

  it('may refer to objects that retry and deadLetter derive', () => {
    const { bindings } = expanded({
      exchanges: { all: { type: 'fanout' } },
      queues: { email: { type: 'classic', deadLetter: true }, log: { bindings: ['email.failed'] } },
      bindings: [{ source: 'all', destination: { queue: 'email.dead' } }],
    }).topology

    expect(bindings.map(({ source, destination }) => `${source} -> ${destination}`)).toEqual([
      'all -> email.dead',
      'email.failed -> email',
      'email.failed -> email.dead',
      'email.failed -> log',
    ])
  })

  it('are managed, also between external objects', () => {
    const [binding] = expanded({
      exchanges: { theirs: { external: true } },
      queues: { ours: { external: true, bindings: ['theirs'] } },
    }).topology.bindings

    expect(binding).not.toHaveProperty('external')
  })

  it('to missing objects are all reported at once, with suggestions', () => {
    const { findings } = expand(
      declared({
        '/': {
          exchanges: { events: { bindings: ['evnts'] } },
          queues: { orders: { bindings: ['event', { exchange: 'amq.topik' }, { exchange: '' }] } },
          bindings: [
            { source: 'nowhere', destination: { queue: 'order' } },
            { source: 'events', destination: { exchange: 'audit' } },
          ],
        },
      }),
      () => ({ schema: true }),
    )

    expect(messagesOf(findings)).toEqual([
      'exchanges.events.bindings.0: exchange "evnts" is not declared in vhost "/" (did you mean "events"?)',
      'queues.orders.bindings.0: exchange "event" is not declared in vhost "/" (did you mean "events"?)',
      'queues.orders.bindings.1.exchange: exchange "amq.topik" is not declared in vhost "/" (did you mean "amq.topic"?)',
      'queues.orders.bindings.2.exchange: the empty name means the default exchange, which is not allowed here (name an exchange; a publication reaches a queue without one by queue: NAME)',
      'bindings.0.source: exchange "nowhere" is not declared in vhost "/" (declare it under exchanges:, with external: true if another project owns it)',
      'bindings.0.destination.queue: queue "order" is not declared in vhost "/" (did you mean "orders"?)',
      'bindings.1.destination.exchange: exchange "audit" is not declared in vhost "/" (declare it under exchanges:, with external: true if another project owns it)',
    ])
  })

  it('stay within their vhost', () => {
    const { findings } = expand(
      declared({ '/': { exchanges: { events: {} } }, '/shop': { queues: { q: { bindings: ['events'] } } } }),
      () => ({ schema: true }),
    )

    expect(messagesOf(findings)).toEqual([
      '/shop.queues.q.bindings.0: exchange "events" is not declared in vhost "/shop" (declare it under exchanges:, with external: true if another project owns it)',
    ])
  })

  it('are refused if they are equal for the broker', () => {
    expect(
      found({
        exchanges: { e: { type: 'headers' } },
        queues: { q: { bindings: ['e', { exchange: 'e', arguments: { a: 1, b: 2 } }] } },
        bindings: [
          { source: 'e', destination: { queue: 'q' }, routingKey: '' },
          { source: 'e', destination: { queue: 'q' }, arguments: { b: 2, a: 1 } },
          { source: 'e', destination: { queue: 'q' }, arguments: { b: 2, a: '1' } },
        ],
      }),
    ).toEqual([
      'duplicate-binding at bindings.0, also here queues.q.bindings.0',
      'duplicate-binding at bindings.1, also here queues.q.bindings.1',
    ])
  })

  it('are refused if they are already derived', () => {
    expect(
      found({
        queues: { q: { type: 'classic', deadLetter: true } },
        bindings: [{ source: 'q.failed', destination: { queue: 'q' }, routingKey: 'back' }],
      }),
    ).toEqual(['duplicate-binding at bindings.0, also here queues.q.deadLetter'])
  })

  it('are refused if AMQP cannot transmit their key', () => {
    expect(found({ queues: { q: { bindings: [{ exchange: 'amq.direct', routingKey: 'é'.repeat(128) }] } } })).toEqual([
      'routing-key-too-long at queues.q.bindings.0.routingKey',
    ])
  })

  it('are refused with arguments and a ~ before the end of the key, which breaks the lists of every version', () => {
    const table = { pages: 3 }
    const bindings = [
      { exchange: 'amq.headers', routingKey: 'a~b', arguments: table },
      { exchange: 'amq.topic', routingKey: '~a~~b', arguments: table },
      { exchange: 'amq.headers', routingKey: 'a~b~', arguments: table },
      { exchange: 'amq.headers', routingKey: '~', arguments: table },
      { exchange: 'amq.headers', routingKey: 'a~b' },
    ]

    expect(found({ queues: { q: { bindings } }, superStreams: { s: { bindingKeys: ['a~b'] } } })).toEqual([
      'binding-breaks-lists at queues.q.bindings.0',
      'binding-breaks-lists at queues.q.bindings.1',
      'binding-breaks-lists at superStreams.s',
    ])
  })

  it('are refused if a headers exchange cannot match them', () => {
    const bindings = [
      { exchange: 'amq.headers', arguments: { 'x-match': 'some' } },
      { exchange: 'amq.match', arguments: { 'x-match': 5 } },
      { exchange: 'amq.direct', arguments: { 'x-match': 'some' } },
      { exchange: 'amq.headers', arguments: { 'x-match': 'any-with-x' } },
    ]

    expect(found({ queues: { q: { bindings } } })).toEqual([
      'unknown-x-match at queues.q.bindings.0.arguments.x-match',
      'unknown-x-match at queues.q.bindings.1.arguments.x-match',
    ])
  })
})
