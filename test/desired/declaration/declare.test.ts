import { describe, expect, it } from 'vitest'
import { declaration, declareFiles, findingsOf, HEAD, hintsOf, NO_POLICIES, plain } from './declaring.ts'

describe('declare', () => {
  it('keeps the declarations of a document in the terms of the file', async () => {
    const { project, vhosts, secrets } = await declaration(
      `${HEAD}vhost: /shop
exchanges:
  events: { type: topic, alternateExchange: unrouted }
  unrouted: { type: fanout }
queues:
  email:
    type: quorum
    bindings: [unrouted, { exchange: events, routingKey: "invoice.*" }]
    retry: { delays: [5s, { delay: 30s, queue: email_retry }] }
    deadLetter: true
    messageTtl: 5000
    arguments: { x-custom: [1, two, { three: true }] }
  lost:
bindings:
  - { source: events, destination: { queue: lost }, routingKey: "#" }
publications:
  paid: { exchange: events, routingKey: invoice.paid }
subscriptions:
  emails: { queue: email, prefetch: 20 }
users:
  worker: { password: "\${env:PASSWORD}", can: { consume: [emails] } }
`,
    )

    expect({ project, secrets }).toEqual({ project: 'shop', secrets: [] })
    expect(plain(vhosts)).toEqual([
      {
        name: '/shop',
        origin: { file: 't.yaml', line: 3, column: 8, length: 5 },
        exchanges: { events: { type: 'topic', alternateExchange: 'unrouted' }, unrouted: { type: 'fanout' } },
        queues: {
          email: {
            type: 'quorum',
            bindings: ['unrouted', { exchange: 'events', routingKey: 'invoice.*' }],
            retry: { delays: ['5s', { delay: '30s', queue: 'email_retry' }] },
            deadLetter: true,
            messageTtl: 5000,
            arguments: { 'x-custom': [1, 'two', { three: true }] },
          },
          lost: {},
        },
        bindings: [{ source: 'events', destination: { queue: 'lost' }, routingKey: '#' }],
        publications: { paid: { exchange: 'events', routingKey: 'invoice.paid' } },
        requests: {},
        subscriptions: { emails: { queue: 'email', prefetch: 20 } },
        users: { worker: { password: '${env:PASSWORD}', can: { consume: ['emails'] } } },
        ...NO_POLICIES,
      },
    ])
  })

  it('knows the position of everything', async () => {
    const { vhosts, locate } = await declaration(
      `${HEAD}queues:\n  email:\n    maxLength: 10\n    bindings:\n      - amq.topic\n      - { exchange: amq.direct, routingKey: a }\n  lost:\n`,
    )
    const queues = vhosts[0]?.queues ?? {}
    const email = queues['email'] ?? {}
    const bindings = email.bindings ?? []

    expect([
      locate(queues, 'email'),
      locate(email, 'maxLength'),
      locate(email, 'maxLength', 'value'),
      locate(bindings, 0),
      locate(bindings[1] as object, 'routingKey', 'value'),
      locate(bindings),
      locate(queues['lost'] as object),
      locate(vhosts[0]?.bindings ?? []),
      locate(vhosts[0] ?? {}, 'queues'),
    ]).toEqual([
      { file: 't.yaml', line: 4, column: 3, length: 5 },
      { file: 't.yaml', line: 5, column: 5, length: 9 },
      { file: 't.yaml', line: 5, column: 16, length: 2 },
      { file: 't.yaml', line: 7, column: 9, length: 9 },
      { file: 't.yaml', line: 8, column: 45, length: 1 },
      { file: 't.yaml', line: 7, column: 7, length: 11 },
      { file: 't.yaml', line: 9, column: 3, length: 4 },
      { file: 't.yaml', line: 1, column: 1, length: 9 },
      { file: 't.yaml', line: 3, column: 1, length: 6 },
    ])
  })

  it('uses tables without a prototype, so that __proto__ is an ordinary name', async () => {
    const { vhosts } = await declaration(
      `${HEAD}queues:\n  __proto__: { durable: false }\n  constructor:\n  x: { arguments: { __proto__: 1 } }\n`,
    )
    const queues = vhosts[0]?.queues ?? {}

    expect(Object.keys(queues)).toEqual(['__proto__', 'constructor', 'x'])
    expect(Object.entries(queues['__proto__'] ?? {})).toEqual([['durable', false]])
    expect(Object.keys(queues['x']?.arguments ?? {})).toEqual(['__proto__'])
    expect(['valueOf', 'toString', 'hasOwnProperty'].filter((name) => name in queues)).toEqual([])
  })

  it('finds each of ten mistakes at its position', async () => {
    const text = `${HEAD}vhost: /shop

exchanges:
  tasks: { type: direct, durble: true }
  events: { type: topic }
  events: { type: fanout }

queues:
  email:
    type: qorum
    messageTtl: 5 seconds
    bindings:
      - { exchange: events, routingKey: 1.10 }
      - exchange: events
        routingKey: #.foo
  amq.mine: {}

subscriptions:
  emails: { queue: email, prefetch: many }
  others: { prefetch: 3 }

users:
  worker: { tags: administrator }
`
    expect(await findingsOf(text)).toEqual([
      't.yaml:6:26 unknown-key: unknown key "durble"',
      't.yaml:8:3 duplicate-key: the key "events" appears twice in the same table',
      't.yaml:12:11 wrong-value: type: expected one of classic, quorum, stream, found the text "qorum"',
      't.yaml:13:17 wrong-value: messageTtl: expected a duration such as 5s, 30m, or a whole number of milliseconds, found the text "5 seconds"',
      't.yaml:15:41 wrong-value: routingKey: expected text of at most 255 bytes, found the number 1.10',
      't.yaml:17:9 wrong-value: routingKey: expected text of at most 255 bytes, found nothing',
      't.yaml:18:3 name-reserved: the name "amq.mine" of the queue begins with amq., which is reserved for the broker',
      't.yaml:21:37 wrong-value: prefetch: expected a whole number from 1 to 65535, found the text "many"',
      't.yaml:22:3 one-form-of: exactly one of these forms is needed: queue; or superStream',
      't.yaml:25:19 wrong-value: tags: expected a list of tags, found the text "administrator"',
    ])
    expect(await hintsOf(text)).toEqual([
      'did you mean "durable"?',
      'remove or rename one of them',
      'did you mean "quorum"?',
      undefined,
      'quote it: "1.10"',
      '# begins a comment: quote the text, as in "#.foo"',
      'choose another name; an amq.* exchange can be referred to without a declaration',
      undefined,
      'give the keys of one form, and none of the others',
      undefined,
    ])
  })

  it('leaves users out for commands that need none, even without values for their references', async () => {
    const text = `${HEAD}queues: { q: }\nusers:\n  u: { password: "\${env:P}", tags: ["\${env:T}"], limits: { maxChannels: "\${env:N}" } }\n`

    expect(plain((await declaration(text, {}, { users: 'ignore' })).vhosts[0]?.users)).toEqual({})
    expect(await findingsOf(text)).toEqual([
      't.yaml:5:38 environment-variable-not-set: the environment variable T is not set',
      't.yaml:5:74 environment-variable-not-set: the environment variable N is not set',
    ])
  })

  it('keeps policies, parameters and the like', async () => {
    const sections = {
      policies: { p: { pattern: '^a', applyTo: 'queues', priority: 1, definition: { 'max-length': 1 } } },
      operatorPolicies: { p: { pattern: '', definition: {} } },
      parameters: { 'federation-upstream': { u: { uri: 'amqp://localhost' } } },
      globalParameters: { g: [1, null] },
      shovels: { s: { 'src-uri': 'amqp://localhost' } },
      federationUpstreams: { u: { uri: 'amqp://localhost' } },
      federationUpstreamSets: { a: [{ upstream: 'u' }] },
      superStreams: { s: { partitions: 3 } },
    }
    const { vhosts } = await declaration(JSON.stringify({ warren: 1, project: 'shop', ...sections }))

    expect(plain(vhosts[0])).toMatchObject(sections)
  })

  it('needs no values for sections of administrators in commands that need no users', async () => {
    const text = `${HEAD}parameters: { c: { n: "\${env:A}" } }
globalParameters: { g: ["\${env:B}"] }
shovels: { s: { src-uri: "\${env:C}" } }
federationUpstreams: { u: { uri: "\${env:D}" } }
`
    const { vhosts } = await declaration(text, {}, { users: 'ignore' })

    expect(plain(vhosts[0])).toMatchObject(NO_POLICIES)
    expect((await declareFiles(text)).findings.map(({ args }) => args)).toEqual([
      { name: 'A' },
      { name: 'B' },
      { name: 'C' },
      { name: 'D' },
    ])
  })

  it('checks users even if they are left out', async () => {
    const text = `${HEAD}users: { u: { password: "\${nope:x}", tag: [] } }`

    expect(await findingsOf(text, {}, { users: 'ignore' })).toEqual([
      't.yaml:3:26 reference-malformed: there is no reference of this kind',
      't.yaml:3:38 unknown-key: unknown key "tag"',
    ])
  })

  it('accepts protect, renamedFrom, and empty sections', async () => {
    const text = `${HEAD}policies: {}\nexchanges: { e: { renamedFrom: d } }\nqueues: { q: { protect: true, renamedFrom: p, deadLetter: { by: arguments } } }`

    expect((await declareFiles(text)).findings).toEqual([])
  })

  it('refuses to run without documents', async () => {
    expect(await findingsOf({})).toEqual(['no-document: there is no topology file to read'])
    expect(await findingsOf({ 'a.yaml': '', 'b.yaml': '# nothing yet\n', 'c.yaml': '---\n---\n' })).toEqual([
      'a.yaml:1:1 file-without-document: a.yaml contains no document',
      'b.yaml:1:1 file-without-document: b.yaml contains no document',
      'c.yaml:1:1 file-without-document: c.yaml contains no document',
    ])
  })

  it('ignores empty documents among others', async () => {
    expect((await declaration(`---\n---\n${HEAD}---\n# end\n`)).project).toBe('shop')
  })

  it('orders findings by file and place, and reports those that aliases repeat once', async () => {
    const text = `${HEAD}x-q: &q { durble: 1 }\nqueues: { a: *q, b: *q }\n`

    expect(await findingsOf({ 'b.yaml': text, 'a.yaml': `${HEAD}quues: {}` })).toEqual([
      'b.yaml:3:11 unknown-key: unknown key "durble"',
      'a.yaml:3:1 unknown-key: unknown key "quues"',
    ])
  })
})
