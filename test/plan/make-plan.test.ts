import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secrets/secret.ts'
import { binding, exchange, permission, queue, topology, user, vhost } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'

/** The hash of "test12" with the salt 908DC60A, from RabbitMQ's documentation of password hashing. */
const HASH_OF_TEST12 = 'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR'
const written = { location: { file: 'topology.yaml', line: 1, column: 1 } }

describe('makePlan', () => {
  it('finds nothing to do when the broker is as declared', () => {
    const both = topology({
      exchanges: [exchange('events')],
      queues: [queue('audit')],
      bindings: [binding('events', 'audit')],
    })

    expect(planOf(both, both)).toMatchObject({ changes: [], blocks: [], unchanged: 4, undeclared: 0 })
  })

  it('finds nothing to do when only the order of the arguments differs', () => {
    const live = topology({ queues: [queue('orders', { arguments: { 'x-max-length': 10, 'x-expires': 500 } })] })
    const desired = topology({ queues: [queue('orders', { arguments: { 'x-expires': 500, 'x-max-length': 10 } })] })

    expect(planOf(live, desired).changes).toEqual([])
  })

  it('treats a string and a number as different arguments, as the broker does', () => {
    const live = topology({ queues: [queue('orders', { arguments: { 'x-message-ttl': '5000' } })] })
    const desired = topology({ queues: [queue('orders', { arguments: { 'x-message-ttl': 5000 } })] })

    expect(planOf(live, desired).changes).toMatchObject([
      { action: 'replace', differences: [{ property: 'arguments.x-message-ttl', before: '5000', after: 5000 }] },
    ])
  })

  it('leaves the type of a queue without a declared type to the broker', () => {
    const { type: _type, ...untyped } = queue('orders')

    expect(
      planOf(topology({ queues: [queue('orders', { type: 'quorum' })] }), topology({ queues: [untyped] })).changes,
    ).toEqual([])
  })

  it('creates missing objects, ordered by vhost, kind and name, users last', () => {
    const desired = topology({
      vhosts: [vhost('a'), vhost('b')],
      exchanges: [exchange('z', { vhost: 'b' }), exchange('y', { vhost: 'a' })],
      queues: [queue('q', { vhost: 'a' })],
      bindings: [binding('y', 'q', { vhost: 'a', routingKey: 'k' })],
      users: [user('svc')],
      permissions: [permission('svc', { vhost: 'a' })],
    })

    expect(
      planOf(topology({ vhosts: [vhost('a')] }), desired).changes.map(({ action, address }) => `${action} ${address}`),
    ).toEqual([
      'create permission:a/svc',
      'create exchange:a/y',
      'create queue:a/q',
      'create binding:a/y/queue/q/k',
      'create vhost:b',
      'create exchange:b/z',
      'create user:svc',
    ])
  })

  it('restores a missing binding, even if another queue gets the same messages (pitfall 3)', () => {
    const there = topology({ exchanges: [exchange('events')], queues: [queue('audit'), queue('email')] })
    const [audit, email] = [binding('events', 'audit'), binding('events', 'email')]

    expect(planOf({ ...there, bindings: [audit] }, { ...there, bindings: [audit, email] }).changes).toMatchObject([
      { action: 'create', address: 'binding:%2F/events/queue/email/' },
    ])
  })

  it('blocks a change that would need a replacement, and says how many messages are at risk (pitfall 47)', () => {
    const live = topology({ queues: [queue('orders')] })
    const desired = topology({ queues: [queue('orders', { type: 'quorum' })] })
    const plan = planOf(live, desired, { messages: new Map([['queue:%2F/orders', 1204]]) })
    const impact = { messages: 1204, bindings: [], undeclaredBindings: 0 }

    expect(plan.blocks).toEqual([
      { reason: 'needs-replacement', address: 'queue:%2F/orders', kind: 'queue', properties: ['type'], impact },
    ])
    expect(plan.changes).toMatchObject([{ action: 'replace', how: 'undecided', impact }])
  })

  it('changes a permission in place', () => {
    const live = topology({ permissions: [permission('svc', { read: '.*' })] })
    const desired = topology({ permissions: [permission('svc', { read: '^orders$' })] })

    expect(planOf(live, desired).changes).toMatchObject([
      {
        action: 'update',
        address: 'permission:%2F/svc',
        differences: [{ property: 'read', before: '.*', after: '^orders$' }],
      },
    ])
  })

  it('compares a password by hashing it with the salt of the live hash', () => {
    const live = topology({
      users: [
        user('svc', {
          credential: { kind: 'hash', hash: new Secret(HASH_OF_TEST12), algorithm: 'rabbit_password_hashing_sha256' },
        }),
      ],
    })
    const desired = topology({
      users: [user('svc', { credential: { kind: 'password', secret: new Secret('test12'), written } })],
    })

    expect(planOf(live, desired)).toMatchObject({ changes: [], unknowns: [] })
  })

  it('reports that a password changed, and shows neither of the two', () => {
    const live = topology({
      users: [
        user('svc', {
          credential: { kind: 'hash', hash: new Secret(HASH_OF_TEST12), algorithm: 'rabbit_password_hashing_sha256' },
        }),
      ],
    })
    const desired = topology({
      users: [user('svc', { credential: { kind: 'password', secret: new Secret('hunter22'), written } })],
    })
    const plan = planOf(live, desired)

    expect(plan.changes).toMatchObject([
      { action: 'update', differences: [{ property: 'password', secret: 'changed' }] },
    ])
    expect(JSON.stringify(plan)).not.toMatch(/hunter22|kI3GCq/)
  })

  it('names the missing value for a password that cannot be compared, and does not count a change', () => {
    const live = topology({ users: [user('svc', { credential: { kind: 'hash', hash: new Secret(HASH_OF_TEST12) } })] })
    const desired = topology({
      users: [user('svc', { credential: { kind: 'password', written, missing: 'SVC_PASSWORD is not set' } })],
    })

    expect(planOf(live, desired)).toMatchObject({
      changes: [],
      unknowns: [{ address: 'user:svc', property: 'password', missing: 'SVC_PASSWORD is not set' }],
    })
  })

  it('compares tags as a set, and ignores undeclared properties', () => {
    const live = topology({ users: [user('svc', { tags: ['a', 'b'], limits: { maxConnections: 5 } })] })

    expect(planOf(live, topology({ users: [user('svc', { tags: ['a', 'b'] })] })).changes).toEqual([])
  })

  it('refuses to touch the login that warren uses', () => {
    const desired = topology({ users: [user('warren')], permissions: [permission('warren', { read: '.*' })] })

    expect(planOf(topology(), desired)).toMatchObject({
      changes: [],
      blocks: [
        { reason: 'own-login', address: 'permission:%2F/warren' },
        { reason: 'own-login', address: 'user:warren' },
      ],
    })
  })

  it('requires external objects, and never changes them', () => {
    const desired = topology({
      exchanges: [exchange('there', { external: true, type: 'topic' }), exchange('gone', { external: true })],
    })

    expect(planOf(topology({ exchanges: [exchange('there')] }), desired)).toMatchObject({
      changes: [],
      blocks: [{ reason: 'external-missing', address: 'exchange:%2F/gone' }],
    })
  })

  it('never touches a queue that belongs to a connection', () => {
    const plan = planOf(topology(), topology({ queues: [queue('mine')] }), { untouchable: new Set(['queue:%2F/mine']) })

    expect(plan).toMatchObject({ changes: [], blocks: [{ reason: 'untouchable', address: 'queue:%2F/mine' }] })
  })

  it('counts undeclared objects, without the exchanges of the broker', () => {
    const live = topology({
      exchanges: [exchange('amq.topic'), exchange('old')],
      queues: [queue('left')],
      bindings: [binding('old', 'left')],
    })

    expect(planOf(live, topology())).toMatchObject({ changes: [], undeclared: 3 })
  })

  it('compares a vhost only where the long form claims it', () => {
    const live = topology({ vhosts: [vhost('/', { description: 'old', tags: [] })] })

    expect(planOf(live, topology({ vhosts: [vhost('/')] })).changes).toEqual([])
    expect(
      planOf(live, topology({ vhosts: [vhost('/', { claimed: true, description: 'new', tags: [] })] })).changes,
    ).toMatchObject([{ action: 'update', differences: [{ property: 'description', before: 'old', after: 'new' }] }])
  })

  it('gives equal plans equal digests, regardless of the names of the files', () => {
    const at = (file: string) => topology({ queues: [queue('q', { origin: { file, line: 1, column: 1 } })] })

    expect(planOf(topology(), at('a.yaml')).digest).toBe(planOf(topology(), at('b.yaml')).digest)
    expect(planOf(topology(), at('a.yaml')).digest).not.toBe(
      planOf(topology(), topology({ queues: [queue('r')] })).digest,
    )
  })

  it('treats __proto__ as an ordinary name', () => {
    const desired = topology({ queues: [queue('__proto__', { arguments: { ['__proto__x']: 1 } })] })

    expect(planOf(topology(), desired).changes).toMatchObject([{ action: 'create', address: 'queue:%2F/__proto__' }])
    expect(planOf(desired, desired).changes).toEqual([])
  })
})
