import { describe, expect, it } from 'vitest'
import { found } from '../declared.ts'

const SHOVEL = { 'src-uri': 'amqp://', 'src-queue': 'a', 'dest-uri': 'amqp://', 'dest-queue': 'b' }

describe('a shovel that no RabbitMQ accepts', () => {
  it.each([
    [{ ...SHOVEL, 'src-uri': 'http://h' }, ['uri-refused at shovels.s.src-uri']],
    [{ ...SHOVEL, 'dest-uri': ['amqp://h', 'amqp://u:p/q@h'] }, ['uri-refused at shovels.s.dest-uri']],
    [{ ...SHOVEL, 'dest-uri': 5 }, ['value-refused at shovels.s.dest-uri']],
    [{ ...SHOVEL, 'ack-mode': 'on-receipt' }, ['value-refused at shovels.s.ack-mode']],
    [{ ...SHOVEL, 'src-delete-after': 'sometimes' }, ['value-refused at shovels.s.src-delete-after']],
    [{ ...SHOVEL, 'src-delete-after': -1 }, ['value-refused at shovels.s.src-delete-after']],
    [{ ...SHOVEL, 'reconnect-delay': '5s' }, ['value-refused at shovels.s.reconnect-delay']],
    [
      { ...SHOVEL, 'dest-publish-properties': { priority: 'high' } },
      ['value-refused at shovels.s.dest-publish-properties'],
    ],
    [{ ...SHOVEL, 'ack-mod': 'on-confirm' }, ['parameter-key-unknown at shovels.s.ack-mod']],
    [
      { ...SHOVEL, 'src-exchange': 'x' },
      ['keys-exclude-each-other at shovels.s.src-exchange', 'keys-exclude-each-other at shovels.s.src-queue'],
    ],
    [{ ...SHOVEL, 'ack-mode': 'no-ack', 'src-delete-after': 5 }, ['keys-exclude-each-other at shovels.s.ack-mode']],
    [{ 'src-uri': 'amqp://', 'dest-uri': 'amqp://' }, ['parameter-needs at shovels.s']],
    [{ ...SHOVEL, 'src-protocol': 'amqp10', 'src-address': 'a' }, ['parameter-key-of-protocol at shovels.s.src-queue']],
    [{ ...SHOVEL, 'src-protocol': 'mqtt', 'src-address': 'a' }, ['value-refused at shovels.s.src-protocol']],
  ])('is reported: %j', (shovel, findings) => {
    expect(found({ shovels: { s: shovel } }).toSorted()).toEqual(findings)
  })
})

it.each([
  SHOVEL,
  { ...SHOVEL, 'src-uri': ['amqp://u:p%40q@h:5673/%2F?heartbeat=10', 'amqps://h'], 'ack-mode': 'no-ack' },
  { ...SHOVEL, 'src-protocol': 'local', 'src-queue-args': { 'x-queue-type': 'quorum', 'x-of-mine': 1 } },
  {
    ...SHOVEL,
    'src-delete-after': 'queue-length',
    'src-predeclared': true,
    'dest-publish-properties': { delivery_mode: 2 },
  },
])('accepts a shovel that some RabbitMQ accepts: %j', (shovel) => {
  expect(found({ shovels: { s: shovel } })).toEqual([])
})

describe('an upstream that no RabbitMQ accepts', () => {
  it.each([
    [{}, ['parameter-needs at federationUpstreams.u']],
    [{ uri: 'amqp://h:port' }, ['uri-refused at federationUpstreams.u.uri']],
    [{ uri: 'amqp://', expires: '1h' }, ['value-refused at federationUpstreams.u.expires']],
    [{ uri: 'amqp://', 'queue-type': 'stream' }, ['value-refused at federationUpstreams.u.queue-type']],
    [{ uri: 'amqp://', max_hops: 1 }, ['parameter-key-unknown at federationUpstreams.u.max_hops']],
  ])('is reported: %j', (upstream, findings) => {
    expect(found({ federationUpstreams: { u: upstream } })).toEqual(findings)
  })
})

it('reports members of an upstream set without an upstream, and with a key that no upstream has', () => {
  expect(
    found({ federationUpstreamSets: { all: [{ upstream: 'a' }, { 'max-hops': 1 }, { upstream: 'b', hops: 1 }] } }),
  ).toEqual([
    'parameter-needs at federationUpstreamSets.all.1',
    'parameter-key-unknown at federationUpstreamSets.all.2.hops',
  ])
})

it('checks raw parameters in the same way, and warns about components that RabbitMQ does not have', () => {
  expect(
    found({
      parameters: {
        shovel: { text: 'amqp://', list: [SHOVEL] },
        shovels: { s: SHOVEL },
        'federation-upstream-set': { all: 'a' },
      },
    }).toSorted(),
  ).toEqual([
    'component-unknown at parameters.shovels',
    'value-refused at parameters.federation-upstream-set.all',
    'value-refused at parameters.shovel.list',
    'value-refused at parameters.shovel.text',
  ])
})

it.each([
  [
    { 'federation-upstream': 'a', 'federation-upstream-set': 'b' },
    ['keys-exclude-each-other at policies.p.definition.federation-upstream-set'],
  ],
  [
    { 'federation-upstream-pattern': '^a', 'federation-upstream': 'b' },
    ['keys-exclude-each-other at policies.p.definition.federation-upstream-pattern'],
  ],
  [{ 'federation-upstream-pattern': '*' }, ['expression-invalid at policies.p.definition.federation-upstream-pattern']],
  [{ 'federation-upstream-pattern': '^a' }, []],
])('reports a policy with keys of federation that no RabbitMQ accepts: %j', (definition, findings) => {
  expect(found({ policies: { p: { pattern: '.*', definition } } })).toEqual(findings)
})
