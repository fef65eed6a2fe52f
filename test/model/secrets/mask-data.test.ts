import { describe, expect, it } from 'vitest'
import { inspect } from 'node:util'
import { hideSecrets } from '../../../src/model/secrets/hide-secrets.ts'
import { maskData, maskDocument } from '../../../src/model/secrets/mask-data.ts'
import { registerTopology } from '../../../src/model/secrets/register-secrets.ts'
import { SecretRegistry } from '../../../src/model/secrets/secret-registry.ts'
import { maskPlan } from '../../../src/plan/saved/mask-plan.ts'
import { bindToLive } from '../../../src/plan/saved/saved-plan.ts'
import { planJson } from '../../../src/render/json/plan-json.ts'
import { binding, exchange, queue, topology, user } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

const live = topology({ exchanges: [exchange('events')], users: [user('guest', { tags: ['management'] })] })
const desired = topology({
  exchanges: [exchange('events', { type: 'fanout' })],
  queues: [queue('my orders!', { type: 'quorum', origin: { file: 'hosts/shop.yaml', line: 4711, column: 3 } })],
  bindings: [binding('events', 'my orders!', { routingKey: 'order.new' })],
  users: [user('guest', { tags: ['administrator'] })],
})
const saved = planJson(bindToLive(planOf(live, desired), live, () => 'owned'))

/** The registry of a run with this password. */
function registryOf(password: string): SecretRegistry {
  const registry = new SecretRegistry()
  for (const each of [live, desired]) registerTopology(registry, each)
  registry.addLogin('guest', password)
  return registry
}

describe('a saved plan', () => {
  it.each([
    'guest',
    'events',
    'my orders!',
    'orders',
    'queue',
    'create',
    'quorum',
    'fanout',
    'binding',
    'absent',
    'owned',
    'order.new',
    'administrator',
    'owner',
    'durable',
    '4711',
    'true',
    'a',
    '1',
    'format',
    'policy',
    ...hashParts(),
  ])('is not damaged by a password that equals a name, a word of its own, or a part of a hash: %s', (password) => {
    const secrets = registryOf(password)

    expect(maskDocument(planJson(maskPlan(JSON.parse(saved), secrets)), secrets)).toBe(saved)
  })
})

function hashParts(): string[] {
  return [...saved.matchAll(/"([\da-f]{8,})"/g)].slice(0, 3).map(([, hash = '']) => hash.slice(2, 7))
}

describe('a JSON document', () => {
  const secrets = new SecretRegistry()
  secrets.addDeclared('5s')
  secrets.addDeclared('hunter2-s3cret')

  it('remains valid JSON when numbers and short texts in it are masked', () => {
    const written = {
      count: 5_000,
      line: 5_000,
      arguments: { 'x-message-ttl': 5_000, 'x-age': '5s', note: 'hunter2-s3cret' },
    }
    const shown = maskDocument(`${JSON.stringify(written, undefined, 2)}\n`, secrets)

    expect(shown).toBe(
      `${JSON.stringify({ ...written, arguments: { 'x-message-ttl': '(secret)', 'x-age': '(secret)', note: '(secret)' } }, undefined, 2)}\n`,
    )
  })

  it('shows no list of character codes', () => {
    const codes = [...Buffer.from('hunter2-s3cret')]

    expect(maskDocument(JSON.stringify({ reason: ['invalid_regexp', codes] }), secrets)).toBe(
      '{"reason":["invalid_regexp",["(secret)"]]}',
    )
  })

  it('is masked as text if it is not valid JSON', () => {
    expect(maskDocument('{"cut": "hunter2-s3cret', secrets)).toBe('{"cut": "(secret)')
  })
})

describe('data that the library returns', () => {
  const secrets = new SecretRegistry()
  secrets.addDeclared('hunter2-s3cret')
  const data = hideSecrets(
    { list: [{ arguments: { text: 'hunter2-s3cret' } }], map: new Map([['a', 'hunter2-s3cret']]) },
    secrets,
  )

  it('returns its secrets to a program that reads them, and shows none when it is printed or serialized', () => {
    expect(data.list[0]?.arguments.text).toBe('hunter2-s3cret')
    for (const part of [data, data.list, data.list[0], data.list[0]?.arguments, data.map]) {
      expect(inspect(part, { depth: 9 }) + JSON.stringify(part)).not.toContain('hunter2')
    }
  })

  it('is unchanged if it contains no secret', () => {
    const harmless = { a: [1, 'b', { c: undefined }] }

    expect(maskData(harmless, secrets)).toBe(harmless)
  })
})
