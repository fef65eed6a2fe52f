import { describe, expect, it } from 'vitest'
import { finding } from '../../../../src/diagnostics/findings/finding.ts'
import { parametersOf, parseRoutingKey } from '../../../../src/desired/expand/routes/routing-key.ts'
import { at, expanded, found } from '../declared.ts'

const exchanges = { events: { type: 'topic' } }
const queues = { q: { bindings: [{ exchange: 'events', routingKey: '#' }] } }

describe('a publication', () => {
  it('is persistent, mandatory and confirmed unless it says otherwise (pitfall 9)', () => {
    expect(expanded({ exchanges, publications: { p: { exchange: 'events' } } }).routes.publications).toEqual([
      {
        name: 'p',
        vhost: '/',
        exchange: 'events',
        routingKey: '',
        parameters: [],
        headers: {},
        persistent: true,
        mandatory: true,
        confirm: true,
        origin: at('publications.p'),
      },
    ])
  })

  it('sends the version of its messages in a header, and accepts none', () => {
    const message = { version: 2, accepts: [1, 2] }
    const p = { exchange: 'events', headers: { source: 'shop' }, message }

    expect(expanded({ exchanges, publications: { p } }).routes.publications).toMatchObject([
      { headers: { source: 'shop', 'message-version': 2 }, message: { version: 2 } },
    ])
    expect(found({ exchanges, queues, publications: { p: { ...p, headers: { 'message-version': 1 } } } })).toEqual([
      'version-header-declared at publications.p.headers.message-version',
    ])
  })

  it('keeps all declared properties', () => {
    const p = {
      exchange: 'events',
      routingKey: 'user.{userId}.{event}.{userId}',
      headers: { source: 'shop', version: 2 },
      persistent: false,
      mandatory: false,
      confirm: false,
      expiration: '1m',
      priority: 9,
      message: {
        schema: 'p.json',
        contentType: 'application/cloudevents+json',
        encoding: 'gzip' as const,
        maxBytes: '64KiB',
      },
    }

    expect(
      expanded({ exchanges, publications: { p } }, () => ({ schema: { type: 'object' } })).routes.publications,
    ).toEqual([
      {
        name: 'p',
        vhost: '/',
        exchange: 'events',
        routingKey: 'user.{userId}.{event}.{userId}',
        parameters: ['userId', 'event'],
        headers: { source: 'shop', version: 2 },
        persistent: false,
        mandatory: false,
        confirm: false,
        expiration: 60_000,
        priority: 9,
        message: {
          schema: { type: 'object' },
          contentType: 'application/cloudevents+json',
          encoding: 'gzip',
          maxBytes: 65_536,
        },
        origin: at('publications.p'),
      },
    ])
  })

  it('publishes to a queue of any name through the default exchange', () => {
    const publications = { p: { queue: 'a {queue}' } }

    expect(expanded({ queues: { 'a {queue}': {} }, publications }).routes.publications[0]).toMatchObject({
      exchange: '',
      routingKey: 'a {queue}',
      parameters: [],
    })
  })

  it('may publish to derived objects', () => {
    const queues = { q: { type: 'classic', deadLetter: true } } as const
    const publications = { replay: { exchange: 'q.failed', routingKey: 'back' }, bury: { queue: 'q.dead' } }

    expect(found({ queues, publications })).toEqual([])
  })

  it.each([
    [{}, 'publication-route at publications.p'],
    [{ exchange: 'events', queue: 'q' }, 'publication-route at publications.p'],
    [{ exchange: 'evens' }, 'unknown-exchange at publications.p.exchange'],
    [{ exchange: '' }, 'default-exchange at publications.p.exchange'],
    [{ exchange: 'amq.rabbitmq.trace' }, 'internal-exchange at publications.p.exchange'],
    [{ queue: 'r' }, 'unknown-queue at publications.p.queue'],
    [{ queue: 'q', routingKey: 'x' }, 'routing-key-with-queue at publications.p.routingKey'],
    [{ exchange: 'events', routingKey: 'user.{user-id}' }, 'routing-key-braces at publications.p.routingKey'],
    [{ exchange: 'events', routingKey: 'user.{' }, 'routing-key-braces at publications.p.routingKey'],
    [{ exchange: 'events', routingKey: 'x'.repeat(256) }, 'routing-key-too-long at publications.p.routingKey'],
    [{ exchange: 'events', expiration: '-1ms' }, 'out-of-range at publications.p.expiration'],
    [{ exchange: 'events', priority: 256 }, 'out-of-range at publications.p.priority'],
    [{ exchange: 'events', message: { maxBytes: 0 } }, 'out-of-range at publications.p.message.maxBytes'],
  ])('is refused if it is impossible: %j', (p, expected) => {
    expect(found({ exchanges, queues, publications: { p } })).toEqual([expected])
  })

  it('says why a schema is not available', () => {
    const publications = { p: { exchange: 'events', message: { schema: 'p.json' } } }
    const unreadable = finding('schema-unreadable', { path: 'p.json', reason: 'no such file' }, at('here'))

    expect(found({ exchanges, queues, publications }, () => ({ finding: unreadable }))).toEqual([
      'schema-unreadable at here',
    ])
  })
})

describe('a publication that matches no declared binding', () => {
  const exchanges = {
    direct: { type: 'direct' },
    topic: { type: 'topic' },
    fanout: { type: 'fanout' },
    headers: { type: 'headers' },
    plugin: { type: 'x-consistent-hash' },
    unbound: { type: 'fanout' },
    caught: { alternateExchange: 'fanout' },
    raw: { arguments: { 'alternate-exchange': 'fanout' } },
    narrow: { alternateExchange: 'direct' },
    theirs: { external: true },
    onward: { bindings: ['relay'] },
    relay: {},
    dead: {},
    deadEnd: { bindings: ['dead'] },
  }
  const queues = {
    q: {
      bindings: [
        { exchange: 'direct', routingKey: 'key' },
        { exchange: 'direct', routingKey: 'user-7.in' },
        { exchange: 'topic', routingKey: 'user.*.in' },
        { exchange: 'topic', routingKey: 'order.#' },
        { exchange: 'topic', routingKey: 'shop-1.*' },
        { exchange: 'headers', arguments: { kind: 'x' } },
        { exchange: 'plugin', routingKey: '1' },
        'fanout',
        { exchange: 'onward' },
      ],
    },
  }
  const reachesNothing = (p: object, policies = {}) =>
    found({ exchanges, queues, policies, publications: { p } }).length > 0

  it.each([
    { exchange: 'direct', routingKey: 'kye' },
    { exchange: 'direct' },
    { exchange: 'direct', routingKey: 'user-{id}.out' },
    { exchange: 'topic', routingKey: 'user.7.out' },
    { exchange: 'topic', routingKey: 'user.{id}.out' },
    { exchange: 'topic', routingKey: 'user.{id}.x.in' },
    { exchange: 'topic', routingKey: 'shop-{id}' },
    { exchange: 'unbound' },
    { exchange: 'dead' },
    { exchange: 'relay', routingKey: 'key' },
    { exchange: 'narrow', routingKey: 'kye' },
  ])('is reported: %j', (p) => {
    expect(reachesNothing(p)).toBe(true)
  })

  it.each([
    { exchange: 'direct', routingKey: 'key' },
    { exchange: 'direct', routingKey: '{any}' },
    { exchange: 'direct', routingKey: 'user-{id}.{event}' },
    { exchange: 'topic', routingKey: 'user.{id}.in' },
    { exchange: 'topic', routingKey: '{a}.{b}.{c}' },
    { exchange: 'topic', routingKey: 'order' },
    { exchange: 'topic', routingKey: 'order.{id}.placed' },
    { exchange: 'topic', routingKey: 'shop-{id}.x' },
    { exchange: 'fanout', routingKey: 'whatever' },
    { exchange: 'headers' },
    { exchange: 'plugin', routingKey: '5' },
    { exchange: 'caught' },
    { exchange: 'raw' },
    { exchange: 'narrow', routingKey: 'key' },
    { exchange: 'theirs', routingKey: 'x' },
    { exchange: 'amq.topic', routingKey: 'x' },
    { exchange: 'onward' },
    { exchange: 'relay' },
    { exchange: 'unbound', mandatory: false },
    { queue: 'q' },
  ])('is not reported if it may reach a queue, or does not have to: %j', (p) => {
    expect(reachesNothing(p)).toBe(false)
  })

  it('is not reported if a policy may set an alternate exchange', () => {
    const policies = { catch: { pattern: '.*', definition: { 'alternate-exchange': 'fanout' } } }

    expect(reachesNothing({ exchange: 'unbound' }, policies)).toBe(false)
  })

  it('is reported at its routing key, or at its exchange', () => {
    const publications = { a: { exchange: 'direct', routingKey: 'kye' }, b: { exchange: 'unbound' } }

    expect(found({ exchanges, queues, publications })).toEqual([
      'publication-reaches-nothing at publications.a.routingKey',
      'publication-reaches-nothing at publications.b.exchange',
    ])
  })
})

describe('parseRoutingKey', () => {
  it('splits a key into its parts', () => {
    expect(parseRoutingKey('user-{id}.{event}')).toEqual([
      { text: 'user-' },
      { parameter: 'id' },
      { text: '.' },
      { parameter: 'event' },
    ])
    expect(parseRoutingKey('')).toEqual([])
    expect(parseRoutingKey('{a}{_b1}')).toEqual([{ parameter: 'a' }, { parameter: '_b1' }])
  })

  it.each(['{', '}', '{}', '{1a}', '{a b}', '{{a}}', 'a}'])('refuses %s', (key) => {
    expect(parseRoutingKey(key)).toBeUndefined()
  })

  it('names each parameter once', () => {
    expect(parametersOf(parseRoutingKey('{a}.{b}.{a}') ?? [])).toEqual(['a', 'b'])
  })
})
