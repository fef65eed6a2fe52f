import { describe, expect, it } from 'vitest'
import { at, expanded, found } from '../declared.ts'

describe('an exchange', () => {
  it('without a value is direct and durable', () => {
    expect(expanded({ exchanges: { tasks: {} } }).topology.exchanges).toEqual([
      {
        vhost: '/',
        name: 'tasks',
        type: 'direct',
        durable: true,
        autoDelete: false,
        internal: false,
        arguments: {},
        origin: at('exchanges.tasks'),
      },
    ])
  })

  it('keeps all declared properties', () => {
    const written = {
      type: 'x-delayed-message',
      durable: false,
      autoDelete: true,
      internal: true,
      arguments: { 'x-delayed-type': 'direct' },
      alternateExchange: 'amq.fanout',
      external: true,
    }

    expect(expanded({ exchanges: { tasks: written } }).topology.exchanges).toEqual([
      {
        vhost: '/',
        name: 'tasks',
        type: 'x-delayed-message',
        durable: false,
        autoDelete: true,
        internal: true,
        arguments: { 'x-delayed-type': 'direct', 'alternate-exchange': 'amq.fanout' },
        origin: at('exchanges.tasks'),
        external: true,
      },
    ])
  })

  it('may have any name', () => {
    const names = ['__proto__', 'a/b %~@#', 'größe "x"', 'constructor']
    const exchanges = Object.fromEntries(names.map((name) => [name, {}]))

    expect(expanded({ exchanges }).topology.exchanges.map(({ name }) => name)).toEqual(names.toSorted())
  })

  it('needs an alternate exchange that exists', () => {
    expect(
      found({
        exchanges: { events: { alternateExchange: 'unruoted' }, unrouted: {}, other: { alternateExchange: '' } },
      }),
    ).toEqual([
      'unknown-exchange at exchanges.events.alternateExchange',
      'default-exchange at exchanges.other.alternateExchange',
    ])
  })

  it('may set its alternate exchange only once', () => {
    const exchanges = { e: { alternateExchange: 'amq.fanout', arguments: { 'alternate-exchange': 'amq.fanout' } } }

    expect(found({ exchanges })).toEqual([
      'argument-twice at exchanges.e.arguments.alternate-exchange, alternateExchange exchanges.e.alternateExchange',
    ])
  })

  it.each(['topik', 'fan-out', 'Direct', 'header'])(
    'warns about the exchange type %s, which is probably misspelled',
    (type) => {
      expect(found({ exchanges: { e: { type } } })).toEqual(['exchange-type-misspelt at exchanges.e.type'])
    },
  )

  it.each(['x-topic', 'x-consistent-hash', 'rtopic-of-mine', 'jms'])(
    'may have the type of a plugin, such as %s',
    (type) => {
      expect(found({ exchanges: { e: { type } } })).toEqual([])
    },
  )
})
