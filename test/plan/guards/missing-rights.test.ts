import { describe, expect, it } from 'vitest'
import {
  grantsFor,
  placeholderHint,
  missingPermissions,
  missingTags,
  missingVhosts,
  describeRight,
} from '../../../src/plan/guards/missing-rights.ts'
import { requiredRights } from '../../../src/plan/guards/required-rights.ts'
import type { RequiredRight, Right } from '../../../src/plan/guards/right.ts'
import type { ParameterValue } from '../../../src/model/topology.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { binding, exchange, permission, policy, queue, topology, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

const VERSION = '4.3.6'
const login = { user: 'ci', tags: ['management'] }
const required = (right: Right): RequiredRight => ({ right, addresses: ['queue:%2F/q'] })
const write = (name: string) => required({ kind: 'resource', right: 'write', vhost: '/', resource: 'exchange', name })
const topic = (routingKey: string) =>
  required({
    kind: 'topic',
    vhost: '/',
    exchange: 'events',
    routingKey,
    destination: { destinationType: 'queue', destination: 'q' },
  })

describe('the rights that changes require', () => {
  it('include read on the queue and write on its dead-letter exchange', () => {
    const wanted = topology({ queues: [queue('q', { arguments: { 'x-dead-letter-exchange': '' } })] })

    expect(requiredRights(planOf(topology(), wanted).changes, topology(), VERSION).map(({ right }) => right)).toEqual([
      { kind: 'resource', right: 'configure', vhost: '/', resource: 'queue', name: 'q' },
      { kind: 'resource', right: 'read', vhost: '/', resource: 'queue', name: 'q' },
      { kind: 'resource', right: 'write', vhost: '/', resource: 'exchange', name: 'amq.default' },
    ])
  })

  it('include the routing key only where the source is a topic exchange', () => {
    const ends = { exchanges: [exchange('t', { type: 'topic' }), exchange('d')], queues: [queue('q')] }
    const live = topology(ends)
    const wanted = topology({ ...ends, bindings: [binding('t', 'q', { routingKey: 'a' }), binding('d', 'q')] })

    const rights = requiredRights(planOf(live, wanted).changes, live, VERSION).map(({ right }) => right)
    expect(rights.filter(({ kind }) => kind === 'topic')).toEqual([{ ...topic('a').right, exchange: 't' }])
  })

  it('are none within a virtual host that the plan creates', () => {
    const wanted = topology({ vhosts: [vhost('new')], queues: [queue('q', { vhost: 'new' })] })
    const live = { ...topology(), vhosts: [] }

    expect(requiredRights(planOf(live, wanted).changes, live, VERSION)).toEqual([
      { right: { kind: 'tag', tag: 'administrator' }, addresses: ['vhost:new'] },
    ])
  })

  it('include the tag that policies ask for', () => {
    const changes = planOf(topology(), topology({ policies: [policy('p', { definition: { expires: 1 } })] })).changes

    expect(missingTags(requiredRights(changes, topology(), VERSION), login)).toHaveLength(1)
    expect(missingTags(requiredRights(changes, topology(), VERSION), { user: 'ci', tags: ['administrator'] })).toEqual(
      [],
    )
  })
})

describe('the virtual host of a URI without a host', () => {
  const to = (component: string, value: ParameterValue, version = VERSION) => {
    const wanted = topology({ parameters: [{ vhost: '/', component, name: 'p', value }] })
    return requiredRights(planOf(topology(), wanted).changes, topology(), version).flatMap(({ right }) =>
      right.kind === 'vhost' ? [right.vhost] : [],
    )
  }

  it.each([
    ['amqp:///gone', ['gone']],
    ['amqp://u@/a%2Fb?heartbeat=5', ['a/b']],
    ['amqp://', ['/']],
    ['amqp:///', ['']],
    ['amqp://h/gone', []],
    [['amqp://h', 'amqp:///gone'], ['gone']],
    [new Secret('amqp://u:p@/gone'), ['gone']],
  ])('is one that a shovel needs: %s', (uri, vhosts) => {
    expect(to('shovel', { 'src-uri': uri, 'dest-uri': 'amqp://h' })).toEqual(vhosts)
  })

  it.each([
    ['4.0.5', []],
    ['4.2.9', ['gone']],
    ['4.3.2', []],
    ['4.3.3', ['gone']],
  ])('is one that an upstream needs on the versions that check it: %s', (version, vhosts) => {
    expect(to('federation-upstream', { uri: 'amqp:///gone' }, version)).toEqual(vhosts)
  })

  it('is missing when the virtual host does not exist, or the login has no permission in it', () => {
    const needs = ['gone', 'closed', 'open'].map((name) => required({ kind: 'vhost', vhost: name }))
    const known = { permissions: [permission('ci', { vhost: 'open' })], topicPermissions: [] }
    const missing = missingVhosts(needs, login, ['closed', 'open'], known)

    expect(missing.map(({ right }) => describeRight(right))).toEqual([
      'cannot connect to vhost "gone", which does not exist or is hidden from it',
      'may not connect to vhost "closed"',
    ])
    expect(grantsFor(missing, login, known)).toEqual([
      'rabbitmqctl add_vhost gone',
      "rabbitmqctl set_permissions -p gone ci '^$' '^$' '^$'",
      "rabbitmqctl set_permissions -p closed ci '^$' '^$' '^$'",
    ])
  })
})

describe('a permission', () => {
  it.each([
    ['', 'dlx', false],
    ['^$', 'dlx', false],
    ['^dl', 'dlx', true],
    ['(?i)^DLX$', 'dlx', true],
    ['^dlx$', 'dlxx', false],
    ['(?<!x)what JavaScript cannot read(', 'dlx', true],
  ])('of %j for %j grants: %j', (pattern, name, granted) => {
    const permissions = [permission('ci', { write: pattern })]

    const missing = missingPermissions([write(name)], login, { permissions, topicPermissions: [] })
    expect(missing).toHaveLength(granted ? 0 : 1)
  })

  it('for topics limits keys only if it exists, with the variables of the broker', () => {
    const row = { vhost: '/', user: 'ci', exchange: 'events', write: '', read: '^{username}\\.' }
    const missing = (routingKey: string, topicPermissions = [row]) =>
      missingPermissions([topic(routingKey)], login, { permissions: [], topicPermissions }).length

    expect([missing('ci.a'), missing('other.a'), missing('other.a', [])]).toEqual([0, 1, 0])
  })
})

describe('the commands that grant missing rights', () => {
  it('add the exact escaped names to the rights of the login, and never a pattern for all', () => {
    const permissions = [permission('ci', { configure: '^q', write: '^q', read: '^$' })]
    const known = { permissions, topicPermissions: [] }

    expect(grantsFor([write('d.l'), write('x')], login, known)).toEqual([
      "rabbitmqctl set_permissions -p / ci '^q' '^q|^(d\\.l|x)$' '^$'",
    ])
    expect(grantsFor([write('d.l')], login)).toEqual([
      "rabbitmqctl set_permissions -p / ci 'CONFIGURE' 'WRITE|^d\\.l$' 'READ'",
    ])
  })

  it('say what to write for a placeholder, since the command sets all expressions at once', () => {
    const known = { permissions: [], topicPermissions: [] }
    const hint = (missing: Parameters<typeof grantsFor>[0], rights?: typeof known) =>
      placeholderHint(grantsFor(missing, login, rights), login.user)

    expect(hint([write('d.l')])).toBe(
      'replace the words in capitals with the current expressions of the login: rabbitmqctl list_user_permissions ci prints them',
    )
    expect(hint([topic('a.#')])).toContain('of the login: rabbitmqctl list_user_topic_permissions ci prints them')
    expect(hint([write('d.l')], known)).toBeUndefined()
  })

  it('add a routing key to the topic permission, and tags to the tags', () => {
    const row = { vhost: '/', user: 'ci', exchange: 'events', write: '^a', read: '^b' }
    const tag = required({ kind: 'tag', tag: 'policymaker' })

    expect(grantsFor([tag, topic('a.#')], login, { permissions: [], topicPermissions: [row] })).toEqual([
      'rabbitmqctl set_user_tags ci policymaker',
      "rabbitmqctl set_topic_permissions -p / ci events '^a' '^b|^a\\.#$'",
    ])
    expect(grantsFor([tag], { user: 'ci', tags: ['monitoring'] })).toEqual([
      'rabbitmqctl set_user_tags ci monitoring policymaker',
    ])
  })
})
