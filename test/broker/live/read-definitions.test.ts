import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { explainFinding as sentenceOf } from '../../../src/diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../../src/diagnostics/warren-error.ts'
import { readDefinitions } from '../../../src/broker/live/read-definitions.ts'
import { passwordMatches } from '../../../src/plan/compare/compare-credential.ts'
import { planAgainst } from '../../../src/operations/change/plan-against.ts'

const ALGORITHM = 'rabbit_password_hashing_sha256'
const HASH = 'c2VjcmV0IHBhc3N3b3JkIGhhc2g='

const EMPTY = { exchanges: [], queues: [], bindings: [], policies: [], parameters: [] }
const USERS = [{ name: 'guest', password_hash: HASH, tags: ['administrator'] }]
const WHOLE = { ...EMPTY, vhosts: [], users: USERS, permissions: [], topic_permissions: [], global_parameters: [] }

/** The exports of several versions, of one vhost with a classic queue and an operator policy. */
const FORMATS = {
  '3.10.8': {
    ...WHOLE,
    rabbit_version: '3.10.8',
    rabbitmq_version: '3.10.8',
    vhosts: [{ name: '/v' }],
    exchanges: [
      { name: 'x', vhost: '/v', type: 'topic', durable: true, auto_delete: false, internal: true, arguments: {} },
    ],
    queues: [{ name: 'q', vhost: '/v', durable: true, auto_delete: false, arguments: {} }],
    parameters: [
      { value: { 'max-queues': 5 }, vhost: '/v', component: 'vhost-limits', name: 'limits' },
      {
        value: { pattern: '', definition: { 'max-length': 9 }, priority: 3, 'apply-to': 'queues' },
        vhost: '/v',
        component: 'operator_policy',
        name: 'o',
      },
    ],
  },
  '4.0.5': {
    ...WHOLE,
    rabbitmq_version: '4.0.5',
    original_cluster_name: 'rabbit@one',
    vhosts: [
      {
        name: '/v',
        description: 'd',
        tags: ['t'],
        default_queue_type: 'quorum',
        metadata: { description: 'd', tags: ['t'], default_queue_type: 'quorum' },
      },
    ],
    exchanges: [
      { name: 'x', vhost: '/v', type: 'topic', durable: true, auto_delete: false, internal: true, arguments: {} },
    ],
    queues: [
      { name: 'q', vhost: '/v', durable: true, auto_delete: false, arguments: { 'x-queue-type': 'classic' } },
      { name: 'amq.gen-1', vhost: '/v', durable: true, auto_delete: false, arguments: { 'x-queue-type': 'classic' } },
    ],
    parameters: [
      { value: { 'max-queues': 5 }, vhost: '/v', component: 'vhost-limits', name: 'limits' },
      {
        value: { pattern: '', definition: { 'max-length': 9 }, priority: 3, 'apply-to': 'queues' },
        vhost: '/v',
        component: 'operator_policy',
        name: 'o',
      },
    ],
  },
  '4.3.6': {
    ...WHOLE,
    rabbitmq_version: '4.3.6',
    original_cluster_name: 'rabbit@one',
    vhosts: [
      {
        limits: { 'max-queues': 5 },
        metadata: { description: 'd', tags: ['t'], default_queue_type: 'quorum' },
        name: '/v',
      },
    ],
    exchanges: [{ arguments: {}, auto_delete: false, durable: true, name: 'y', type: 'topic', vhost: '/v' }],
    queues: [
      {
        arguments: { 'x-queue-type': 'classic' },
        auto_delete: false,
        durable: true,
        name: 'q',
        type: 'classic',
        vhost: '/v',
      },
    ],
    parameters: [
      {
        component: 'operator_policy',
        name: 'o',
        value: { 'apply-to': 'queues', definition: { 'max-length': 9 }, pattern: '', priority: 3 },
        vhost: '/v',
      },
    ],
  },
}

const FROM = { path: 'definitions.json', vhosts: ['/v'] }

function read(value: unknown, from = FROM) {
  const result = readDefinitions(value, from)
  if ('finding' in result) throw new Error(sentenceOf(result.finding).message)
  return result
}

function problem(value: unknown, from = FROM): string {
  const result = readDefinitions(value, from)
  return 'finding' in result ? sentenceOf(result.finding).message : ''
}

describe('definitions', () => {
  it.each(['3.10.8', '4.0.5', '4.3.6'] as const)('of RabbitMQ %s become the objects that the broker has', (version) => {
    const { live } = read(FORMATS[version])
    const { topology } = live

    expect(live.broker.version).toBe(version)
    expect(topology.vhosts).toEqual([
      version === '3.10.8'
        ? { name: '/v', claimed: false, limits: { maxQueues: 5 } }
        : {
            name: '/v',
            claimed: false,
            description: 'd',
            tags: ['t'],
            defaultQueueType: 'quorum',
            limits: { maxQueues: 5 },
            ...(version === '4.3.6' && { protect: false }),
          },
    ])
    expect(topology.queues).toEqual([
      { vhost: '/v', name: 'q', type: 'classic', durable: true, autoDelete: false, arguments: {} },
    ])
    expect(topology.operatorPolicies).toEqual([
      { vhost: '/v', name: 'o', pattern: '', applyTo: 'queues', priority: 3, definition: { 'max-length': 9 } },
    ])
    expect(topology.parameters).toEqual([])
    expect(topology.exchanges.map(({ name, internal }) => (internal ? `(${name})` : name))).toEqual([
      '',
      'amq.direct',
      'amq.fanout',
      'amq.headers',
      'amq.match',
      '(amq.rabbitmq.trace)',
      'amq.topic',
      version === '4.3.6' ? 'y' : '(x)',
    ])
    expect([...live.untouchable]).toEqual(version === '4.0.5' ? ['queue:%2Fv/amq.gen-1'] : [])
  })

  it.each([
    ['3.10.8', ['vhost-metadata']],
    ['4.0.5', []],
    ['4.3.6', ['internal-exchanges']],
  ] as const)('of RabbitMQ %s lack %j', (version, lacks) => {
    expect(read(FORMATS[version]).notExported).toEqual(lacks)
  })

  it('of one vhost are read as those of the only vhost of the run', () => {
    const queues = [{ name: 'q', durable: true, auto_delete: false, arguments: {} }]
    const one = { ...EMPTY, rabbit_version: '3.10.8', queues }

    expect(read(one).live.topology.queues).toEqual([expect.objectContaining({ vhost: '/v', name: 'q' })])
    expect(problem(one, { path: 'd.json', vhosts: ['/v', '/w'] })).toBe(
      'd.json contains the definitions of one vhost, and the files declare "/v", "/w"',
    )
    expect(problem({ ...one, original_vhost_name: '/w' })).toBe(
      'definitions.json contains the definitions of one vhost, "/w", and the files declare "/v"',
    )
  })

  it.each([
    [null, 'it does not contain a table'],
    [[], 'it does not contain a table'],
    [{}, 'it has none of the sections of such a file'],
    [{ rabbitmq_version: '4.3.6' }, 'it has none of the sections of such a file'],
    [{ ...WHOLE, rabbitmq_version: {} }, 'rabbitmq_version is not what a broker exports'],
    [{ rabbitmq_version: '4.3.6', ...WHOLE, queues: {} }, 'queues is not a list'],
    [{ rabbitmq_version: '4.3.6', ...WHOLE, queues: ['q'] }, 'queues[0] is not a table'],
    [
      { rabbitmq_version: '4.3.6', ...WHOLE, queues: [{ name: 'q', durable: 'yes' }] },
      'queues[0].durable is not what a broker exports',
    ],
    [{ rabbitmq_version: '4.3.6', ...WHOLE, queues: [{ durable: true }] }, 'queues[0].name is missing'],
    [{ ...WHOLE, queues: [{ name: 'q', durable: true }] }, '"q" names no vhost'],
    [
      { rabbitmq_version: '4.3.6', ...WHOLE, users: [{ name: 'u', password_hash: [HASH], tags: '' }] },
      'users[0].password_hash is not what a broker exports',
    ],
    [
      { ...WHOLE, parameters: [{ vhost: '/v', component: 'operator_policy', name: 'o', value: 7 }] },
      'parameters[0].value does not have the form that a broker exports',
    ],
    [
      {
        ...WHOLE,
        parameters: [{ vhost: '/v', component: 'vhost-limits', name: 'limits', value: { 'max-queues': 'x' } }],
      },
      'parameters[0].value does not have the form that a broker exports',
    ],
    [
      {
        ...WHOLE,
        global_parameters: [{ name: 'deep', value: JSON.parse('['.repeat(300) + ']'.repeat(300)) as unknown }],
      },
      'global_parameters[0].value is not what a broker exports',
    ],
  ])('that are invalid are refused with their position: %j', (value, what) => {
    expect(problem(value)).toBe(`definitions.json is not a definitions file from a broker: ${what}`)
  })
})

describe('a part of definitions', () => {
  const exchanges = [{ name: 'x', vhost: '/v', type: 'topic', durable: true, arguments: [] }]

  it('causes no findings about the sections that it leaves out', () => {
    const { live, notExported } = read({ exchanges })

    expect(live.broker.version).toBe('')
    expect(live.topology.exchanges).toContainEqual(
      expect.objectContaining({ name: 'x', autoDelete: false, arguments: {} }),
    )
    expect(live.topology.vhosts.map(({ name }) => name)).toEqual(['/v'])
    expect(notExported).toEqual([
      'queues',
      'bindings',
      'policies',
      'operator-policies',
      'parameters',
      'vhost-limits',
      'users',
      'permissions',
      'topic-permissions',
      'global-parameters',
      'internal-exchanges',
      'vhost-metadata',
    ])
  })

  it.each([
    ['no topic_permissions', { topic_permissions: undefined }, ['topic-permissions']],
    ['no users', { users: undefined }, ['users']],
    ['an empty list of users, which no broker has', { users: [] }, ['users', 'permissions', 'topic-permissions']],
    ['no version', { rabbitmq_version: undefined, rabbit_version: undefined }, []],
    ['a version that is a number', { rabbitmq_version: 4, rabbit_version: undefined }, []],
  ])('with %s is read', (_what, change, lacks) => {
    const { 'vhost-metadata': _metadata, ...rest } = { ...FORMATS['4.0.5'], ...change } as Record<string, unknown>

    expect(read(JSON.parse(JSON.stringify(rest))).notExported).toEqual(lacks)
  })

  it.each([
    [4, '4.0'],
    [4.1, '4.1'],
    [3.1, '3.10'],
    [3.13, '3.13'],
  ])('with the number %j as its version belongs to RabbitMQ %s', (rabbitmq_version, version) => {
    const file = { ...FORMATS['4.0.5'], rabbitmq_version, rabbit_version: undefined }

    expect(read(JSON.parse(JSON.stringify(file))).live.broker.version).toBe(version)
  })

  it('is read if queues and exchanges lack durable, which then counts as true', () => {
    const { live } = read({
      vhosts: [{ name: '/v' }],
      queues: [{ name: 'q', vhost: '/v' }],
      exchanges: [{ name: 'x', vhost: '/v', type: 'direct' }],
    })

    expect(live.topology.queues).toMatchObject([{ name: 'q', durable: true }])
    expect(live.topology.exchanges.find(({ name }) => name === 'x')).toMatchObject({ durable: true })
  })

  it('is read with the virtual hosts that only its objects name, because an import adds them to existing ones', () => {
    const { live, notExported } = read({
      vhosts: [{ name: '/v', metadata: {} }],
      queues: [
        { name: 'q', vhost: '/v' },
        { name: 'q', vhost: '/other' },
      ],
      permissions: [{ user: 'u', vhost: '/third', configure: '', write: '', read: '' }],
      parameters: [{ vhost: '/other', component: 'shovel', name: 's', value: {} }],
    })

    expect(live.topology.vhosts.map(({ name }) => name)).toEqual(['/v', '/other', '/third'])
    expect(notExported).toContain('vhost-metadata')
  })

  it('is read with a hash instead of a clear-text password, as after an import', () => {
    const { live } = read({ vhosts: [{ name: '/v' }], users: [{ name: 'u', password: 'plain', tags: 'monitoring' }] })
    const credential = live.topology.users[0]?.credential

    expect(credential?.kind === 'hash' && passwordMatches('plain', credential.hash?.reveal() ?? '', ALGORITHM)).toBe(
      true,
    )
    expect(credential).toMatchObject({ algorithm: ALGORITHM })
  })

  it('from rabbitmqadmin has other names for some properties', () => {
    const { live, notExported } = read({
      server_version: '4.1.3',
      users: [],
      virtual_hosts: [{ name: '/v', tags: null, description: 'd', default_queue_type: null, metadata: null }],
      permissions: [],
      parameters: [],
      policies: [
        { vhost: '/v', name: 'p', pattern: '^q', apply_to: 'queues', priority: 1, definition: { 'max-length': 5 } },
      ],
      queues: [{ name: 'q', vhost: '/v', durable: true, auto_delete: false, arguments: { 'x-queue-type': 'quorum' } }],
      exchanges,
      bindings: [],
    })

    expect(live.broker.version).toBe('4.1.3')
    expect(live.topology.vhosts[0]).toMatchObject({ name: '/v', description: 'd' })
    expect(live.topology.policies[0]).toMatchObject({ applyTo: 'queues' })
    expect(live.topology.queues[0]).toMatchObject({ type: 'quorum' })
    expect(notExported).toContain('users')
  })
})

describe('a plan against a file', () => {
  async function failure(text: string | Buffer | undefined): Promise<InvalidInputError> {
    const folder = await mkdtemp(join(tmpdir(), 'warren-test-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const topology = join(folder, 'topology.yaml')
    const against = join(folder, 'definitions.json')
    await writeFile(topology, 'warren: 1\nproject: test\nvhost: /v\nqueues:\n  q:\n')
    if (text !== undefined) await writeFile(against, text)
    return planAgainst({ paths: [topology], against }).then(
      () => {
        throw new Error('the plan was made')
      },
      (error: unknown) => error as InvalidInputError,
    )
  }

  it.each([
    [undefined, /^cannot read .*: there is no such file$/],
    ['', /is not JSON$/],
    [`{"users":[{"password_hash":"${HASH}"`, /is not JSON$/],
    [Buffer.from([0x7b, 0xff, 0x7d]), /is not UTF-8 text$/],
    [JSON.stringify({ users: [{ password_hash: [HASH] }] }), /is not a definitions file from a broker/],
  ])('that is not usable ends with one finding that contains none of its text (%#)', async (text, message) => {
    const error = await failure(text)

    expect(error).toBeInstanceOf(InvalidInputError)
    expect(error.code).toBe('INVALID_INPUT')
    expect(error.findings.map((each) => sentenceOf(each).message)).toEqual([expect.stringMatching(message)])
    expect(JSON.stringify(error.findings.map(sentenceOf))).not.toContain(HASH)
  })

  async function planned(topology: string, value: unknown) {
    const folder = await mkdtemp(join(tmpdir(), 'warren-test-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const [path, against] = [join(folder, 'topology.yaml'), join(folder, 'definitions.json')]
    await writeFile(path, `warren: 1\nproject: test\nvhost: /v\n${topology}`)
    await writeFile(against, JSON.stringify(value))
    return planAgainst({ paths: [path], against })
  }

  it('flags unsupported properties of its version even if nothing changes', async () => {
    const refused = 'queues:\n  q: { type: classic, arguments: { x-queue-version: 1 } }\n'
    const queues = [
      {
        name: 'q',
        vhost: '/v',
        durable: true,
        auto_delete: false,
        arguments: { 'x-queue-version': 1 },
        type: 'classic',
      },
    ]
    const blocksOf = async (rabbitmq_version?: string | number) =>
      (await planned(refused, { ...FORMATS['4.3.6'], rabbitmq_version, queues })).plan.blocks.map(
        ({ reason }) => reason,
      )

    expect(await blocksOf('4.3.6')).toEqual(['unsupported'])
    expect(await blocksOf('4.0.5')).toEqual([])
    expect(await blocksOf()).toEqual([])
  })

  it('compares the objects in the file, and lists those that could not be compared', async () => {
    const { plan } = await planned('exchanges:\n  x: { type: topic }\nqueues:\n  q:\n', {
      exchanges: [{ name: 'x', vhost: '/v', type: 'topic', durable: true, internal: false }],
    })

    expect([plan.changes, plan.unchanged]).toEqual([[], 2])
    expect(plan.against?.notExported).toContainEqual({ what: 'queues', addresses: ['queue:%2Fv/q'] })
  })
})
