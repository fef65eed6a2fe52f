import { describe, expect, it } from 'vitest'
import type { UserSection } from '../../../../src/desired/declaration/document.ts'
import { expand } from '../../../../src/desired/expand/expand.ts'
import type { User } from '../../../../src/model/topology.ts'
import { at, brief, declared, expanded, found } from '../declared.ts'

function userOf(section: UserSection): User | undefined {
  return expanded({ users: { u: section } }).topology.users[0]
}

describe('a user', () => {
  it('has no tags without a value, and does not manage its password', () => {
    expect(userOf({})).toEqual({ name: 'u', tags: [], declaredIn: ['/'], origin: at('users.u') })
  })

  it('keeps a reference until a command needs the password', () => {
    expect(userOf({ password: 'x-${env:PASSWORD:-none}', tags: ['monitoring', 'a', 'monitoring'] })).toEqual({
      name: 'u',
      credential: {
        kind: 'password',
        written: { reference: 'x-${env:PASSWORD:-none}', location: at('users.u.password') },
      },
      tags: ['a', 'monitoring'],
      declaredIn: ['/'],
      origin: at('users.u'),
    })
  })

  it.each([
    ['hunter2', 'hunter2'],
    ['a$${b}', 'a${b}'],
    ['$$$${x', '$$${x'],
    ['', ''],
  ])('hides a literal password: %s', (written, password) => {
    const credential = userOf({ password: written })?.credential

    expect(JSON.stringify(credential)).not.toContain('hunter2')
    expect(credential?.kind === 'password' && credential.secret?.reveal()).toBe(password)
    expect(credential?.written?.literal?.reveal()).toBe(password)
    expect(credential?.written?.reference).toBeUndefined()
  })

  it('treats an escaped reference next to a real one as a reference', () => {
    expect(userOf({ password: '$${a}${env:B}' })?.credential?.written?.reference).toBe('$${a}${env:B}')
  })

  it('may have a hash, or one that matches no password', () => {
    const credential = userOf({ passwordHash: 'abcd', hashingAlgorithm: 'rabbit_password_hashing_sha512' })?.credential
    const none = userOf({ passwordHash: '' })?.credential

    expect(credential).toMatchObject({ kind: 'hash', algorithm: 'rabbit_password_hashing_sha512' })
    expect(credential?.kind === 'hash' && credential.hash?.reveal()).toBe('abcd')
    expect(none?.kind === 'hash' && none.hash?.reveal()).toBe('')
    expect(userOf({ passwordHash: '${env:HASH}' })?.credential).toEqual({
      kind: 'hash',
      written: { reference: '${env:HASH}', location: at('users.u.passwordHash') },
    })
  })

  it('has the declared limits', () => {
    expect(userOf({ limits: { maxConnections: 5 } })?.limits).toEqual({ maxConnections: 5 })
  })

  it('that is external has no properties', () => {
    expect(userOf({ external: true, permissions: { read: '.*' } })).toEqual({
      name: 'u',
      origin: at('users.u'),
      external: true,
      declaredIn: ['/'],
    })
  })

  it('merges a user of several vhosts into one, with all of its properties', () => {
    const { desired, findings } = expand(
      declared({
        '/a': { users: { u: { permissions: { read: 'a' } } } },
        '/b': { users: { u: { password: '${env:P}', tags: ['x'], permissions: { read: 'b' } } } },
      }),
      () => ({ schema: true }),
    )

    expect(findings).toEqual([])
    expect(desired.topology.users).toEqual([
      {
        name: 'u',
        credential: { kind: 'password', written: { reference: '${env:P}', location: at('/b.users.u.password') } },
        tags: ['x'],
        declaredIn: ['/a', '/b'],
        origin: at('/b.users.u'),
      },
    ])
    expect(desired.topology.permissions.map(({ vhost, read }) => [vhost, read])).toEqual([
      ['/a', 'a'],
      ['/b', 'b'],
    ])
  })

  it('must not be external and have properties', () => {
    const { findings } = expand(
      declared({
        '/a': { users: { u: { external: true } } },
        '/b': { users: { u: { password: 'x', tags: [] } } },
      }),
      () => ({ schema: true }),
    )

    expect(findings.map(brief)).toEqual([
      'external-user-changed at /b.users.u.password, external /a.users.u.external',
      'external-user-changed at /b.users.u.tags, external /a.users.u.external',
    ])
  })

  it.each([
    ['hunter2', ['hash-not-base64 at users.u.passwordHash']],
    ['kI-_', ['hash-not-base64 at users.u.passwordHash']],
    ['a=', ['hash-not-base64 at users.u.passwordHash']],
    ['aGFzaA==', []],
    ['aGFz aA==\n', []],
    ['', []],
    ['${env:HASH}', []],
  ])('accepts a hash only if RabbitMQ can decode it: %j', (passwordHash, findings) => {
    expect(found({ users: { u: { passwordHash } } })).toEqual(findings)
  })

  it('has only one kind of credential', () => {
    expect(found({ users: { u: { password: 'x', passwordHash: 'y' } } })).toEqual([
      'password-and-hash at users.u.passwordHash, password users.u.password',
    ])
    expect(found({ users: { u: { password: 'x', hashingAlgorithm: 'y' } } })).toEqual([
      'algorithm-without-hash at users.u.hashingAlgorithm',
    ])
  })
})
