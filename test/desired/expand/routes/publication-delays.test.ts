import { describe, expect, it } from 'vitest'
import { at, expanded, found, type Sections } from '../declared.ts'

const SHOP: Sections = {
  exchanges: { orders: { type: 'topic' } },
  queues: { reminders: { bindings: [{ exchange: 'orders', routingKey: 'order.#' }] } },
}

const unpaid = { exchange: 'orders', routingKey: 'order.{id}.unpaid' }

describe('delays of publications', () => {
  it('become a topic exchange and a quorum queue for each delay, which returns messages with their own keys', () => {
    const { routes, topology } = expanded({ ...SHOP, publications: { unpaid: { ...unpaid, delays: ['1h', '600s'] } } })

    expect(routes.publications).toMatchObject([
      {
        delays: [
          { delay: 600_000, exchange: 'orders.delay.10m', queue: 'orders.delay.10m' },
          { delay: 3_600_000, exchange: 'orders.delay.1h', queue: 'orders.delay.1h' },
        ],
      },
    ])
    expect(topology.exchanges.find(({ name }) => name === 'orders.delay.10m')).toEqual({
      vhost: '/',
      name: 'orders.delay.10m',
      type: 'topic',
      durable: true,
      autoDelete: false,
      internal: false,
      arguments: {},
      origin: at('publications.unpaid.delays.1'),
    })
    expect(topology.queues.find(({ name }) => name === 'orders.delay.10m')).toEqual({
      vhost: '/',
      name: 'orders.delay.10m',
      type: 'quorum',
      durable: true,
      autoDelete: false,
      arguments: {
        'x-message-ttl': 600_000,
        'x-dead-letter-exchange': 'orders',
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      },
      role: { kind: 'publication-delay', of: 'orders' },
      origin: at('publications.unpaid.delays.1'),
    })
    expect(topology.bindings).toContainEqual({
      vhost: '/',
      source: 'orders.delay.10m',
      destinationType: 'queue',
      destination: 'orders.delay.10m',
      routingKey: '#',
      arguments: {},
      origin: at('publications.unpaid.delays.1'),
    })
  })

  it('share the objects of an exchange, and have a name of at most 255 bytes', () => {
    const long = `${'é'.repeat(127)}x`
    const { topology } = expanded({
      ...SHOP,
      exchanges: { ...SHOP.exchanges, [long]: {} },
      publications: {
        unpaid: { ...unpaid, delays: ['10m'] },
        open: { exchange: 'orders', routingKey: 'order.open', delays: ['600s', '1m'] },
        long: { exchange: long, routingKey: 'x', delays: ['1m'] },
      },
    })

    const [tenMinutes, oneMinute, reminders, ofLong = ''] = topology.queues.map(({ name }) => name)
    expect([tenMinutes, oneMinute, reminders]).toEqual(['orders.delay.10m', 'orders.delay.1m', 'reminders'])
    expect(ofLong).toMatch(/^é+\.[0-9a-f]{16}\.delay\.1m$/)
    expect(Buffer.byteLength(ofLong)).toBeLessThanOrEqual(255)
    expect(topology.queues).toHaveLength(4)
  })

  it('give a publisher the right to write with its keys, and nothing more', () => {
    const { topology } = expanded({
      ...SHOP,
      publications: { unpaid: { ...unpaid, delays: ['10m'] } },
      users: { shop: { can: { publish: ['unpaid'] } } },
    })

    expect(topology.permissions).toMatchObject([
      { user: 'shop', configure: '', write: '^(orders|orders\\.delay\\.10m)$', read: '' },
    ])
    expect(topology.topicPermissions.map(({ exchange, write }) => [exchange, write])).toEqual([
      ['orders', '^order\\.[^.]+\\.unpaid$'],
      ['orders.delay.10m', '^order\\.[^.]+\\.unpaid$'],
    ])
  })

  it('need an exchange, no expiration, distinct times and free names', () => {
    const taken = { exchanges: { ...SHOP.exchanges, 'orders.delay.1m': {} } }
    const publications = {
      direct: { queue: 'reminders', delays: ['10m'] },
      expiring: { ...unpaid, delays: ['10m'], expiration: '5m' },
      twice: { ...unpaid, delays: ['1h', '60m'] },
      zero: { ...unpaid, delays: ['0s'] },
      taken: { ...unpaid, delays: ['1m'] },
    }

    expect(found({ ...SHOP, ...taken, publications })).toEqual([
      'delays-need-exchange at publications.direct.delays',
      'delays-with-expiration at publications.expiring.expiration',
      'delay-listed-twice at publications.twice.delays.1, listed first publications.twice.delays.0',
      'out-of-range at publications.zero.delays.0',
      'delay-name-taken at publications.taken.delays.0, declared exchanges.orders.delay.1m',
    ])
  })
})
