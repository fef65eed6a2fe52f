import { describe, expect, it } from 'vitest'
import { declareFiles, findingsOf, HEAD } from './declaring.ts'

const quoted = (name: string): string => JSON.stringify(name)

describe('names', () => {
  it.each([
    '/ % ~ @ # ? & =',
    'a b "quoted" \'twice\' \\',
    'größe 数 🐇 é',
    'x'.repeat(255),
    '数'.repeat(85),
    '...',
    'amqp.tasks',
    'toString',
    '-',
    '*.#',
  ])('may be %j', async (name) => {
    const text = `${HEAD}vhost: ${quoted(name)}
exchanges: { ${quoted(name)}: }
queues: { ${quoted(name)}: { type: quorum, retry: { delays: [{ delay: 5s, queue: ${quoted(name)} }], then: discard } } }
users: { ${quoted(name)}: }
publications: { ${quoted(name)}: { exchange: x } }
subscriptions: { ${quoted(name)}: { queue: x } }
`
    expect((await declareFiles(text)).findings).toEqual([])
  })

  it.each([
    ['', 'is empty'],
    ['.', 'cannot be addressed, because it is a path segment with a special meaning'],
    ['..', 'cannot be addressed, because it is a path segment with a special meaning'],
    ['a\nb', 'contains a line break or another control character'],
    ['a\u2028b', 'contains a line break or another control character'],
    ['a\u0000', 'contains a line break or another control character'],
    ['a\u0085', 'contains a line break or another control character'],
    ['x'.repeat(256), 'has 256 bytes, and the broker allows at most 255'],
    ['数'.repeat(86), 'has 258 bytes, and the broker allows at most 255'],
  ])('may not be %j', async (name, problem) => {
    const written = quoted(name).replaceAll('\u2028', '\\u2028').replaceAll('\u0085', '\\u0085')
    const text = `${HEAD}vhost: ${written}
exchanges: { ${written}: }
queues:
  ${written}: { external: true }
  q:
    deadLetter: { queue: ${written} }
    retry: { delays: [{ delay: 5s, queue: ${written} }] }
users: { ${written}: }
publications: { ${written}: { exchange: x } }
subscriptions: { ${written}: { queue: x } }
`
    const shown = JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name)
    const found = (place: string, kind: string): string =>
      `t.yaml:${place} name-invalid: the name ${shown} of the ${kind} ${problem}`

    expect(await findingsOf(text)).toEqual([
      found('3:8', 'vhost'),
      found('4:14', 'exchange'),
      found('6:3', 'queue'),
      found('8:26', 'dead-letter queue'),
      found('9:43', 'delay queue'),
      found('10:10', 'user'),
      found('11:17', 'publication'),
      found('12:18', 'subscription'),
    ])
  })

  it('refuses names that begin with amq., except of external exchanges and queues', async () => {
    const text = `${HEAD}exchanges:
  amq.mine:
  amq.topic: { external: true, bindings: [amq.direct] }
queues:
  amq.gen: { deadLetter: { queue: amq.dead } }
  amq.other: { external: true }
users: { amq.user: }
publications: { amq.out: { exchange: amq.topic } }
`
    expect(await findingsOf(text)).toEqual([
      't.yaml:4:3 name-reserved: the name "amq.mine" of the exchange begins with amq., which is reserved for the broker',
      't.yaml:7:3 name-reserved: the name "amq.gen" of the queue begins with amq., which is reserved for the broker',
      't.yaml:7:35 name-reserved: the name "amq.dead" of the dead-letter queue begins with amq., which is reserved for the broker',
    ])
  })

  it('must not contain half of a surrogate pair, like any other text', async () => {
    const text = `${HEAD}queues: { "a\\uD83D": { arguments: { x: "\\uDE00" } }, "b\\uD83D\\uDE00": }`

    expect(await findingsOf(text)).toEqual([
      't.yaml:3:11 name-invalid: the name "a\\ud83d" of the queue contains half of a surrogate pair',
      't.yaml:3:40 text-not-unicode: the text contains half of a surrogate pair, which is not valid in UTF-8',
    ])
  })
})

describe('a reference in a key', () => {
  it('is an error in the value of a parameter, but allowed in its name', async () => {
    const text = `${HEAD}globalParameters:
  '\${var:a}-g': { '\${var:a}': 1 }
parameters:
  '\${var:a}-component':
    '\${var:a}-p': { list: [{ '\${env:H}': 1 }] }
shovels:
  '\${var:a}-s': { src-uri: 'amqp://', src-queue: q, dest-uri: 'amqp://', dest-queue: q, 'ack-\${var:a}': 1 }
federationUpstreams:
  '\${var:a}-u': { uri: 'amqp://h', 'max-\${var:a}': 1 }
federationUpstreamSets:
  '\${var:a}-set': [{ upstream: '\${var:a}-u', 'max-\${var:a}': 1 }]
`
    const { findings } = await declareFiles(text, {}, { variables: { a: 'x' } })
    const keys = findings.map(({ code, location }) => `${code} ${location?.line}`).filter((each) => /in-key/.test(each))
    expect(keys.toSorted()).toEqual([11, 13, 4, 7, 9].map((line) => `reference-in-key ${line}`))
  })

  it('is an error in arguments, policy definitions and headers', async () => {
    const text = `${HEAD}exchanges: { e: { type: headers, arguments: { '\${var:a}': 1 } } }
queues: { q: { arguments: { '\${var:a}': 1 }, bindings: [{ exchange: e, arguments: { '\${var:h}': 1 } }] } }
policies: { p: { pattern: a, definition: { '\${var:a}': 1 } } }
publications: { s: { exchange: e, headers: { '\${var:h}': 1 } } }
bindings: [{ source: e, destination: { queue: q }, arguments: { '\${env:H}': 1 } }]
`
    const lines = (await declareFiles(text)).findings.map(({ code, location }) => `${code} ${location?.line}`)
    expect(lines.toSorted()).toEqual([3, 4, 4, 5, 6, 7].map((line) => `reference-in-key ${line}`))
  })
})
