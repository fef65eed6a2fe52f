import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { declaration, declareFiles, findingsOf, HEAD, hintsOf, plain, messageOf } from './declaring.ts'

const environment = { NAME: 'orders', EMPTY: '', TEN: '10', YES: 'true', DELAY: '5000', SNEAKY: '${env:NAME}' }
const variables = { region: 'eu', constructor: 'own' }

describe('references', () => {
  it.each([
    ['${env:NAME}', 'orders'],
    ['a-${env:NAME}-${var:region}', 'a-orders-eu'],
    ['${env:MISSING:-fallback}', 'fallback'],
    ['${env:EMPTY:-fallback}', 'fallback'],
    ['${env:MISSING:-}', ''],
    ['${env:EMPTY}', ''],
    ['${var:constructor}', 'own'],
    ['$${env:NAME}', '${env:NAME}'],
    ['a $${ b ${env:NAME}', 'a ${ b orders'],
    ['$$${env:NAME}', '$${env:NAME}'],
    ['${env:SNEAKY}', '${env:NAME}'],
    ['$ {env:NAME} $5', '$ {env:NAME} $5'],
  ])('resolves %s to %j', async (written, value) => {
    const text = `${HEAD}queues: { q: { arguments: { x: ${JSON.stringify(written)} } } }`
    const { vhosts } = await declaration(text, {}, { environment, variables })

    expect(plain(vhosts[0]?.queues['q']?.arguments)).toEqual({ x: value })
  })

  it('become numbers and booleans if only these are valid, and only without other text', async () => {
    const text = `${HEAD}queues:
  q:
    maxLength: "\${env:TEN}"
    durable: \${env:YES}
    messageTtl: "\${env:DELAY}"
    deadLetter: "\${env:YES}"
    arguments: { x-text: "\${env:TEN}" }
    bindings: ["\${env:TEN}"]
  r:
    maxLength: "1\${env:TEN}"
    maxPriority: "\${env:NAME}"
    durable: "true"
`
    const { findings, partial } = await declareFiles(text, {}, { environment })

    expect(plain(partial?.declaration.vhosts[0]?.queues['q'])).toEqual({
      maxLength: 10,
      durable: true,
      messageTtl: 5000,
      deadLetter: true,
      arguments: { 'x-text': '10' },
      bindings: ['10'],
    })
    expect(findings.map(({ location, args }) => [location?.line, (args as { found: string }).found])).toEqual([
      [12, 'the value of 1${env:TEN}'],
      [13, 'the value of ${env:NAME}'],
      [14, 'the text "true"'],
    ])
  })

  it('are reported at their position if they have no value, with a hint how to set it', async () => {
    const text = `${HEAD}queues:
  q: { arguments: { a: "x-\${env:NOPE}", b: "\${var:nope}", c: "\${file:nope.txt}", d: "\${env:toString}" } }
`
    expect(await findingsOf(text)).toEqual([
      't.yaml:4:27 environment-variable-not-set: the environment variable NOPE is not set',
      't.yaml:4:45 variable-not-given: the variable nope is not given',
      't.yaml:4:63 referenced-file-unreadable: cannot read nope.txt: there is no such file',
      't.yaml:4:86 environment-variable-not-set: the environment variable toString is not set',
    ])
    expect(await hintsOf(text)).toEqual([
      'set it, or give a default: ${env:NOPE:-default}',
      'give it with --var nope=value, or in a file with --var-file',
      'the path of ${file:} is relative to the file that contains it',
      'set it, or give a default: ${env:toString:-default}',
    ])
  })

  it('without a value are not also reported as wrong values', async () => {
    expect(await findingsOf(`${HEAD}queues: { q: { maxLength: "\${env:NOPE}" } }`)).toEqual([
      't.yaml:3:28 environment-variable-not-set: the environment variable NOPE is not set',
    ])
  })

  it.each([
    ['${env:NAME', 'the reference ${ has no end'],
    ['${NAME}', 'there is no reference of this kind'],
    ['${ENV:NAME}', 'there is no reference of this kind'],
    ['${env:}', 'the reference ${env:} names nothing'],
    ['${file:}', 'the reference ${file:} names nothing'],
    ['${}', 'there is no reference of this kind'],
    ['${env:A:-${env:B}}', 'a reference cannot contain another one'],
  ])('%s are refused', async (written, problem) => {
    const text = `${HEAD}queues: { q: { arguments: { x: ${JSON.stringify(`at ${written}`)} } } }`

    expect(await findingsOf(text, {}, { environment })).toEqual([`t.yaml:3:36 reference-malformed: ${problem}`])
  })

  it('read files relative to the file that contains them, without the line break at the end, as secrets', async () => {
    const read: string[] = []
    const readFile = async (path: string): Promise<string> => {
      read.push(path)
      return `${path}'s text\r\n`
    }
    const { vhosts, secrets } = await declaration(
      { '/etc/shop/a.yaml': `${HEAD}queues: { q: { arguments: { x: "\${file:./key}", y: "<\${file:/run/key}>" } } }` },
      { '/etc/over/o.yaml': 'queues: { q: { arguments: { z: "${file:../key}" } } }' },
      { readFile },
    )

    expect(plain(vhosts[0]?.queues['q']?.arguments)).toEqual({
      x: "/etc/shop/key's text",
      y: "</run/key's text>",
      z: "/etc/key's text",
    })
    expect(read).toEqual(['/etc/shop/key', '/run/key', '/etc/key'])
    expect(secrets.map((secret) => secret.reveal())).toEqual([
      "/etc/shop/key's text",
      "/run/key's text",
      "/etc/key's text",
    ])
    expect(secrets.every((secret) => secret instanceof Secret)).toBe(true)
  })

  it.each([
    'project: "${file:key}"\nqueues: {}',
    'project: shop\nvhost: "${file:key}"\nqueues: {}',
    'project: shop\nqueues: { q: { deadLetter: { queue: "a.${file:key}" } } }',
    'project: shop\nqueues: { q: { bindings: ["${file:key}"] } }',
    'project: shop\nqueues: { q: { bindings: [{ exchange: amq.topic, routingKey: "${file:key}" }] } }',
    'project: shop\nqueues: { q: { bindings: [{ exchange: amq.headers, arguments: { of: "${file:key}" } }] } }',
    'project: shop\nqueues: { q: { bindings: [{ exchange: amq.headers, arguments: { of: { a: ["${file:key}"] } } }] } }',
    'project: shop\nqueues: { q: { retry: { delays: [5s, "${file:key}"] } } }',
    'project: shop\nqueues: { q: { arguments: { x-dead-letter-exchange: "${file:key}" } } }',
    'project: shop\nusers: { u: { can: { publish: ["${file:key}"] } } }',
    'project: shop\npublications: { p: { exchange: amq.topic, headers: { CC: ["${file:key}"] } } }',
  ])('refuses a reference to a file in a name: %s', async (text) => {
    const { findings } = await declareFiles(`warren: 1\n${text}`, {}, { readFile: async () => 'hunter2' })

    expect(findings.map(({ code }) => code)).toContain('file-in-name')
    expect(JSON.stringify(findings)).not.toContain('hunter2')
  })

  it('suggests a replacement for a reference to a file in a name', async () => {
    const { findings } = await declareFiles(
      `${HEAD}queues: { q: { bindings: ["\${file:key}"] } }`,
      {},
      { readFile: async () => 'hunter2' },
    )

    expect(findings.map(messageOf)).toEqual([
      't.yaml:3:28 file-in-name: ${file:key} cannot be part of a name, an address or a routing key: ' +
        'the content of a file is secret, and the broker shows its names to everyone',
    ])
  })

  it('are resolved once where an alias repeats them', async () => {
    const { vhosts } = await declaration(
      `${HEAD}x-a: &a { v: "\${env:SNEAKY}", w: "$\${x}" }\nqueues: { q: { arguments: *a }, r: { arguments: *a } }`,
      {},
      { environment },
    )

    expect(plain(vhosts[0]?.queues)).toEqual({
      q: { arguments: { v: '${env:NAME}', w: '${x}' } },
      r: { arguments: { v: '${env:NAME}', w: '${x}' } },
    })
  })

  it('need no value if an overlay replaces them', async () => {
    const { vhosts } = await declaration(`${HEAD}queues: { q: { maxLength: "\${env:PRODUCTION}" } }`, {
      'o.yaml': 'queues: { q: { maxLength: 7 } }',
    })

    expect(plain(vhosts[0]?.queues)).toEqual({ q: { maxLength: 7 } })
  })

  it('stay unresolved in passwords until a command needs the password', async () => {
    const { vhosts } = await declaration(
      `${HEAD}users: { a: { passwordHash: "\${file:hash}" }, b: { password: "a$\${b" } }`,
    )

    expect(plain(vhosts[0]?.users)).toEqual({
      a: { passwordHash: '${file:hash}' },
      b: { password: 'a$${b' },
    })
  })
})
