import { describe, expect, it } from 'vitest'
import { type RoutedVhost, routedVhosts } from '../../../src/insight/routing/routed-vhost.ts'
import { messageOf, traceMessage, traceQueueByName } from '../../../src/insight/trace/trace.ts'
import type { Routes } from '../../../src/model/routes.ts'
import type { Topology } from '../../../src/model/topology.ts'
import { binding, exchange, permission, policy, queue, topology, user } from '../../builders/objects.ts'

const NO_ROUTES: Routes = { publications: [], subscriptions: [] }

function vhost(objects: Partial<Topology>, routes = NO_ROUTES): RoutedVhost {
  const [only] = routedVhosts(topology(objects), routes, { version: '4.3.6', usersKnown: true })
  if (only === undefined) throw new Error('no vhost')
  return only
}

const TO_EXCHANGE = { destinationType: 'exchange' } as const

describe('traceMessage', () => {
  it('follows bindings between exchanges, and counts bindings that do not match on the whole route', () => {
    const traced = traceMessage(
      vhost({
        exchanges: [exchange('events', { type: 'topic' }), exchange('billing')],
        queues: [queue('invoices'), queue('other')],
        bindings: [
          binding('events', 'billing', { ...TO_EXCHANGE, routingKey: 'billing.#' }),
          binding('events', 'other', { routingKey: 'user.#' }),
          binding('billing', 'invoices', { routingKey: 'billing.paid' }),
          binding('billing', 'other', { routingKey: 'billing.open' }),
        ],
      }),
      'events',
      { routingKey: 'billing.paid' },
    )

    expect(traced.reach.queues).toEqual(['invoices'])
    expect(traced.notMatched).toBe(2)
    expect(traced.exchange.matched).toMatchObject([
      { routingKey: 'billing.#', destination: { kind: 'exchange', matched: [{ destination: { name: 'invoices' } }] } },
    ])
  })

  it('shows an exchange that it has passed once, and ends there', () => {
    const traced = traceMessage(
      vhost({
        exchanges: [exchange('a', { type: 'fanout' }), exchange('b', { type: 'fanout' })],
        bindings: [binding('a', 'b', TO_EXCHANGE), binding('b', 'a', TO_EXCHANGE)],
      }),
      'a',
      { routingKey: '' },
    )

    expect(traced.exchange.matched).toMatchObject([
      { destination: { name: 'b', matched: [{ destination: { name: 'a', repeated: true, matched: [] } }] } },
    ])
  })

  it('shows the alternate exchange, and reports a missing one', () => {
    const withAlternate = (name: string) =>
      traceMessage(
        vhost({
          exchanges: [exchange('a', { arguments: { 'alternate-exchange': name } }), exchange('b', { type: 'fanout' })],
          queues: [queue('q')],
          bindings: [binding('b', 'q')],
        }),
        'a',
        { routingKey: 'k' },
      ).exchange.alternate

    expect(withAlternate('b')).toMatchObject({ missing: false, matched: [{ destination: { name: 'q' } }] })
    expect(withAlternate('c')).toMatchObject({ missing: true, matched: [] })
  })

  it('lists the possible alternate exchanges of policies with equal priority', () => {
    const definition = (name: string) => ({ applyTo: 'exchanges', definition: { 'alternate-exchange': name } })
    const traced = traceMessage(
      vhost({
        exchanges: [exchange('a'), exchange('b'), exchange('c')],
        policies: [policy('one', definition('b')), policy('two', definition('c'))],
      }),
      'a',
      { routingKey: 'k' },
    )

    const { exchanges, because } = traced.exchange.oneOfAlternates ?? { exchanges: [] }
    expect(new Set(exchanges.map((each) => each?.name))).toEqual(new Set(['b', 'c']))
    expect(because?.kind).toBe('equal-policies')
  })

  it('names one of the targets of a hash, and the reason', () => {
    const traced = traceMessage(
      vhost({
        exchanges: [exchange('h', { type: 'x-consistent-hash' })],
        queues: [queue('a'), queue('b')],
        bindings: [binding('h', 'a', { routingKey: '1' }), binding('h', 'b', { routingKey: '1' })],
      }),
      'h',
      { routingKey: 'k' },
    )

    expect(traced.exchange.oneOf?.bindings.map((each) => each.destination.name)).toEqual(['a', 'b'])
    expect(traced.exchange.oneOf?.because.kind).toBe('hash-target')
    expect(traced.notMatched).toBe(0)
  })

  it('reaches a queue by its name through the default exchange, and knows the exchanges of every vhost', () => {
    const given = vhost({ queues: [queue('q')], bindings: [binding('amq.topic', 'q', { routingKey: 'a.#' })] })

    expect(traceMessage(given, '', { routingKey: 'q' }).exchange.matched).toMatchObject([
      { destination: { name: 'q' } },
    ])
    expect(traceMessage(given, 'amq.topic', { routingKey: 'a.b' }).reach.queues).toEqual(['q'])
  })

  it('names the users who may publish it', () => {
    const traced = traceMessage(
      vhost({
        exchanges: [exchange('events')],
        users: [user('api'), user('other'), user('strange')],
        permissions: [
          permission('api', { write: '^events$' }),
          permission('other', { write: '^else$' }),
          permission('strange', { write: '(?(DEFINE)x)' }),
        ],
      }),
      'events',
      { routingKey: '' },
    )

    expect(traced.mayPublish).toMatchObject({ allowed: ['api'], users: 3 })
  })
})

describe('a queue in a trace', () => {
  const DEAD = { exchanges: [exchange('dlx', { type: 'fanout' })], bindings: [binding('dlx', 'dead')] }
  const settings = { 'x-dead-letter-exchange': 'dlx' }

  it('names the policy that lets its messages expire, and their destination', () => {
    const traced = traceQueueByName(
      vhost({
        ...DEAD,
        queues: [queue('q', { arguments: settings }), queue('dead')],
        policies: [policy('ttl', { pattern: '^q$', definition: { 'message-ttl': 3_600_000 } })],
      }),
      'q',
    )

    expect(traced?.queue.expires).toMatchObject({
      after: 3_600_000,
      by: { kind: 'policy', name: 'ttl' },
      fate: { kind: 'dead-lettered', reach: { queues: ['dead'] } },
    })
  })

  it("prefers the message's own time to live if it is shorter", () => {
    const given = vhost({ queues: [queue('q', { arguments: { 'x-message-ttl': 5_000 } })] })
    const expiry = (expiration: number) => {
      const destination = traceMessage(given, '', { routingKey: 'q', expiration }).exchange.matched[0]?.destination
      return destination?.kind === 'queue' ? destination.expires : undefined
    }

    expect(expiry(1_000)).toMatchObject({ after: 1_000, by: { kind: 'message' }, fate: { kind: 'dropped' } })
    expect(expiry(9_000)).toMatchObject({ after: 5_000, by: { kind: 'argument' } })
  })

  it('leaves outcomes out if policies of equal priority decide', () => {
    const traced = traceQueueByName(
      vhost({
        queues: [queue('q')],
        policies: [
          policy('a', { definition: { 'message-ttl': 1_000 } }),
          policy('b', { definition: { 'message-ttl': 2_000 } }),
        ],
      }),
      'q',
    )

    expect(traced?.queue.settings).toHaveLength(2)
    expect(traced?.queue.settingsUnknown?.kind).toBe('equal-policies')
    expect(traced?.queue).not.toHaveProperty('expires')
  })

  it('describes the outcome of the oldest message when the queue is full, unless publishers are refused', () => {
    const full = (overflow: string) =>
      traceQueueByName(
        vhost({
          ...DEAD,
          queues: [
            queue('q', { arguments: { ...settings, 'x-max-length': 1, 'x-overflow': overflow } }),
            queue('dead'),
          ],
        }),
        'q',
      )?.queue.full

    expect(full('drop-head')).toMatchObject({ kind: 'dead-lettered', reach: { queues: ['dead'] } })
    expect(full('reject-publish')).toBeUndefined()
  })

  it('is undefined if there is no such queue', () => {
    expect(traceQueueByName(vhost({}), 'missing')).toBeUndefined()
  })
})

describe('messageOf', () => {
  it('fills in the parameters of a routing key literally', () => {
    const publication = {
      name: 'p',
      vhost: '/',
      exchange: 'x',
      routingKey: 'user.{id}.{what}',
      parameters: ['id', 'what'],
      headers: {},
      persistent: true,
      mandatory: true,
      confirm: true,
    }

    expect(messageOf(publication, { id: '$&', what: 'in' }).routingKey).toBe('user.$&.in')
  })
})
