import { describe, expect, it } from 'vitest'
import { definitionsOf } from '../../../src/insight/definitions/definitions-of.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import type { Credential, Topology } from '../../../src/model/topology.ts'
import { passwordMatches } from '../../../src/plan/compare/compare-credential.ts'
import { binding, exchange, permission, queue, topology, user, vhost } from '../../builders/objects.ts'

const salt = () => Buffer.from([0x90, 0x8d, 0xc6, 0x0a])

function written(objects: Partial<Topology>, withoutUsers = false) {
  return definitionsOf(topology(objects), { withoutUsers, salt })
}

function password(text?: string, missing?: string): Credential {
  const literal = new Secret(text ?? '')
  return {
    kind: 'password',
    written: { literal, location: { file: 'topology.yaml', line: 1, column: 1 } },
    ...(text !== undefined && { secret: literal }),
    ...(missing !== undefined && { missing }),
  }
}

describe('definitionsOf', () => {
  it('hashes a password as in the example of the RabbitMQ documentation', () => {
    const { sections, containsSecrets } = written({ users: [user('test', { credential: password('test12') })] })
    const hash = 'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR'
    expect(sections['users']).toEqual([
      { name: 'test', password_hash: hash, hashing_algorithm: 'rabbit_password_hashing_sha256', tags: [] },
    ])
    expect(passwordMatches('test12', hash, 'rabbit_password_hashing_sha256')).toBe(true)
    expect(containsSecrets).toBe(true)
  })

  it('keeps a declared hash and its algorithm', () => {
    const credential = {
      kind: 'hash',
      hash: new Secret('c2FsdA=='),
      algorithm: 'rabbit_password_hashing_sha512',
    } as const
    expect(written({ users: [user('app', { credential })] }).sections['users']).toMatchObject([
      { password_hash: 'c2FsdA==', hashing_algorithm: 'rabbit_password_hashing_sha512' },
    ])
  })

  it('leaves out a user whose password is unknown, with the rights of that user', () => {
    const { sections, leftOut, containsSecrets } = written({
      users: [user('app', { credential: password(undefined, 'APP_PASSWORD is not set') }), user('other')],
      permissions: [permission('app'), permission('other')],
    })
    expect(sections).toMatchObject({ users: [{ name: 'other' }], permissions: [{ user: 'other' }] })
    expect(leftOut).toEqual([
      { address: 'user:app', reason: 'its password is unknown: APP_PASSWORD is not set' },
      { address: 'permission:%2F/app', reason: 'user:app is left out' },
    ])
    expect(containsSecrets).toBe(false)
  })

  it('names users that are declared without a password', () => {
    const { withoutPassword, sections } = written({
      users: [user('app'), user('boss', { credential: password('secret') })],
    })
    expect(withoutPassword).toEqual(['app'])
    expect(sections['users']).toMatchObject([{ name: 'app', password_hash: '' }, { name: 'boss' }])
  })

  it('leaves out external objects and the bindings that need them', () => {
    const { sections, leftOut } = written({
      exchanges: [exchange('events', { external: true }), exchange('own')],
      queues: [queue('own'), queue('theirs', { external: true })],
      bindings: [
        binding('own', 'own'),
        binding('amq.topic', 'own'),
        binding('events', 'own', { routingKey: 'a' }),
        binding('own', 'theirs'),
      ],
    })
    expect(sections).toMatchObject({
      exchanges: [{ name: 'own' }],
      queues: [{ name: 'own' }],
      bindings: [{ source: 'own' }, { source: 'amq.topic' }],
    })
    expect(leftOut.map(({ reason }) => reason)).toEqual([
      'it is external: its own project declares it',
      'it is external: its own project declares it',
      'exchange:%2F/events is left out',
      'queue:%2F/theirs is left out',
    ])
  })

  it('has no sections of users and rights without users', () => {
    const objects = { users: [user('app', { credential: password('secret') })], permissions: [permission('app')] }
    const { sections, leftOut, containsSecrets } = written(objects, true)
    expect(Object.keys(sections)).toEqual([
      'vhosts',
      'parameters',
      'global_parameters',
      'policies',
      'queues',
      'exchanges',
      'bindings',
    ])
    expect({ leftOut, containsSecrets }).toEqual({ leftOut: [], containsSecrets: false })
  })

  it('contains a URI with a login, and reports that it contains secrets', () => {
    const uri = new Secret('amqp://app:secret@host', 'amqp://(secret)@host')
    const { sections, containsSecrets } = written({
      parameters: [{ vhost: '/', component: 'shovel', name: 'move', value: { 'src-uri': uri, 'src-queue': 'a' } }],
    })
    expect(sections['parameters']).toEqual([
      { component: 'shovel', name: 'move', vhost: '/', value: { 'src-uri': uri.reveal(), 'src-queue': 'a' } },
    ])
    expect(containsSecrets).toBe(true)
  })

  it('writes the declared properties of a virtual host, and leaves the rest to the broker', () => {
    const settings = { description: 'Orders', tags: ['shop'], defaultQueueType: 'quorum', limits: { maxQueues: 5 } }
    const { sections } = written({ vhosts: [vhost('/'), vhost('orders', { ...settings, protect: true })] })
    const fields = { description: 'Orders', tags: ['shop'], default_queue_type: 'quorum' }
    expect(sections['vhosts']).toEqual([
      { name: '/' },
      { name: 'orders', ...fields, metadata: { ...fields, protected_from_deletion: true } },
    ])
    expect(sections['parameters']).toEqual([
      { vhost: 'orders', component: 'vhost-limits', name: 'limits', value: { 'max-queues': 5 } },
    ])
  })

  it('contains the type of a queue only if it is declared', () => {
    const { type: _type, ...open } = queue('open')
    const { sections } = written({ queues: [queue('stream', { type: 'stream' }), open] })
    expect(sections['queues']).toMatchObject([{ arguments: { 'x-queue-type': 'stream' } }, { arguments: {} }])
  })
})
