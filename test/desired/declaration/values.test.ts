import { describe, expect, it } from 'vitest'
import { declaration, declareFiles, findingsOf, HEAD, hintsOf, plain } from './declaring.ts'

const queue = (properties: string): string => `${HEAD}queues: { q: { ${properties} } }`
const user = (properties: string): string => `${HEAD}users: { u: { ${properties} } }`

describe('a value of the wrong form', () => {
  it.each([
    [
      'type: yes',
      't.yaml:3:22 wrong-value: type: expected one of classic, quorum, stream, found the text "yes"',
      undefined,
    ],
    [
      'durable: yes',
      't.yaml:3:25 wrong-value: durable: expected true or false, found the text "yes"',
      'write true or false',
    ],
    [
      'durable: "true"',
      't.yaml:3:25 wrong-value: durable: expected true or false, found the text "true"',
      'write it without quotes',
    ],
    [
      'maxLength: "10"',
      't.yaml:3:27 wrong-value: maxLength: expected a whole number of at least 0, found the text "10"',
      'write it without quotes',
    ],
    [
      'maxLength: 1.5',
      't.yaml:3:27 wrong-value: maxLength: expected a whole number of at least 0, found the number 1.5',
      undefined,
    ],
    [
      'maxLength: -1',
      't.yaml:3:27 wrong-value: maxLength: expected a whole number of at least 0, found the number -1',
      undefined,
    ],
    [
      'maxLength: 0x1p',
      't.yaml:3:27 wrong-value: maxLength: expected a whole number of at least 0, found the text "0x1p"',
      undefined,
    ],
    [
      'maxPriority: 256',
      't.yaml:3:29 wrong-value: maxPriority: expected a whole number from 1 to 255, found the number 256',
      undefined,
    ],
    [
      'expires: -5s',
      't.yaml:3:25 wrong-value: expires: expected a duration such as 5s, 30m, or a whole number of milliseconds, found the text "-5s"',
      undefined,
    ],
    [
      'expires: -5',
      't.yaml:3:25 wrong-value: expires: expected a duration such as 5s, 30m, or a whole number of milliseconds, found the number -5',
      undefined,
    ],
    [
      'expires: 1.5',
      't.yaml:3:25 wrong-value: expires: expected a duration such as 5s, 30m, or a whole number of milliseconds, found the number 1.5',
      undefined,
    ],
    [
      'expires: [5s]',
      't.yaml:3:25 wrong-value: expires: expected a duration such as 5s, 30m, or a whole number of milliseconds, found a list',
      undefined,
    ],
    [
      'maxLengthBytes: 5 MB',
      't.yaml:3:32 wrong-value: maxLengthBytes: expected a size such as 512KiB, 10MB, or a whole number of bytes, found the text "5 MB"',
      undefined,
    ],
    [
      'leaderLocator: 1',
      't.yaml:3:31 wrong-value: leaderLocator: expected the name of a way to place leaders, such as balanced, found the number 1',
      'quote it: "1"',
    ],
    [
      'bindings: audit',
      't.yaml:3:26 wrong-value: bindings: expected a list of exchanges or bindings, found the text "audit"',
      undefined,
    ],
    [
      'bindings: [1.10]',
      't.yaml:3:27 wrong-value: bindings[0]: expected the name of an exchange, or a table such as { exchange: events, routingKey: "invoice.*" }, found the number 1.10',
      'quote it: "1.10"',
    ],
    [
      'bindings: [{ routingKey: a }]',
      't.yaml:3:27 missing-key: the key "exchange" is missing',
      'The exchange that messages come from.',
    ],
    [
      'bindings: [{ exchange: a, routingKey: true }]',
      't.yaml:3:54 wrong-value: routingKey: expected text of at most 255 bytes, found true',
      'quote it: "true"',
    ],
    [
      'bindings: [{ exchange: a, routingKey: null }]',
      't.yaml:3:54 wrong-value: routingKey: expected text of at most 255 bytes, found nothing',
      'quote it if you mean text: "null"',
    ],
    [
      'arguments: { x: null }',
      't.yaml:3:32 wrong-value: x: expected text, a number, true, false, a list or a table, found nothing',
      'quote it if you mean text: "null"',
    ],
    [
      'arguments: { x: [1, ~] }',
      't.yaml:3:36 wrong-value: x[1]: expected text, a number, true, false, a list or a table, found nothing',
      'quote it if you mean text: "~"',
    ],
    [
      'arguments: { a/b~c: { d: null } }',
      't.yaml:3:41 wrong-value: d: expected text, a number, true, false, a list or a table, found nothing',
      'quote it if you mean text: "null"',
    ],
    [
      'retry: { delays: [] }',
      't.yaml:3:33 wrong-value: delays: expected a list of durations, found an empty list',
      undefined,
    ],
    [
      'retry: { delays: [soon] }',
      't.yaml:3:34 wrong-value: delays[0]: expected a duration such as 5s, or a table such as { delay: 30s, queue: email_retry }, found the text "soon"',
      undefined,
    ],
    [
      'retry: 5s',
      't.yaml:3:23 wrong-value: retry: expected a table such as { delays: [5s, 30s, 5m] }, found the text "5s"',
      undefined,
    ],
    [
      'retry: {}',
      't.yaml:3:16 one-form-of: exactly one of these forms is needed: delays; or delay, attempts; or initial, factor, attempts',
      'give the keys of one form, and none of the others',
    ],
    [
      'retry: { delays: [5s], attempts: 3 }',
      't.yaml:3:16 one-form-of: exactly one of these forms is needed: delays; or delay, attempts; or initial, factor, attempts',
      'give the keys of one form, and none of the others',
    ],
    [
      'retry: { delay: 5s }',
      't.yaml:3:16 one-form-of: exactly one of these forms is needed: delays; or delay, attempts; or initial, factor, attempts',
      'give the keys of one form, and none of the others',
    ],
    [
      'deadLetter: 1',
      't.yaml:3:28 wrong-value: deadLetter: expected true, false, or a table such as { queue: email_dead }, found the number 1',
      undefined,
    ],
    [
      'deadLetter: { queue: true }',
      't.yaml:3:37 wrong-value: queue: expected the name of a queue, or false, found true',
      undefined,
    ],
  ])('is one finding: %s', async (properties, found, hint) => {
    expect(await findingsOf(queue(properties))).toEqual([found])
    expect(await hintsOf(queue(properties))).toEqual([hint])
  })

  it('is found separately in publications, subscriptions and bindings', async () => {
    expect(
      await findingsOf(`${HEAD}publications:
  a: { exchange: x, queue: y }
  b:
  c: { exchange: x, priority: 256 }
subscriptions:
  d: { queue: q, rateLimit: 0/s }
  e: { queue: q, rateLimit: 5, prefetch: 0 }
  f: { queue: q, offset: tomorrow }
  g:
bindings:
  - { source: a, destination: {} }
  - { source: a, destination: { queue: b, exchange: c } }
  - a
`),
    ).toEqual([
      't.yaml:4:3 one-form-of: exactly one of these forms is needed: exchange; or queue; or superStream',
      't.yaml:5:3 one-form-of: exactly one of these forms is needed: exchange; or queue; or superStream',
      't.yaml:6:31 wrong-value: priority: expected a whole number from 0 to 255, found the number 256',
      't.yaml:8:29 wrong-value: rateLimit: expected a rate such as 50/s, 3000/m or 10/h, found the text "0/s"',
      't.yaml:9:29 wrong-value: rateLimit: expected a rate such as 50/s, 3000/m or 10/h, found the number 5',
      't.yaml:9:42 wrong-value: prefetch: expected a whole number from 1 to 65535, found the number 0',
      't.yaml:10:26 wrong-value: offset: expected first, last, next, a whole number or a time such as 2026-01-31T12:00:00Z, found the text "tomorrow"',
      't.yaml:11:3 one-form-of: exactly one of these forms is needed: queue; or superStream',
      't.yaml:13:31 wrong-value: destination: expected a table such as { queue: audit } or { exchange: archive }, found a table',
      't.yaml:14:31 wrong-value: destination: expected a table such as { queue: audit } or { exchange: archive }, found a table',
      't.yaml:15:5 wrong-value: bindings[2]: expected a table such as { source: events, destination: { queue: audit }, routingKey: "#" }, found the text "a"',
    ])
  })

  it('is not shown when it is a password', async () => {
    for (const [written, found] of [
      ['12345678', 'a number'],
      ['true', 'a boolean'],
      ['""', 'an empty text'],
    ]) {
      expect(await findingsOf(user(`password: ${written}`))).toEqual([
        `t.yaml:3:25 wrong-value: password: expected a password as text that is not empty, found ${found}`,
      ])
    }
    expect(await hintsOf(user('password: 12345678'))).toEqual(['put it into quotes'])
    expect(await hintsOf(`${HEAD}users:\n  u:\n    password: #hunter2\n`)).toEqual(['write a value, or remove the key'])
  })
})

describe('a value of the right form', () => {
  it.each([
    ['messageTtl: 0s', { messageTtl: '0s' }],
    ['messageTtl: 250', { messageTtl: 250 }],
    ['maxLengthBytes: 512KiB', { maxLengthBytes: '512KiB' }],
    ['deliveryLimit: -1', { deliveryLimit: -1 }],
    ['maxLength: 0x10', { maxLength: 16 }],
    ['bindings: [yes, "1.10", 2026-01-31]', { bindings: ['yes', '1.10', '2026-01-31'] }],
    ['retry: { delay: 30s, attempts: 3 }', { retry: { delay: '30s', attempts: 3 } }],
    [
      'retry: { initial: 1s, factor: 1.5, max: 5m, attempts: 6 }',
      { retry: { initial: '1s', factor: 1.5, max: '5m', attempts: 6 } },
    ],
    [
      'retry: { delays: [0s, 1000, { delay: 5 }], via: { exchange: e } }',
      { retry: { delays: ['0s', 1000, { delay: 5 }], via: { exchange: 'e' } } },
    ],
    ['deadLetter: false', { deadLetter: false }],
    ['deadLetter: { queue: false }', { deadLetter: { queue: false } }],
    [
      'arguments: { a: 1, b: 1.5, c: "1", d: false, e: [x, [1]], f: {} }',
      { arguments: { a: 1, b: 1.5, c: '1', d: false, e: ['x', [1]], f: {} } },
    ],
  ])('is kept as written: %s', async (properties, expected) => {
    expect(plain((await declaration(queue(properties))).vhosts[0]?.queues)).toEqual({ q: expected })
  })

  it.each([
    'passwordHash: ""',
    'password: x, tags: [administrator, "my own"], limits: { maxConnections: 0 }',
    'external: true, permissions: { write: "^tasks$" }, topicPermissions: { events: { write: "" } }',
    'can: { publish: [], consume: [], declare: true }',
  ])('may be the only property of a user: %s', async (properties) => {
    expect((await declareFiles(user(properties))).findings).toEqual([])
  })

  it.each(['first', '17', '2026-01-31', '2026-01-31T12:00:00Z', '"next"'])('may be the offset %s', async (offset) => {
    const text = `${HEAD}subscriptions: { s: { queue: q, offset: ${offset} } }`

    expect((await declareFiles(text)).findings).toEqual([])
  })
})
