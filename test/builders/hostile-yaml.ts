import { array, constantFrom, integer, oneof, string, tuple, type Arbitrary } from 'fast-check'

/** A topology with every kind of entry, into which tests put mistakes. */
export const EVERYTHING = `warren: 1
project: shop
vhost: { name: /shop, tags: [a], limits: { maxQueues: 3 } }
x-quorum: &quorum { type: quorum, maxLength: 10 }
exchanges:
  tasks: { type: direct }
  events: { type: topic, alternateExchange: unrouted, bindings: [{ exchange: tasks, routingKey: a }] }
  unrouted:
queues:
  email:
    <<: *quorum
    bindings:
      - { exchange: tasks, routingKey: email }
      - { exchange: events, routingKey: "billing.#" }
    retry: { delays: [5s, { delay: 30s, queue: email_retry }], via: { exchange: tasks, routingKey: email } }
    deadLetter: { messageTtl: 14d }
  audit: { type: stream, maxAge: 7d, arguments: { x-a: [1, { b: true }] } }
  lost: &lost
bindings:
  - { source: unrouted, destination: { queue: lost } }
publications:
  send: { exchange: tasks, routingKey: "email.{id}", message: { maxBytes: 1MB } }
subscriptions:
  emails: { queue: email, prefetch: 20, rateLimit: 50/s }
  audits: { queue: audit, offset: first }
users:
  worker:
    password: "\${env:PASSWORD}"
    can: { consume: [emails], publish: [send], declare: true }
    topicPermissions: { events: { write: "^a" } }
`

const FRAGMENTS = [
  [
    ':',
    ': ',
    ' ',
    '  ',
    '\n',
    '\n  ',
    '\n    ',
    '\t',
    '\r\n',
    '- ',
    '\n- ',
    ', ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '#',
    ' # ',
  ],
  [
    '&a ',
    '*a',
    '*quorum',
    '<<: ',
    '!x ',
    '!!str ',
    '!!binary ',
    '|',
    '>',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '? ',
    '@',
    '`',
    '%',
    '\\',
    '\u0000',
    '\uFEFF',
    '\u2028',
    '\uD800',
  ],
  [
    'null',
    '~',
    'true',
    'yes',
    '1.10',
    '-1',
    '.inf',
    '99999999999999999999',
    '""',
    '__proto__',
    'constructor',
    'hunter2',
  ],
  [
    'warren: 2',
    'project:',
    'vhost: ',
    'queues: ',
    'users: ',
    'bindings: ',
    'password: ',
    'retry: ',
    'exchange: ',
    'x-a: ',
  ],
  ['${env:HOME}', '${env:NOPE}', '${var:v}', '${file:x}', '${', '$${', '5s', '{ delays: [] }', 'amq.direct'],
].flat()

/** Text that looks like YAML and is usually invalid. */
export const yamlSoup: Arbitrary<string> = array(
  oneof(constantFrom(...FRAGMENTS), string({ unit: 'binary', maxLength: 5 })),
  {
    maxLength: 40,
  },
).map((parts) => parts.join(''))

/** `EVERYTHING` with a few pieces replaced by others. */
export const damagedTopology: Arbitrary<string> = array(
  tuple(integer({ min: 0, max: EVERYTHING.length }), integer({ min: 0, max: 12 }), constantFrom('', ...FRAGMENTS)),
  { minLength: 1, maxLength: 4 },
).map((cuts) =>
  cuts.reduce((text, [at, length, inserted]) => text.slice(0, at) + inserted + text.slice(at + length), EVERYTHING),
)
