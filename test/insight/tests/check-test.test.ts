import { describe, expect, it } from 'vitest'
import { parseTests } from '../../../src/desired/tests/read-tests.ts'
import { explainFinding } from '../../../src/diagnostics/findings/finding.ts'
import { routedVhosts } from '../../../src/insight/routing/routed-vhost.ts'
import { checkTest } from '../../../src/insight/tests/check-test.ts'
import { NameResolver } from '../../../src/insight/tests/resolve-names.ts'
import type { FailureRule, Publication, Subscription } from '../../../src/model/routes.ts'
import type { Topology } from '../../../src/model/topology.ts'
import { binding, exchange, permission, policy, queue, topology, user, vhost } from '../../builders/objects.ts'

const PUBLICATION: Publication = {
  name: 'paid',
  vhost: '/',
  exchange: 'events',
  routingKey: 'paid.{id}',
  parameters: ['id'],
  headers: {},
  persistent: true,
  mandatory: true,
  confirm: true,
}

function subscription(name: string, of: string, failure: FailureRule): Subscription {
  return { name, vhost: '/', queue: of, failure }
}

const OBJECTS: Partial<Topology> = {
  exchanges: [
    exchange('events', { type: 'topic' }),
    exchange('hash', { type: 'x-consistent-hash' }),
    exchange('dlx', { type: 'fanout' }),
  ],
  queues: [
    queue('invoices'),
    queue('a'),
    queue('b'),
    queue('dead'),
    queue('waits', { arguments: { 'x-message-ttl': 1_000, 'x-dead-letter-exchange': 'dlx' } }),
    queue('drops', { arguments: { 'x-message-ttl': 1_000 } }),
    queue('circle', {
      arguments: { 'x-message-ttl': 1_000, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'circle' },
    }),
    queue('doubtful'),
  ],
  bindings: [
    binding('events', 'invoices', { routingKey: 'paid.*' }),
    binding('hash', 'a', { routingKey: '1' }),
    binding('hash', 'b', { routingKey: '1' }),
    binding('dlx', 'dead'),
  ],
  policies: ['one', 'two'].map((name, at) =>
    policy(name, { pattern: '^doubtful$', definition: { 'message-ttl': 1_000 * (at + 1) } }),
  ),
  users: [user('api')],
  permissions: [permission('api', { write: '^events$' })],
}

function run(test: string, objects: Partial<Topology> = OBJECTS, version = '4.3.6') {
  const { tests, findings } = parseTests({ path: 't', text: `warrenTests: 1\ntests:\n  it:\n    ${test}` })
  const routes = {
    publications: [PUBLICATION],
    subscriptions: [
      subscription('stops', 'invoices', { kind: 'onFailure', action: 'stop' }),
      subscription('discards', 'a', { kind: 'onFailure', action: 'discard' }),
      subscription('requeues', 'b', { kind: 'onFailure', action: 'requeue' }),
    ],
  }
  const names = new NameResolver(routedVhosts(topology(objects), routes, { version, usersKnown: true }))
  expect(findings).toEqual([])
  const [first] = tests
  const resolved = first && names.resolve(first)
  if (resolved !== undefined) return checkTest(resolved)
  return names.findings.map((each) => [explainFinding(each).message, explainFinding(each).hint])
}

const PASSED = { status: 'passed' }

describe('a test of a topology', () => {
  it.each([
    'publish: { publication: paid, parameters: { id: 7 } }\n    reaches: [invoices]',
    'publish: { exchange: events, routingKey: other }\n    returned: true',
    'publish: { exchange: events, routingKey: other, mandatory: false }\n    lost: true',
    'publish: { exchange: events, routingKey: other }\n    reaches: []',
    'publish: { exchange: "", routingKey: a }\n    reaches: [a]',
    'publish: { exchange: hash, routingKey: x }\n    reaches: { oneOf: [a, b] }',
    'fail: { subscription: stops }\n    endsIn: invoices',
    'fail: { subscription: discards }\n    lost: true',
    'expire: { queue: waits }\n    endsIn: dead',
    'expire: { queue: drops }\n    lost: true',
    'expire: { queue: circle }\n    lost: true',
    'user: api\n    can: { publish: paid }\n    cannot: { consume: [stops, discards] }',
  ])('passes: %s', (test) => {
    expect(run(test)).toEqual(PASSED)
  })

  it.each([
    [
      'publish: { publication: paid, parameters: { id: 7 } }\n    reaches: [a, invoices]',
      '"a", "invoices"',
      '"invoices"',
    ],
    [
      'publish: { exchange: events, routingKey: other }\n    lost: true',
      'no queue, and it is lost',
      'no queue, and it is returned',
    ],
    ['publish: { exchange: hash, routingKey: x }\n    reaches: { oneOf: [a] }', 'one of "a"', 'one of "a", "b"'],
    ['fail: { subscription: stops }\n    passes: [5s]', '5s', 'no delay'],
    ['fail: { subscription: requeues }\n    endsIn: b', '"b"', 'it is lost: it is requeued without end'],
    ['expire: { queue: waits }\n    endsIn: a', '"a"', '"dead"'],
    ['expire: { queue: a }\n    lost: true', 'it is lost', '"a"'],
    ['user: api\n    can: { consume: stops }', 'api can consume stops', 'api cannot consume stops'],
    ['user: api\n    cannot: { publish: paid }', 'api cannot publish paid', 'api can publish paid'],
  ])('fails with the actual result: %s', (test, expected, found) => {
    expect(run(test)).toEqual({ status: 'failed', expected, found })
  })

  it.each([
    ['publish: { exchange: hash, routingKey: x }\n    reaches: [a]', 'hash-target'],
    ['expire: { queue: doubtful }\n    lost: true', 'equal-policies'],
  ])('is undecided, with the reason: %s', (test, kind) => {
    expect(run(test)).toMatchObject({ status: 'unknown', because: [{ kind }] })
  })

  it.each([
    [
      'publish: { publication: payed, parameters: { id: 7 } }\n    reaches: []',
      'the topology has no publication "payed"',
      'did you mean "paid"?',
    ],
    ['publish: { exchange: event }\n    reaches: []', 'the topology has no exchange "event"', 'did you mean "events"?'],
    ['expire: { queue: wait }\n    lost: true', 'the topology has no queue "wait"', 'did you mean "waits"?'],
    [
      'fail: { subscription: stop }\n    lost: true',
      'the topology has no subscription "stop"',
      'did you mean "stops"?',
    ],
    ['user: appi\n    can: {}', 'the topology has no user "appi"', 'did you mean "api"?'],
    ['expire: { queue: waits }\n    endsIn: deed', 'the topology has no queue "deed"', 'did you mean "dead"?'],
    [
      'publish: { publication: paid }\n    reaches: []',
      'the publication "paid" needs a value for its parameter id',
      'give each parameter one word in "parameters"',
    ],
    [
      'publish: { publication: paid, parameters: { id: a.b } }\n    reaches: []',
      'the value of the parameter id has to be one word without a dot',
      'give each parameter one word in "parameters"',
    ],
  ])('names what does not exist: %s', (test, message, hint) => {
    expect(run(test)).toEqual([[message, hint]])
  })

  it('requires the vhost if several have the name', () => {
    const objects = {
      vhosts: [vhost('/'), vhost('other')],
      queues: [queue('q'), queue('q', { vhost: 'other' })],
    }

    expect(run('expire: { queue: q }\n    endsIn: q', objects)).toEqual([
      ['several vhosts have "q" as queue: "/", "other"', 'name one with "vhost"'],
    ])
    expect(run('expire: { queue: q, vhost: other }\n    endsIn: q', objects)).toEqual(PASSED)
  })
})
