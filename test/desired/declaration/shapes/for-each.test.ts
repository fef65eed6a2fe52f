import { describe, expect, it } from 'vitest'
import { declaration, declareFiles, findingsOf, HEAD, hintsOf, plain, messageOf } from '../declaring.ts'

const TENANTS = `${HEAD}forEach: { tenant: [acme, globex] }
vhost: "\${tenant}"
`

/** The contents of a section in each vhost. */
async function byVhost(
  section: 'queues' | 'users' | 'exchanges' | 'bindings',
  ...args: Parameters<typeof declaration>
) {
  const { vhosts } = await declaration(...args)
  return Object.fromEntries(vhosts.map((vhost) => [vhost.name, plain(vhost[section])]))
}

const lines = (text: string) => ({ readFile: async () => text })

describe('forEach in the header', () => {
  it('repeats the document for each value', async () => {
    const text = `${TENANTS}queues: { orders: { type: quorum, maxLength: 5 }, "\${tenant}-x": }`

    expect(await byVhost('queues', text)).toEqual({
      acme: { orders: { type: 'quorum', maxLength: 5 }, 'acme-x': {} },
      globex: { orders: { type: 'quorum', maxLength: 5 }, 'globex-x': {} },
    })
  })

  it('gives each instance separate tables', async () => {
    const { vhosts } = await declaration(`${TENANTS}queues: { q: { arguments: { x-a: [1] } } }`)
    const [first, second] = vhosts.map(({ queues }) => queues['q'])

    expect(first).not.toBe(second)
    expect(first?.arguments).not.toBe(second?.arguments)
  })

  it('takes values of a variable, split at line ends', async () => {
    const text = TENANTS.replace('[acme, globex]', '"${var:tenants}"')

    expect(Object.keys(await byVhost('queues', text, {}, { variables: { tenants: 'a\r\n b \n\nc\n' } }))).toEqual([
      'a',
      'b',
      'c',
    ])
  })

  it('takes the lines of a file', async () => {
    const text = TENANTS.replace('[acme, globex]', '{ lines: tenants.txt }')

    expect(Object.keys(await byVhost('queues', text, {}, lines('x\ny\n')))).toEqual(['x', 'y'])
    const failing = {
      readFile: async () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOENT' })),
    }
    expect(await findingsOf(text, {}, failing)).toEqual([
      't.yaml:3:29 for-each-unreadable: cannot read tenants.txt: there is no such file',
    ])
  })

  it('takes tables, whose fields become numbers where a number is expected', async () => {
    const text = `${HEAD}forEach: { tenant: [{ name: acme, maxQueues: 50 }, { name: globex, maxQueues: 1000 }] }
vhost: { name: "\${tenant.name}", limits: { maxQueues: "\${tenant.maxQueues}" } }
`
    const { vhosts } = await declaration(text)

    expect(vhosts.map(({ claim }) => plain(claim))).toEqual([
      { name: 'acme', limits: { maxQueues: 50 } },
      { name: 'globex', limits: { maxQueues: 1000 } },
    ])
  })

  it('keeps filled-in values that overlays do not change', async () => {
    const text = `${HEAD}forEach: { tenant: [{ name: acme, limit: 50 }] }
vhost: { name: "\${tenant.name}", limits: { maxQueues: "\${tenant.limit}" } }
queues: { q: { maxLength: "\${tenant.limit}", durable: true } }
`
    const overlay = 'vhost: { name: acme, limits: { maxConnections: 5 } }\nqueues: { q: { durable: false } }'
    const { vhosts } = await declaration(text, { 'o.yaml': overlay })

    expect(plain([vhosts[0]?.claim?.limits, vhosts[0]?.queues])).toEqual([
      { maxQueues: 50, maxConnections: 5 },
      { q: { maxLength: 50, durable: false } },
    ])
  })

  it('uses unquoted scalars as written', async () => {
    const text = TENANTS.replace('[acme, globex]', '[01, 1.10, true, 1e3, "quoted"]')

    expect(Object.keys(await byVhost('queues', text))).toEqual(['01', '1.10', 'true', '1e3', 'quoted'])
  })

  it('repeats for all combinations of the values of several names', async () => {
    const text = `${HEAD}forEach: { tenant: [a, b], region: [eu, us] }
vhost: "\${tenant}"
queues: { "\${region}.orders": , shared: }
`
    expect(await byVhost('queues', text)).toEqual({
      a: { 'eu.orders': {}, shared: {}, 'us.orders': {} },
      b: { 'eu.orders': {}, shared: {}, 'us.orders': {} },
    })
  })

  it('declares nothing for an empty list, and is refused where a list resolves to nothing', async () => {
    const none = TENANTS.replace('[acme, globex]', '[]')
    expect(await declaration(none)).toMatchObject({ project: 'shop', vhosts: [] })

    const empty = TENANTS.replace('[acme, globex]', '"${var:t}"')
    expect(await findingsOf(empty, {}, { variables: { t: ' \n' } })).toEqual([
      't.yaml:3:20 for-each-empty: forEach: the list of tenant resolves to nothing',
    ])
    expect(await findingsOf(TENANTS.replace('[acme, globex]', '{ lines: f }'), {}, lines('\n\n'))).toEqual([
      't.yaml:3:20 for-each-empty: forEach: the list of tenant resolves to nothing',
    ])
  })

  it('is refused in other forms', async () => {
    const forms = [
      '[a, b]',
      '{}',
      '{ tenant: 5 }',
      '{ tenant: text }',
      '{ tenant: [[a]] }',
      '{ vhost: [a] }',
      '{ "a.b": [a] }',
    ]
    const found = await Promise.all(forms.map(async (form) => findingsOf(`${HEAD}forEach: ${form}`)))

    expect(found.flat()).toEqual([
      't.yaml:3:1 for-each-form: forEach needs names with the list of their values, found a list',
      't.yaml:3:1 for-each-form: forEach needs names with the list of their values, found an empty table',
      't.yaml:3:12 for-each-form: forEach needs names with the list of their values, found the number 5 for tenant',
      't.yaml:3:20 for-each-form: forEach needs names with the list of their values, found the text "text"',
      't.yaml:3:21 for-each-value: forEach: a value of tenant is text or a table of strings, found a list',
      't.yaml:3:12 for-each-name: forEach: the name "vhost" is taken',
      't.yaml:3:12 for-each-name: forEach: the name "a.b" is not possible in ${}',
    ])
  })

  it('refuses a list that contains a value twice, also one that comes from a file', async () => {
    expect(await findingsOf(TENANTS.replace('globex', 'acme'))).toEqual([
      't.yaml:3:27 for-each-twice: forEach: the value "acme" of tenant is listed twice',
    ])
    expect(await findingsOf(TENANTS.replace('globex', '"${file:secret}"'))).toEqual([
      't.yaml:3:28 file-in-name: ${file:secret} cannot be part of a name, an address or a routing key: the content of a file is secret, and the broker shows its names to everyone',
    ])
  })
})

describe('an entry without a value of the instance in its key', () => {
  it('counts once for the whole document: a user has rights in each vhost', async () => {
    const text = `${TENANTS}users: { worker: { password: "\${env:P}", tags: [a], permissions: { read: "^\${tenant}" } } }`

    expect(await byVhost('users', text)).toEqual({
      acme: { worker: { password: '${env:P}', tags: ['a'], permissions: { read: '^acme' } } },
      globex: { worker: { permissions: { read: '^globex' } } },
    })
  })

  it('is declared once in one vhost, with its bindings and the claim', async () => {
    const text = `${HEAD}forEach: { region: [eu, us] }
vhost: { name: /shared, tags: [a] }
exchanges: { events: { type: topic } }
queues: { all: }
bindings:
  - { source: events, destination: { queue: all }, routingKey: "all.#" }
  - { source: events, destination: { queue: all }, routingKey: "\${region}.#" }
globalParameters: { g: 5 }
`
    const [vhost, ...others] = (await declaration(text)).vhosts

    expect(others).toEqual([])
    expect(plain(vhost?.bindings.map(({ routingKey }) => routingKey))).toEqual(['all.#', 'eu.#', 'us.#'])
    expect(plain([vhost?.claim, vhost?.queues])).toEqual([{ name: '/shared', tags: ['a'] }, { all: {} }])
  })

  it('is refused when its value depends on the instance', async () => {
    const text = `${HEAD}forEach: { region: [eu, us] }
exchanges: { e: { type: topic } }
queues: { all: { bindings: [{ exchange: e, routingKey: "\${region}" }] } }
globalParameters: { g: "\${region}" }
`
    expect(await findingsOf(text)).toEqual([
      't.yaml:5:11 instances-differ: the queue "all" exists once for all instances, but its value depends on ${region}',
      't.yaml:6:21 instances-differ: the global parameter "g" exists once for all instances, but its value depends on ${region}',
    ])
    const user = `${TENANTS}users: { u: { password: "\${env:P_\${tenant}}" } }`
    expect(await findingsOf(user)).toEqual([
      't.yaml:5:10 instances-differ: the user "u" exists once for all instances, but its value depends on ${tenant}',
    ])
  })
})

describe('forEach of an entry', () => {
  it('repeats the entry', async () => {
    const text = `${HEAD}exchanges: { events: { type: topic } }
queues:
  "\${region}.orders":
    forEach: { region: [eu, us] }
    type: quorum
    bindings: [{ exchange: events, routingKey: "\${region}.order.#" }]
policies: { "\${q}-limit": { forEach: { q: [a.b, c] }, pattern: "^\${q}$", definition: { max-length: 5 } } }
`
    const [vhost] = (await declaration(text)).vhosts

    expect(plain([vhost?.queues, vhost?.policies])).toEqual([
      {
        'eu.orders': { type: 'quorum', bindings: [{ exchange: 'events', routingKey: 'eu.order.#' }] },
        'us.orders': { type: 'quorum', bindings: [{ exchange: 'events', routingKey: 'us.order.#' }] },
      },
      {
        'a.b-limit': { pattern: '^a\\.b$', definition: { 'max-length': 5 } },
        'c-limit': { pattern: '^c$', definition: { 'max-length': 5 } },
      },
    ])
  })

  it('may use the names of the header, but not repeat its own', async () => {
    const text = `${TENANTS}queues: { "\${tenant}.\${n}": { forEach: { n: [1, 2] } } }`

    expect(await byVhost('queues', text)).toEqual({
      acme: { 'acme.1': {}, 'acme.2': {} },
      globex: { 'globex.1': {}, 'globex.2': {} },
    })
    expect(await findingsOf(`${TENANTS}queues: { "\${tenant}": { forEach: { tenant: [1] } } }`)).toEqual([
      't.yaml:5:37 for-each-name: forEach: the name "tenant" is taken by the header of the document',
    ])
  })

  it('needs each of its names in the key', async () => {
    expect(await findingsOf(`${HEAD}queues: { q: { forEach: { n: [1] } } }`)).toEqual([
      't.yaml:3:11 for-each-not-in-key: the key does not contain ${n}, so all instances would have the same name',
    ])
  })

  it('reports two entries with the same resulting name at both positions', async () => {
    const text = `${HEAD}queues:
  "\${n}": { forEach: { n: [a, b] } }
  "\${m}": { forEach: { m: [b] } }
`
    const { findings } = await declareFiles(text)

    expect(findings.map((found) => [messageOf(found), found.related?.map(({ location }) => location.line)])).toEqual([
      ['t.yaml:5:3 declared-twice: the queue "b" is declared twice', [4, 5]],
    ])
  })
})

describe('names in texts', () => {
  it('are replaced within references, and their values are not expanded again', async () => {
    const text = `${HEAD}forEach: { t: ["a$\${env:X}"] }
vhost: v
queues: { q: { arguments: { x-a: "\${t}", x-b: "=\${t}" } } }
users: { u: { password: "\${env:P_1}" } }
`
    expect(await byVhost('queues', text)).toEqual({
      v: { q: { arguments: { 'x-a': 'a${env:X}', 'x-b': '=a${env:X}' } } },
    })
    const inReference = `${TENANTS}queues: { q: { arguments: { x-a: "\${env:\${tenant}}", x-b: "\${var:v_\${tenant}}" } } }`
    const values = { environment: { acme: '${t}', globex: '2' }, variables: { v_acme: '3', v_globex: '4' } }
    expect(await byVhost('queues', inReference, {}, values)).toEqual({
      acme: { q: { arguments: { 'x-a': '${t}', 'x-b': '3' } } },
      globex: { q: { arguments: { 'x-a': '2', 'x-b': '4' } } },
    })
  })

  it('are refused if their value would change the reference around them', async () => {
    const text = (value: string, written: string) =>
      `${HEAD}forEach: { t: ['${value}'] }\nvhost: v\nqueues: { q: { arguments: { x: "${written}" } } }`
    const cases = [
      ['a}b', '${env:${t}}'],
      ['a:-b', '${env:${t}}'],
      ['a$', '${t}${env:X:-b}'],
    ] as const
    const found = await Promise.all(cases.map(async ([value, written]) => findingsOf(text(value, written))))

    expect(found.flat().map((each) => each.split(': ')[0])).toEqual(
      cases.map(() => 't.yaml:5:32 instance-not-in-reference'),
    )
  })

  it('are the vhost after it was mapped, and the environment', async () => {
    const text = `${HEAD}vhost: /shop\nqueues: { "\${environment}-q": { arguments: { x: "\${vhost}" } } }`

    expect(await byVhost('queues', text, {}, { vhosts: { '/shop': '/preview' }, environmentName: 'prod' })).toEqual({
      '/preview': { 'prod-q': { arguments: { x: '/preview' } } },
    })
    expect(
      await findingsOf(`${HEAD}vhost: "\${vhost}-x"\nqueues: { q: { arguments: { x: "\${environment}" } } }`),
    ).toEqual([
      't.yaml:3:8 vhost-in-header: ${vhost} is not known yet: it is the name that the header gives',
      't.yaml:4:32 environment-not-chosen: ${environment} is the name of the chosen environment, and none is chosen',
    ])
  })

  it('are refused if they are unknown', async () => {
    const text = `${TENANTS}queues: { "\${tennant}": , "\${tenant.name}": , q: { arguments: { x: "\${other}" } } }`

    expect(await findingsOf(text)).toEqual([
      't.yaml:5:11 instance-unknown: the name ${tennant} is not known here',
      't.yaml:5:27 instance-field: ${tenant} is a string and has no field "name"',
      't.yaml:5:68 instance-unknown: the name ${other} is not known here',
    ])
    expect(await hintsOf(text)).toEqual([
      'did you mean ${tenant}?',
      'write ${tenant}',
      'the names here are tenant, vhost, environment; write ${env:other} or ${var:other} for a variable, and $${ for a literal ${',
    ])
  })

  it('need an existing field if the value is a table', async () => {
    const text = `${HEAD}forEach: { t: [{ name: a }] }\nvhost: v\nqueues: { "\${t}": , "\${t.nme}": }`

    expect(await findingsOf(text)).toEqual([
      't.yaml:5:11 instance-field: ${t} is a table, not a string',
      't.yaml:5:21 instance-field: this instance of ${t} has no field "nme"',
    ])
  })

  it('are escaped in patterns and encoded in URIs, unless they are the whole URI', async () => {
    const text = `${HEAD}forEach: { t: [{ name: "a.b/c", uri: "amqp://h/%2f" }] }
vhost: v
exchanges: { e: { type: topic } }
users: { u: { permissions: { read: "^\${t.name}\\\\." }, topicPermissions: { e: { write: "^\${t.name}" } } } }
policies: { p: { pattern: "^\${t.name}$", definition: { max-length: 1 } } }
shovels: { s: { src-uri: "amqp://h/\${t.name}", dest-uri: "\${t.uri}", src-queue: "\${t.name}" } }
`
    const [vhost] = (await declaration(text)).vhosts

    expect(plain([vhost?.users, vhost?.policies['p']?.pattern, vhost?.shovels])).toEqual([
      { u: { permissions: { read: '^a\\.b/c\\.' }, topicPermissions: { e: { write: '^a\\.b/c' } } } },
      '^a\\.b/c$',
      { s: { 'src-uri': 'amqp://h/a.b%2Fc', 'dest-uri': 'amqp://h/%2f', 'src-queue': 'a.b/c' } },
    ])
  })

  it('must not contain a wildcard in the key of a topic exchange', async () => {
    const text = `${HEAD}forEach: { t: ["a.*", "#"] }
exchanges: { topic: { type: topic }, direct: }
queues: { "\${t}": { bindings: [{ exchange: topic, routingKey: "x.\${t}" }, { exchange: direct, routingKey: "\${t}" }] } }
publications: { "\${t}": { exchange: topic, routingKey: "{id}.\${t}" } }
`
    expect(await findingsOf(text)).toEqual([
      't.yaml:5:63 instance-in-topic-key: the value "a.*" contains * or #, which match other keys in a topic routing key',
      't.yaml:5:63 instance-in-topic-key: the value "#" contains * or #, which match other keys in a topic routing key',
      't.yaml:6:56 instance-in-topic-key: the value "a.*" contains * or #, which match other keys in a topic routing key',
      't.yaml:6:56 instance-in-topic-key: the value "#" contains * or #, which match other keys in a topic routing key',
    ])
    const braces = `${HEAD}forEach: { t: ["{x}"] }\nexchanges: { e: }\npublications: { "\${t}": { exchange: e, routingKey: "\${t}" } }`
    expect(await findingsOf(braces)).toEqual([
      't.yaml:5:52 instance-in-publication-key: the value "{x}" contains a brace, which begins a parameter in the routing key of a publication',
    ])
  })
})

describe('references in keys', () => {
  it('are resolved in the names of sections, topic permissions and parameters', async () => {
    const text = `${HEAD}exchanges: { "\${var:p}.e": { type: topic } }
queues: { "\${env:P:-x}.q": , "literal $\${x}": }
users: { "u-\${var:p}": { topicPermissions: { "\${var:p}.e": { write: "^a" } } } }
parameters: { "c-\${var:p}": { "n-\${var:p}": { a: 1 } } }
`
    const [vhost] = (await declaration(text, {}, { variables: { p: 'v' } })).vhosts

    expect(plain([vhost?.exchanges, vhost?.queues, vhost?.users, vhost?.parameters])).toEqual([
      { 'v.e': { type: 'topic' } },
      { 'x.q': {}, 'literal ${x}': {} },
      { 'u-v': { topicPermissions: { 'v.e': { write: '^a' } } } },
      { 'c-v': { 'n-v': { a: 1 } } },
    ])
  })

  it('are refused if they have no value, are malformed, or would show the content of a file', async () => {
    const text = `${HEAD}queues: { "\${env:X}": , "\${var:y}": , "\${file:z}": , "\${q}": , "\${": }`

    expect((await findingsOf(text)).map((each) => each.split(': ')[0])).toEqual([
      't.yaml:3:12 environment-variable-not-set',
      't.yaml:3:26 variable-not-given',
      't.yaml:3:40 file-in-name',
      't.yaml:3:55 reference-malformed',
      't.yaml:3:65 reference-malformed',
    ])
  })

  it('need nothing for sections of administrators when users are left out', async () => {
    const text = `${HEAD}users: { "\${env:NAME}": }\nqueues: { q: }`

    expect(await findingsOf(text, {}, { users: 'ignore' })).toEqual([])
    expect(await findingsOf(text)).toEqual([
      't.yaml:3:11 environment-variable-not-set: the environment variable NAME is not set',
    ])
  })

  it('are resolved in overlays, too', async () => {
    const overlay = 'queues: { "${var:p}.q": { maxLength: 5, arguments: { x: "${vhost}" } } }'

    expect(
      await byVhost('queues', `${HEAD}queues: { "\${var:p}.q": }`, { 'o.yaml': overlay }, { variables: { p: 'v' } }),
    ).toEqual({ '/': { 'v.q': { maxLength: 5, arguments: { x: '/' } } } })
  })
})

describe('the order of resolution', () => {
  it('is: templates, instances, documents of a vhost, overlays, values', async () => {
    const files = {
      'a.yaml': `${HEAD}forEach: { tenant: [acme] }
vhost: "\${tenant}"
defaults: { queues: { type: quorum, arguments: { x-owner: "\${tenant} \${env:TEAM}" } } }
queues: { "\${tenant}.a": { maxLength: "\${var:n}" } }
`,
      'b.yaml': `${HEAD}vhost: acme\nqueues: { b: }\n`,
    }
    const overlay = 'vhost: acme\nqueues: { acme.a: { arguments: { x-owner: "overlay ${env:TEAM}" } } }'
    const values = { environment: { TEAM: 'ops' }, variables: { n: '7' } }

    expect(await byVhost('queues', files, { 'o.yaml': overlay }, values)).toEqual({
      acme: { 'acme.a': { type: 'quorum', maxLength: 7, arguments: { 'x-owner': 'overlay ops' } }, b: {} },
    })
    expect(await byVhost('queues', files, {}, values)).toMatchObject({
      acme: { 'acme.a': { arguments: { 'x-owner': 'acme ops' } } },
    })
  })
})

describe('an overlay over repeated shapes', () => {
  it('refuses keys that are expanded before overlays are merged', async () => {
    const overlay = `use: [t.yaml]
defaults: {}
templates: {}
forEach: { a: [b] }
queues: { q: { template: [], forEach: {} } }
`
    expect(await findingsOf(`${HEAD}queues: { q: }`, { 'o.yaml': overlay })).toEqual([
      'o.yaml:1:1 shape-in-overlay: use is not allowed in an overlay',
      'o.yaml:2:1 shape-in-overlay: defaults is not allowed in an overlay',
      'o.yaml:3:1 shape-in-overlay: templates is not allowed in an overlay',
      'o.yaml:4:1 shape-in-overlay: forEach is not allowed in an overlay',
      'o.yaml:5:16 shape-in-overlay: template is not allowed in an overlay',
      'o.yaml:5:30 shape-in-overlay: forEach is not allowed in an overlay',
    ])
  })

  it('names declared objects, unless it marks one as new', async () => {
    const base = `${HEAD}queues: { orders: }`

    expect(await findingsOf(base, { 'o.yaml': 'queues: { ordres: { durable: false }, x: }' })).toEqual([
      'o.yaml:1:11 overlay-name-unknown: the overlay names the queue "ordres", which no document declares',
      'o.yaml:1:39 overlay-removes-nothing: the overlay removes "x", which no document declares',
    ])
    expect(await hintsOf(base, { 'o.yaml': 'queues: { ordres: {} }' })).toEqual([
      'did you mean "orders"? write "new: true" there if the overlay should add it',
    ])
    expect(await findingsOf(base, { 'o.yaml': 'queues: { orders: { new: true } }' })).toEqual([
      'o.yaml:1:11 overlay-new-exists: the overlay says that the queue "orders" is new, and a document declares it',
    ])
    expect(await findingsOf(base, { 'o.yaml': 'queues: { more: { new: true } }' })).toEqual([])
  })

  it('is the only file that can mark something as new', async () => {
    expect(await findingsOf(`${HEAD}queues: { q: { new: true } }`)).toEqual([
      't.yaml:3:16 new-outside-overlay: "new" is allowed only in an overlay',
    ])
  })
})
