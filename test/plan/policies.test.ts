import { array, assert, constantFrom, pre, property, type Arbitrary } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secrets/secret.ts'
import type { ParameterValue, Topology } from '../../src/model/topology.ts'
import { effectiveValue } from '../../src/model/policies/policy-keys.ts'
import { PolicyIndex } from '../../src/model/policies/policy-index.ts'
import { binding, exchange, permission, policy, queue, topology, vhost } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'

const notesOf = (desired: Partial<Topology>, live: Partial<Topology> = {}) =>
  planOf(topology(live), topology(desired)).notes

const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

const stringOf = (character: Arbitrary<string>) =>
  array(character, { maxLength: 6 }).map((characters) => characters.join(''))

function expressionOf(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern)
  } catch {
    return undefined
  }
}

const SHOVEL = { 'src-uri': 'amqp://', 'src-queue': 'q', 'dest-uri': 'amqp://' }

const parameters = (value: ParameterValue, component = 'shovel') => ({
  parameters: [{ vhost: '/', component, name: 's', value }],
})

describe('a plan', () => {
  it('changes a policy in place', () => {
    const live = topology({ policies: [policy('p', { definition: { 'max-length': 5 } })] })
    const desired = topology({ policies: [policy('p', { definition: { 'max-length': 10 }, priority: 1 })] })

    expect(planOf(live, desired).changes).toMatchObject([
      {
        action: 'update',
        address: 'policy:%2F/p',
        differences: [
          { property: 'priority', before: 0, after: 1 },
          { property: 'definition.max-length', before: 5, after: 10 },
        ],
      },
    ])
  })

  it('reports a policy that no file declares, once for all queues', () => {
    expect(
      notesOf(
        { queues: [queue('a'), queue('b'), queue('other')] },
        { policies: [policy('p', { pattern: '^[ab]$', definition: { 'max-length': 5 } })] },
      ),
    ).toEqual([
      {
        note: 'policy-adds',
        policy: 'policy:%2F/p',
        keys: { 'max-length': 5 },
        addresses: ['queue:%2F/a', 'queue:%2F/b'],
      },
    ])
  })

  it('notes a quorum queue that treats an overflow as another one (pitfall 62)', () => {
    const definition = { overflow: 'reject-publish-dlx', 'max-length': 5 }
    const queues = [queue('a', { type: 'quorum' }), queue('b', { type: 'classic' })]

    expect(notesOf({ queues, policies: [policy('p', { definition })] })).toEqual([
      { note: 'policy-drops-head', policy: 'policy:%2F/p', addresses: ['queue:%2F/a'] },
    ])
  })

  it('notes a policy that overrides a declared argument of a queue', () => {
    expect(
      notesOf({
        queues: [queue('a', { arguments: { 'x-message-ttl': 60_000 } })],
        operatorPolicies: [policy('cap', { definition: { 'message-ttl': 30_000 } })],
      }),
    ).toEqual([
      {
        note: 'policy-overrides',
        policy: 'operator-policy:%2F/cap',
        key: 'message-ttl',
        declared: 60_000,
        effective: 30_000,
        addresses: ['queue:%2F/a'],
      },
    ])
  })

  it('does not call an age of the same meaning in another unit an override', () => {
    const queues = [queue('a', { type: 'stream', arguments: { 'x-max-age': '24h' } })]

    expect(notesOf({ queues, policies: [policy('p', { definition: { 'max-age': '1D' } })] })).toEqual([])
  })

  it('reports a key that keeps a whole policy from a type of queue', () => {
    expect(
      notesOf({
        queues: [queue('a', { type: 'quorum' })],
        policies: [policy('p', { definition: { 'queue-mode': 'lazy', 'max-length': 5 } })],
      }),
    ).toEqual([
      {
        note: 'policy-not-for-type',
        policy: 'policy:%2F/p',
        type: 'quorum',
        keys: ['queue-mode'],
        lost: ['max-length'],
        addresses: ['queue:%2F/a'],
      },
    ])
  })

  it('reports a policy that another one displaces, as far as that matters', () => {
    const low = policy('low', { definition: { 'max-length': 5, expires: 9 } })

    expect(
      notesOf({ queues: [queue('a')], policies: [low, policy('high', { priority: 1, definition: { expires: 8 } })] }),
    ).toEqual([
      {
        note: 'policy-shadowed',
        policy: 'policy:%2F/low',
        by: 'policy:%2F/high',
        keys: ['max-length'],
        addresses: ['queue:%2F/a'],
      },
    ])
  })

  it('reports two policies if either of them may apply', () => {
    expect(
      notesOf({
        queues: [queue('a')],
        policies: [policy('p', { priority: 2 }), policy('q', { priority: 2 }), policy('r')],
      }),
    ).toEqual([{ note: 'policies-tie', policies: ['policy:%2F/p', 'policy:%2F/q'], addresses: ['queue:%2F/a'] }])
  })

  it('reports a change by which queues drop the dead letters that they hold (pitfall 63)', () => {
    const keeping = {
      'dead-letter-exchange': 'dlx',
      'dead-letter-strategy': 'at-least-once',
      overflow: 'reject-publish',
    }
    const queues = [queue('a', { type: 'quorum' }), queue('b', { type: 'quorum' }), queue('c', { type: 'classic' })]
    const before = policy('p', { applyTo: 'queues', definition: keeping })
    const droppedBy = (after: Partial<Topology>, live: Partial<Topology> = { policies: [before] }) =>
      notesOf({ queues, ...after }, { queues, ...live }).filter(({ note }) => note === 'dead-letters-dropped')
    const both = [{ note: 'dead-letters-dropped', policy: 'policy:%2F/p', addresses: ['queue:%2F/a', 'queue:%2F/b'] }]

    for (const definition of [
      { ...keeping, overflow: 'drop-head' },
      { ...keeping, 'dead-letter-strategy': 'at-most-once' },
      { 'max-length': 5 },
    ]) {
      expect(droppedBy({ policies: [{ ...before, definition }] })).toEqual(both)
    }
    expect(droppedBy({ policies: [{ ...before, pattern: '^b$' }] })).toMatchObject([{ addresses: ['queue:%2F/a'] }])
    const stronger = policy('q', { priority: 1, definition: { 'max-length': 5 } })
    expect(droppedBy({ policies: [before, stronger] })).toMatchObject([{ policy: 'policy:%2F/q' }])
    const operators = policy('o', { definition: { overflow: 'drop-head' } })
    expect(droppedBy({ policies: [before], operatorPolicies: [operators] })).toMatchObject([
      { policy: 'operator-policy:%2F/o' },
    ])

    expect(droppedBy({ policies: [{ ...before, definition: { ...keeping, 'max-length': 5 } }] })).toEqual([])
    expect(droppedBy({ policies: [before] }, {})).toEqual([])
  })

  it('offers a policy if that is sufficient in place of a replacement', () => {
    const needs = (before: object, after: object) =>
      planOf(
        topology({ queues: [queue('q', { arguments: { ...before } })] }),
        topology({ queues: [queue('q', { arguments: { ...after } })] }),
      ).blocks

    expect(needs({}, { 'x-max-length': 5 })).toMatchObject([{ reason: 'needs-replacement', byPolicy: ['max-length'] }])
    expect(needs({ 'x-max-length': 9 }, { 'x-max-length': 5 })[0]).not.toHaveProperty('byPolicy')
    expect(needs({}, { 'x-max-priority': 5 })[0]).not.toHaveProperty('byPolicy')
  })

  it('shows the login of a URI in no difference', () => {
    const shovel = (uri: Secret) => ({
      vhost: '/',
      component: 'shovel',
      name: 's',
      value: { 'src-uri': uri, 'src-queue': 'q' },
    })
    const plan = planOf(
      topology({ parameters: [shovel(new Secret('amqp://a:hunter1@h', 'amqp://(secret)@h'))] }),
      topology({ parameters: [shovel(new Secret('amqp://a:hunter2@h', 'amqp://(secret)@h'))] }),
    )

    expect(plan.changes).toMatchObject([
      { action: 'update', differences: [{ property: 'value.src-uri', secret: 'changed' }] },
    ])
    expect(JSON.stringify(plan)).not.toMatch(/hunter/)
  })
})

describe('a global parameter', () => {
  it('is unchanged if the broker returns its empty table as an empty list', () => {
    const of = (value: ParameterValue) => topology({ globalParameters: [{ name: 'g', value }] })

    expect(planOf(of([]), of({})).changes).toEqual([])
    expect(planOf(of({ a: [] }), of({ a: {} })).changes).toMatchObject([{ differences: [{ property: 'value.a' }] }])
    expect(planOf(of([]), of('')).changes).toMatchObject([{ differences: [{ property: 'value' }] }])
  })
})

describe('a value that a broker cannot store', () => {
  const { type: _type, ...untyped } = queue('q', { arguments: { 'x-consumer-timeout': 5 } })
  const blocksOn = (version: string, desired: Partial<Topology>, around: object = {}, live: Partial<Topology> = {}) =>
    planOf(topology(live), topology(desired), {
      broker: {
        name: 'b',
        version,
        url: 'u',
        exchangeTypes: ['direct'],
        forbidsOperatorPolicies: false,
        deniedFeatures: [],
        ...around,
      },
    }).blocks.map((block) => (block.reason === 'unsupported' ? block.what.kind : block.reason))

  it.each([
    [
      'an exchange of a type that it does not offer',
      '4.3.6',
      { exchanges: [exchange('x', { type: 'x-delayed-message' })] },
      {},
      ['exchange-type'],
    ],
    [
      'a policy for a type of queue before 3.12',
      '3.10.8',
      { policies: [policy('p', { applyTo: 'quorum_queues' })] },
      {},
      ['apply-to'],
    ],
    ['the same from 3.12 on', '3.12.0', { policies: [policy('p', { applyTo: 'quorum_queues' })] }, {}, []],
    [
      'mirroring from 4.0 on',
      '4.0.5',
      { policies: [policy('p', { definition: { 'ha-mode': 'all' } })] },
      {},
      ['policy-key-removed'],
    ],
    [
      'an operator policy where they are forbidden',
      '4.3.6',
      { operatorPolicies: [policy('p')] },
      { forbidsOperatorPolicies: true },
      ['operator-policies-forbidden'],
    ],
    [
      'a shovel without its plugin',
      '4.3.6',
      { parameters: [{ vhost: '/', component: 'shovel', name: 's', value: SHOVEL }] },
      { plugins: ['rabbitmq_management'] },
      ['plugin-missing'],
    ],
    [
      'a component that no plugin of RabbitMQ brings',
      '4.3.6',
      { parameters: [{ vhost: '/', component: 'shovell', name: 's', value: {} }] },
      { enabledPlugins: ['rabbitmq_management', 'rabbitmq_shovel'] },
      ['component-unknown'],
    ],
    [
      'the same where a plugin from elsewhere may bring it',
      '4.3.6',
      { parameters: [{ vhost: '/', component: 'shovell', name: 's', value: {} }] },
      { enabledPlugins: ['rabbitmq_management', 'rabbitmq_delayed_message_exchange'] },
      [],
    ],
    [
      'a component of RabbitMQ itself',
      '4.3.6',
      { parameters: [{ vhost: '/', component: 'federation', name: 's', value: {} }] },
      { enabledPlugins: ['rabbitmq_management'] },
      [],
    ],
    [
      'a shovel where the plugins are not known',
      '4.3.6',
      { parameters: [{ vhost: '/', component: 'shovel', name: 's', value: SHOVEL }] },
      {},
      [],
    ],
    [
      'a shovel with the plugin of one that depends on it',
      '4.3.6',
      { parameters: [{ vhost: '/', component: 'shovel', name: 's', value: SHOVEL }] },
      { plugins: ['rabbitmq_management', 'rabbitmq_shovel_management'] },
      [],
    ],
    [
      'an upstream with the plugin for queues alone',
      '4.3.6',
      { parameters: [{ vhost: '/', component: 'federation-upstream', name: 'f', value: { uri: 'amqp://' } }] },
      { plugins: ['rabbitmq_management', 'rabbitmq_queue_federation'] },
      [],
    ],
    [
      'a shovel with a key of a later version',
      '3.10.8',
      parameters({ ...SHOVEL, 'src-predeclared': true }),
      {},
      ['parameter-refused'],
    ],
    ['the same in that version', '4.0.5', parameters({ ...SHOVEL, 'src-predeclared': true }), {}, []],
    [
      'a shovel with a key that no version knows',
      '4.3.6',
      parameters({ ...SHOVEL, 'ack-mod': 'x' }),
      {},
      ['parameter-refused'],
    ],
    ['the same in a version that the tables do not know', '4.4.0', parameters({ ...SHOVEL, 'ack-mod': 'x' }), {}, []],
    [
      'a local shovel before there were any',
      '4.0.5',
      parameters({ ...SHOVEL, 'src-protocol': 'local' }),
      {},
      ['parameter-refused'],
    ],
    [
      'an upstream with a key that was removed',
      '4.0.5',
      parameters({ uri: 'amqp://', 'ha-policy': 'all' }, 'federation-upstream'),
      {},
      ['parameter-refused'],
    ],
    ['the same before', '3.13.0', parameters({ uri: 'amqp://', 'ha-policy': 'all' }, 'federation-upstream'), {}, []],
    ['a parameter of another plugin', '4.3.6', parameters({ anything: true }, 'mine'), {}, []],
    [
      'a weight beyond the limit of the version',
      '4.3.6',
      {
        exchanges: [exchange('h', { type: 'x-consistent-hash' })],
        queues: [queue('q')],
        bindings: [binding('h', 'q', { routingKey: '10001' })],
      },
      { exchangeTypes: [] },
      ['routing-key-refused'],
    ],
    [
      'the same before there was a limit',
      '4.0.5',
      {
        exchanges: [exchange('h', { type: 'x-consistent-hash' })],
        queues: [queue('q')],
        bindings: [binding('h', 'q', { routingKey: '10001' })],
      },
      { exchangeTypes: [] },
      [],
    ],
    [
      'a topic binding with too many wildcards for the version',
      '4.3.6',
      {
        exchanges: [exchange('t', { type: 'topic' })],
        queues: [queue('q')],
        bindings: [binding('t', 'q', { routingKey: '#.#.#' })],
      },
      { exchangeTypes: [] },
      ['routing-key-refused'],
    ],
    [
      'the same from an exchange of the broker itself, in a virtual host that does not exist yet',
      '4.3.6',
      { queues: [queue('q')], bindings: [binding('amq.topic', 'q', { routingKey: '#.#.#' })] },
      { exchangeTypes: [] },
      ['routing-key-refused'],
    ],
    [
      'a key of a plugin that is not there',
      '4.3.6',
      { policies: [policy('p', { definition: { 'federation-upstream-set': 'all' } })] },
      { plugins: ['rabbitmq_management'] },
      ['policy-key-of-plugin'],
    ],
    [
      'a key of an enabled plugin',
      '4.0.5',
      { policies: [policy('p', { definition: { 'federation-upstream-set': 'all' } })] },
      { plugins: ['rabbitmq_federation'] },
      [],
    ],
    ...(
      [
        ['a transient queue', { queues: [queue('q', { durable: false })] }, 'transient_nonexcl_queues'],
        [
          'a queue with x-queue-master-locator',
          { queues: [queue('q', { arguments: { 'x-queue-master-locator': 'min-masters' } })] },
          'queue_master_locator',
        ],
        [
          'a policy with queue-master-locator',
          { policies: [policy('p', { definition: { 'queue-master-locator': 'min-masters' } })] },
          'queue_master_locator',
        ],
      ] as const
    ).flatMap(([what, desired, feature]): [string, string, Partial<Topology>, object, string[]][] => [
      [`${what} where that is denied`, '4.3.6', desired, { deniedFeatures: [feature] }, ['feature-denied']],
      [`${what} where other things are denied`, '4.3.6', desired, { deniedFeatures: ['global_qos'] }, []],
    ]),
    [
      'a classic queue with the storage that 4.3 has no more',
      '4.3.0',
      { queues: [queue('q', { arguments: { 'x-queue-version': 1 } })] },
      {},
      ['argument-refused'],
    ],
    [
      'a retry by the broker that it cannot do',
      '4.3.0',
      { queues: [queue('q', { type: 'quorum', arguments: { 'x-delayed-retry-type': 'failed' } })] },
      {},
      ['argument-new'],
    ],
    [
      'a retry by the broker',
      '4.3.1',
      { queues: [queue('q', { type: 'quorum', arguments: { 'x-delayed-retry-type': 'failed' } })] },
      {},
      [],
    ],
    ['the other storage', '4.3.0', { queues: [queue('q', { arguments: { 'x-queue-version': 2 } })] }, {}, []],
    ['a lazy queue', '4.3.6', { queues: [queue('q', { arguments: { 'x-queue-mode': 'lazy' } })] }, {}, []],
    [
      'a long expression from 4.2.8 on',
      '4.3.6',
      { permissions: [permission('u', { read: 'x'.repeat(1_025) })] },
      {},
      ['expression-too-long'],
    ],
    [
      'a stream whose folder cannot be made',
      '4.0.5',
      { queues: [queue('ü'.repeat(234), { type: 'stream' })] },
      {},
      ['stream-name-too-long'],
    ],
    ['the longest name of a stream', '4.0.5', { queues: [queue('ü'.repeat(233), { type: 'stream' })] }, {}, []],
    [
      'a stream whose folder cannot be made, by its bytes',
      '3.10.8',
      { queues: [queue('ü'.repeat(117), { type: 'stream' })] },
      {},
      ['stream-name-too-long'],
    ],
    ['a queue of that name', '3.10.8', { queues: [queue('ü'.repeat(117), { type: 'quorum' })] }, {}, []],
    ['the same before', '4.2.7', { permissions: [permission('u', { read: 'x'.repeat(1_025) })] }, {}, []],
    [
      'the same in a release of 4.3 without the limit',
      '4.3.1',
      { permissions: [permission('u', { read: 'x'.repeat(1_025) })] },
      {},
      [],
    ],
    [
      'an argument that the default type of the vhost refuses',
      '4.3.6',
      { queues: [untyped] },
      { defaultQueueType: 'classic' },
      ['argument-refused'],
    ],
    ['the same with a default type that takes it', '4.3.6', { queues: [untyped] }, { defaultQueueType: 'quorum' }, []],
    [
      'a key of the plugin for sharding without the plugin',
      '4.3.6',
      { policies: [policy('p', { definition: { 'routing-key': 'k', 'shards-per-node': 2 } })] },
      { plugins: ['rabbitmq_shovel'] },
      ['policy-key-of-plugin'],
    ],
    [
      'an operator policy with a key that came with a patch release',
      '3.12.0',
      { operatorPolicies: [policy('p', { definition: { 'queue-version': 2 } })] },
      {},
      ['no-operator-policy-key'],
    ],
    [
      'the same with the patch release',
      '3.11.24',
      { operatorPolicies: [policy('p', { definition: { 'queue-version': 2 } })] },
      {},
      [],
    ],
    [
      'a shovel with a key of a later patch release',
      '4.3.4',
      parameters({ ...SHOVEL, 'src-delete-after-duration': 60 }),
      {},
      ['parameter-refused'],
    ],
    [
      'a shovel with that key and release',
      '4.3.5',
      parameters({ ...SHOVEL, 'src-delete-after-duration': 60, internal: true }),
      {},
      [],
    ],
  ])('is blocked, or not: %s (pitfall 49)', (_what, version, desired, around, kinds) => {
    expect(blocksOn(version, desired, around)).toEqual(kinds)
  })

  it('is blocked: another default queue type for an existing vhost, before 3.11.17', () => {
    const of = (type: string) => ({ vhosts: [vhost('/', { claimed: true, defaultQueueType: type })] })

    expect(blocksOn('3.10.8', of('quorum'), {}, of('classic'))).toEqual(['default-queue-type-fixed'])
    expect(blocksOn('4.0.5', of('quorum'), {}, of('classic'))).toEqual([])
  })
})

describe('PolicyIndex', () => {
  it.each([
    ['', 'queues', { kind: 'queue', name: 'any' }, true],
    ['^a', 'queues', { kind: 'exchange', name: 'a' }, false],
    ['orders', 'all', { kind: 'queue', name: 'xx-orders-yy' }, true],
    ['^.$', 'all', { kind: 'queue', name: 'é' }, false],
    ['^..$', 'all', { kind: 'queue', name: 'é' }, true],
    ['^é$', 'all', { kind: 'queue', name: 'é' }, true],
    ['^a\\.b\\$$', 'all', { kind: 'queue', name: 'a.b$' }, true],
    ['^a\\.b$', 'all', { kind: 'queue', name: 'axb' }, false],
    ['^a.b$', 'all', { kind: 'queue', name: 'axb' }, true],
    ['^\\d$', 'all', { kind: 'queue', name: '7' }, true],
    ['^$', 'all', { kind: 'queue', name: 'a' }, false],
    ['^a$', 'exchanges', { kind: 'queue', name: 'a' }, false],
    ['^a', 'streams', { kind: 'queue', name: 'a', type: 'quorum' }, false],
    ['(?i)A', 'all', { kind: 'queue', name: 'a' }, undefined],
    ['a++', 'all', { kind: 'queue', name: 'a' }, undefined],
    ['(', 'all', { kind: 'queue', name: 'a' }, undefined],
  ] as const)('pattern %j for %s against %o: %s', (pattern, applyTo, target, matches) => {
    const found = new PolicyIndex([{ vhost: '/', pattern, applyTo }], (policy) => policy).matching({
      vhost: '/',
      ...target,
    })

    expect(found.map(({ certain }) => certain)).toEqual(matches === false ? [] : [matches === true])
  })

  it('finds the same policies by name and by beginning as by regular expression', () => {
    const characters = ['^', '$', '\\', '.', 'a', 'b', 'é', '(', '|', '*', '?', '{0}', '[', ']', '-', '\n']
    const text = stringOf(constantFrom(...characters))
    const beginning = constantFrom('', '^', '^a', '^ab', '^é')
    assert(
      property(beginning, text, text, (begin, rest, name) => {
        const pattern = begin + rest
        const expression = expressionOf(bytesOf(pattern))
        const index = new PolicyIndex([{ vhost: '/', pattern, applyTo: 'all' }], (each) => each)
        const [found] = index.matching({ kind: 'queue', vhost: '/', name })
        pre(expression !== undefined && found?.certain !== false)

        expect(found !== undefined).toBe(expression?.test(bytesOf(name)))
      }),
      { numRuns: 4_000 },
    )
  })

  it('finds policies of the same vhost only, in the order in which they were given', () => {
    const policies = ['^a$', 'a', 'b', '^a$'].map((pattern, n) => policy(`p${n}`, { pattern }))
    const index = new PolicyIndex([...policies, policy('other', { vhost: 'other' })], (each) => each)
    const found = index.matching({ kind: 'queue', vhost: '/', name: 'a' })

    expect(found.map(({ item }) => item.name)).toEqual(['p0', 'p1', 'p3'])
  })
})

describe('effectiveValue', () => {
  it.each([
    ['classic', 'message-ttl', 10, 5, 5],
    ['quorum', 'max-length', 5, 10, 5],
    ['quorum', 'delivery-limit', 5, -1, 5],
    ['quorum', 'overflow', 'drop-head', 'reject-publish', 'reject-publish'],
    ['classic', 'overflow', 'drop-head', 'reject-publish', 'drop-head'],
    ['classic', 'dead-letter-exchange', 'mine', 'theirs', 'mine'],
    ['stream', 'max-age', '1D', '7D', '7D'],
  ])('on a %s queue, %s of %j under %j is %j', (type, key, argument, byPolicy, holds) => {
    expect(effectiveValue(type, key, argument, byPolicy)).toBe(holds)
  })
})
