import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { explainFinding as sentence } from '../../../src/diagnostics/findings/finding.ts'
import { formatLocation } from '../../../src/diagnostics/location.ts'
import { loadTopology, type Loaded, type LoadOptions } from '../../../src/desired/load/load-topology.ts'
import { loadSchemaCompiler } from '../../../src/runtime/routes/message-schema.ts'
import { publication } from '../../runtime/routes.ts'
import { folderWith } from './folder.ts'

type Options = Omit<Partial<LoadOptions>, 'paths'>

async function load(
  files: Readonly<Record<string, string>>,
  options: Options = {},
): Promise<Loaded & { folder: string }> {
  const folder = await folderWith(files)
  const below = (paths: readonly string[] = []) => paths.map((path) => join(folder, path))
  const loaded = await loadTopology({
    environment: {},
    ...options,
    paths: [join(folder, 'topology.yaml')],
    overlays: below(options.overlays),
    variableFiles: below(options.variableFiles),
  })
  return { ...loaded, folder }
}

/** The findings as `file:line:column: message`, with paths relative to the folder. */
function findingsOf({ findings, folder }: Loaded & { folder: string }): string[] {
  return findings.map((each) => {
    const { location } = each
    const place = location && formatLocation({ ...location, file: relative(folder, location.file) })
    return `${place}: ${sentence(each).message}`
  })
}

const HEAD = 'warren: 1\nproject: shop\n'

const EMAIL = `${HEAD}
exchanges:
  tasks:
queues:
  email:
    type: quorum
    bindings: [{ exchange: tasks, routingKey: email }]
    retry: { delays: [5s, 30s] }
    deadLetter: true
publications:
  send: { exchange: tasks, routingKey: email, message: { schema: ./schemas/email.json } }
subscriptions:
  emails: { queue: email }
users:
  worker: { password: "\${env:PASSWORD}", can: { publish: [send], consume: [emails] } }
`
const SCHEMA = '\uFEFF{ "type": "object" }'

describe('loadTopology', () => {
  it('knows the position of every object, including derived ones', async () => {
    const { desired, findings, folder } = await load({ 'topology.yaml': EMAIL, 'schemas/email.json': SCHEMA })

    expect(findings).toEqual([])
    const { exchanges = [], queues = [], bindings = [], permissions = [], users = [] } = desired?.topology ?? {}
    const origins = [
      ...[...exchanges, ...queues, ...users].map(({ name, origin }) => [name, origin]),
      ...bindings.map(({ source, destination, origin }) => [`${source} -> ${destination}`, origin]),
      ...permissions.map(({ user, origin }) => [`rights of ${user}`, origin]),
    ] as const
    expect(
      Object.fromEntries(
        origins.map(([name, origin]) => [
          name,
          typeof origin === 'object' && formatLocation({ ...origin, file: relative(folder, origin.file) }),
        ]),
      ),
    ).toEqual({
      'email.failed': 'topology.yaml:10:5',
      tasks: 'topology.yaml:5:3',
      email: 'topology.yaml:7:3',
      'email.dead': 'topology.yaml:11:5',
      'email.retry.5s': 'topology.yaml:10:23',
      'email.retry.30s': 'topology.yaml:10:27',
      worker: 'topology.yaml:17:3',
      'email.failed -> email': 'topology.yaml:10:5',
      'email.failed -> email.dead': 'topology.yaml:11:5',
      'email.failed -> email.retry.5s': 'topology.yaml:10:23',
      'email.failed -> email.retry.30s': 'topology.yaml:10:27',
      'tasks -> email': 'topology.yaml:9:16',
      'rights of worker': 'topology.yaml:17:42',
    })
    expect(desired?.routes.publications[0]?.message).toEqual({ schema: { type: 'object' } })
  })

  it('finds all mistakes together, each at its position', async () => {
    const text = `${HEAD}
exchanges:
  tasks: { alternateExchange: task }
queues:
  email:
    type: classic
    maxAge: 1d
    bindings: [taks, { exchange: tasks, routingKey: a }, { exchange: tasks, routingKey: a }]
    retry: { delays: [5s, 4000d] }
publications:
  send: { exchange: tasks, message: { schema: nowhere.json } }
subscriptions:
  emails: { queue: emial }
users:
  worker: { can: { publish: [sned], consume: [emails] } }
  other: { permissions: {}, can: {} }
`
    const loaded = await load({ 'topology.yaml': text })

    expect(loaded.desired).toBeUndefined()
    expect(findingsOf(loaded)).toEqual([
      'topology.yaml:5:31: exchange "task" is not declared in vhost "/"',
      'topology.yaml:9:5: a classic queue has no maxAge',
      'topology.yaml:10:16: exchange "taks" is not declared in vhost "/"',
      'topology.yaml:10:58: queue "email" is bound to exchange "tasks" with routing key "a" twice',
      'topology.yaml:11:5: retry does not declare what happens to messages that fail after the last delay',
      'topology.yaml:11:5: messages that wait for a retry of the classic queue "email" can be lost when a node is killed: from a classic queue the broker dead-letters at most once',
      'topology.yaml:11:27: a delay is 4000d, which is out of range',
      'topology.yaml:13:47: cannot read the message schema nowhere.json: there is no such file',
      'topology.yaml:15:20: queue "emial" is not declared in vhost "/"',
      'topology.yaml:17:30: publication "sned" is not declared in vhost "/"',
      'topology.yaml:18:12: user "other" has both permissions and can in vhost "/"',
    ])
  })

  it('finds wrong references even if there are other mistakes', async () => {
    const text = `${HEAD}
exchange:
  tasks:
exchanges:
  events: { tpye: topic, bindings: [evnts] }
queues:
  a: { type: quorum, maxAge: 1d, maxLength: many, bindings: [{ exchange: events, routingKey: 1.10 }] }
  b: { type: classic, maxAge: 1d, bindings: [nowhere] }
subscriptions:
  s: { queue: bb, prefetch: 0 }
  t: { queue: a, offset: first }
users:
  u: { tags: x, can: { publish: [p], consume: [q] } }
`
    const loaded = await load({ 'topology.yaml': text })

    expect(loaded.desired).toBeUndefined()
    expect(findingsOf(loaded)).toEqual([
      'topology.yaml:4:1: unknown key "exchange"',
      'topology.yaml:7:13: unknown key "tpye"',
      'topology.yaml:7:37: exchange "evnts" is not declared in vhost "/"',
      'topology.yaml:9:45: maxLength: expected a whole number of at least 0, found the text "many"',
      'topology.yaml:9:94: routingKey: expected text of at most 255 bytes, found the number 1.10',
      'topology.yaml:10:23: a classic queue has no maxAge',
      'topology.yaml:10:46: exchange "nowhere" is not declared in vhost "/"',
      'topology.yaml:12:15: queue "bb" is not declared in vhost "/"',
      'topology.yaml:12:29: prefetch: expected a whole number from 1 to 65535, found the number 0',
      'topology.yaml:15:14: tags: expected a list of tags, found the text "x"',
      'topology.yaml:15:34: publication "p" is not declared in vhost "/"',
      'topology.yaml:15:48: subscription "q" is not declared in vhost "/"',
    ])
  })

  it('returns the texts of all files, for code frames', async () => {
    const { sources, folder } = await load(
      { 'topology.yaml': HEAD, 'prod.yaml': 'exchanges: { e: { type: fanout } }' },
      { overlays: ['prod.yaml'] },
    )

    expect([...sources]).toEqual([
      [join(folder, 'topology.yaml'), HEAD],
      [join(folder, 'prod.yaml'), 'exchanges: { e: { type: fanout } }'],
    ])
  })

  it('reports files that it cannot read', async () => {
    const loaded = await load(
      { 'topology.yaml': HEAD },
      { overlays: ['no-overlay.yaml'], variableFiles: ['no-variables'] },
    )

    expect(loaded.desired).toBeUndefined()
    expect(findingsOf(loaded)).toEqual([
      `undefined: cannot read ${join(loaded.folder, 'no-overlay.yaml')}: there is no such file`,
      `undefined: cannot read ${join(loaded.folder, 'no-variables')}: there is no such file`,
    ])
  })

  it('reads variables from files and options, with precedence for the latter', async () => {
    const text = `${HEAD}
exchanges:
  e: { type: "\${var:type}", arguments: { a: "\${var:a}", b: "\${var:b}", c: "\${env:C}" } }
`
    const { desired, variables } = await load(
      { 'topology.yaml': text, one: 'type=topic\na=1\nb=one\n', two: '# a comment\nb="two words"\n' },
      { variableFiles: ['one', 'two'], variables: { type: 'fanout' }, environment: { C: 'c' } },
    )

    expect(desired?.topology.exchanges[0]).toMatchObject({
      type: 'fanout',
      arguments: { a: '1', b: 'two words', c: 'c' },
    })
    expect(variables).toEqual({ type: 'fanout', a: '1', b: 'two words' })
  })

  it('applies no defaults and templates to derived objects', async () => {
    const inherited = 'maxLength: 9, maxLengthBytes: 1MiB, arguments: { x-plugin: 1 }'
    const rest = 'retry: { delays: [5s] }, deadLetter: true'
    const derivedOf = async (text: string) => {
      const { desired } = await load({ 'topology.yaml': `${HEAD}${text}` })
      return desired?.topology.queues
        .filter(({ name }) => name !== 'q')
        .map(({ name, arguments: table }) => JSON.stringify([name, table]))
        .toSorted()
    }
    const plain = await derivedOf(`queues: { q: { type: quorum, ${rest} } }`)

    expect(plain).toHaveLength(2)
    const byDefault = `defaults: { queues: { ${inherited} } }\nqueues: { q: { type: quorum, ${rest} } }`
    expect(await derivedOf(byDefault)).toEqual(plain)
    const byTemplate = `templates: { t: { queues: { ${inherited} } } }\nqueues: { q: { template: [t], type: quorum, ${rest} } }`
    expect(await derivedOf(byTemplate)).toEqual(plain)
  })

  it('maps vhosts', async () => {
    const { desired } = await load(
      { 'topology.yaml': EMAIL, 'schemas/email.json': SCHEMA },
      { vhosts: { '/': 'preview' } },
    )

    expect(desired?.topology.vhosts.map(({ name }) => name)).toEqual(['preview'])
    expect(new Set(desired?.topology.queues.map(({ vhost }) => vhost))).toEqual(new Set(['preview']))
    expect(desired?.topology.permissions.map(({ vhost }) => vhost)).toEqual(['preview'])
    expect(desired?.routes.subscriptions.map(({ vhost }) => vhost)).toEqual(['preview'])
  })

  it('leaves users out for commands that need none', async () => {
    const { desired } = await load({ 'topology.yaml': EMAIL, 'schemas/email.json': SCHEMA }, { users: 'ignore' })

    expect(desired?.topology.users).toEqual([])
    expect(desired?.topology.permissions).toEqual([])
  })

  it('shows no value that came from a file', async () => {
    const text = `${HEAD}
queues:
  q: { type: "\${file:secret}", messageTtl: "\${file:secret}" }
`
    const loaded = await load({ 'topology.yaml': text, secret: 'hunter2\n' })

    expect(findingsOf(loaded)).toHaveLength(2)
    expect(JSON.stringify(loaded.findings)).not.toContain('hunter2')
  })

  it.each([
    ['not json', /^topology\.yaml:5:37: the message schema p\.json is not a JSON Schema: .*JSON/],
    ['[]', /is not a JSON Schema: it is neither an object nor true or false$/],
    ['"x"', /is not a JSON Schema: it is neither an object nor true or false$/],
  ])('refuses an invalid message schema: %s', async (schema, sentence) => {
    const text = `${HEAD}
publications:
  p: { exchange: amq.topic, message: { schema: p.json } }
`
    const [finding = ''] = findingsOf(await load({ 'topology.yaml': text, 'p.json': schema }))

    expect(finding.replace(':5:48:', ':5:37:')).toMatch(sentence)
  })

  it.each([
    [
      '{ "properties": { "id": { "type": "strin" } } }',
      '/properties/id/type must be equal to one of the allowed values: array, boolean, integer, null, number, object, string',
    ],
    ['{ "required": "id" }', '/required must be array'],
    ['{ "pattern": "(" }', 'Invalid regular expression: /(/u: Unterminated group'],
    ['{ "$ref": "other.json" }', "can't resolve reference other.json from id #"],
    ['{ "$schema": "http://json-schema.org/draft-07/schema#", "items": 1 }', '/items must be object,boolean'],
    [
      '{ "$schema": "http://json-schema.org/draft-04/schema#" }',
      'no schema with key or ref "http://json-schema.org/draft-04/schema#"',
    ],
  ])(
    'refuses a message schema that the runtime could not use, at each reference to it: %s',
    async (schema, problem) => {
      const text = `${HEAD}
queues: { q: {} }
publications:
  p: { exchange: amq.topic, message: { schema: p.json } }
subscriptions:
  s: { queue: q, message: { schema: ./p.json } }
`
      const loaded = await load({ 'topology.yaml': text, 'p.json': schema })

      expect(loaded.desired).toBeUndefined()
      expect(findingsOf(loaded)).toEqual([
        `topology.yaml:6:48: the message schema p.json is not a valid JSON Schema: ${problem}`,
        `topology.yaml:8:37: the message schema ./p.json is not a valid JSON Schema: ${problem}`,
      ])
      await expect(compiledByTheRuntime(JSON.parse(schema))).rejects.toThrow(
        problem.startsWith('/') ? 'schema is invalid' : problem,
      )
    },
  )

  it.each([
    '{ "$id": "https://example.com/a", "properties": { "to": { "format": "email", "x-shown": true } } }',
    '{ "$schema": "http://json-schema.org/draft-07/schema#", "items": [{ "type": "string" }] }',
    'true',
  ])('accepts a message schema that the runtime can use: %s', async (schema) => {
    const text = `${HEAD}
publications:
  p: { exchange: amq.topic, message: { schema: p.json } }
  q: { exchange: amq.topic, message: { schema: p.json } }
`
    expect((await load({ 'topology.yaml': text, 'p.json': schema })).findings).toEqual([])
    await expect(compiledByTheRuntime(JSON.parse(schema))).resolves.toBeDefined()
  })
})

async function compiledByTheRuntime(schema: unknown): Promise<unknown> {
  const compile = await loadSchemaCompiler({ publications: [publication({ message: { schema } })], subscriptions: [] })
  return compile?.(schema)
}
