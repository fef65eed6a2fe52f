import { describe, expect, it } from 'vitest'
import { declaration, declareFiles, findingsOf, HEAD, plain } from '../declaring.ts'

describe('documents of one vhost', () => {
  it('are merged from all files', async () => {
    const { vhosts, locate } = await declaration({
      'a.yaml': `${HEAD}queues: { a: }\nbindings: [{ source: x, destination: { queue: a } }]\n---\n${HEAD}vhost: other\nqueues: { a: }\n`,
      'b.yaml': `${HEAD}vhost: /\nexchanges: { x: }\nqueues: { b: { durable: false } }\nbindings: [{ source: x, destination: { queue: b } }]\n`,
    })

    const [first, second] = vhosts
    expect(plain([first?.queues, first?.bindings, first?.exchanges, second?.queues])).toEqual([
      { a: {}, b: { durable: false } },
      [
        { source: 'x', destination: { queue: 'a' } },
        { source: 'x', destination: { queue: 'b' } },
      ],
      { x: {} },
      { a: {} },
    ])
    expect(vhosts.map(({ name }) => name)).toEqual(['/', 'other'])
    expect([locate(first?.queues ?? {}, 'b'), locate(first?.bindings ?? [], 1)]).toEqual([
      { file: 'b.yaml', line: 5, column: 11, length: 1 },
      { file: 'b.yaml', line: 6, column: 12, length: 40 },
    ])
  })

  it('may not declare the same object twice', async () => {
    const files = {
      'a.yaml': `${HEAD}queues: { q:, r: }\nexchanges: { e: }`,
      'b.yaml': `${HEAD}exchanges: { e: { type: fanout } }\n---\n${HEAD}queues: { q: }\n`,
    }

    expect((await declareFiles(files)).findings).toEqual([
      {
        code: 'declared-twice',
        args: { what: 'the exchange "e"' },
        location: { file: 'b.yaml', line: 3, column: 14, length: 1 },
        related: [{ label: 'declared first', location: { file: 'a.yaml', line: 4, column: 14, length: 1 } }],
      },
      {
        code: 'declared-twice',
        args: { what: 'the queue "q"' },
        location: { file: 'b.yaml', line: 7, column: 11, length: 1 },
        related: [{ label: 'declared first', location: { file: 'a.yaml', line: 3, column: 11, length: 1 } }],
      },
    ])
  })

  it('must not declare the same parameter twice, which needs two keys', async () => {
    const text = `${HEAD}parameters: { shovel: { a: 1 } }\n---\n${HEAD}parameters: { shovel: { a: 2, b: 3 } }\n`

    expect(await findingsOf(text)).toEqual(['t.yaml:7:25 declared-twice: the parameter "a" is declared twice'])
  })

  it('claim their vhost at most once', async () => {
    const text = `${HEAD}vhost: { name: v }\n---\n${HEAD}vhost: v\n---\n${HEAD}vhost: { name: v, tags: [a] }\n`

    expect((await declareFiles(text)).findings).toEqual([
      {
        code: 'vhost-claimed-twice',
        args: { vhost: 'v' },
        location: { file: 't.yaml', line: 11, column: 16, length: 1 },
        related: [{ label: 'claimed first', location: { file: 't.yaml', line: 3, column: 16, length: 1 } }],
      },
    ])
  })

  it('are checked as one, also the parts that are declared twice', async () => {
    expect(await findingsOf({ 'a.yaml': `${HEAD}queue: {}`, 'b.yaml': `${HEAD}queue: {}\nqueues: []` })).toEqual([
      'a.yaml:3:1 unknown-key: unknown key "queue"',
      'b.yaml:3:1 unknown-key: unknown key "queue"',
      'b.yaml:4:9 wrong-value: queues: expected a table of queues by name, found an empty list',
    ])
  })
})

describe('a user in several documents', () => {
  it('has rights in several vhosts, but properties in one', async () => {
    const { vhosts } = await declaration(
      `${HEAD}users: { u: { password: x, permissions: { read: a } } }\n---\n${HEAD}vhost: b\nusers: { u: { permissions: { read: b } }, v: }\n---\n${HEAD}vhost: c\nusers: { u: , v: { tags: [a] } }\n`,
    )

    expect(vhosts.map(({ users }) => plain(users))).toEqual([
      { u: { password: 'x', permissions: { read: 'a' } } },
      { u: { permissions: { read: 'b' } }, v: {} },
      { u: {}, v: { tags: ['a'] } },
    ])
  })

  it('has its rights in a vhost in addition to its own properties', async () => {
    const { vhosts, locate } = await declaration(
      `${HEAD}users: { u: { password: x, protect: true } }\n---\n${HEAD}users: { u: { can: { publish: [p] }, protect: true } }\n---\n${HEAD}users: { u: }\n`,
    )
    const user = vhosts[0]?.users['u'] ?? {}

    expect(plain(user)).toEqual({ password: 'x', protect: true, can: { publish: ['p'] } })
    expect([locate(user, 'password').line, locate(user, 'can').line]).toEqual([3, 7])
  })

  it.each([
    ['tags: []', '', 'password: x', 7],
    ['limits: { maxChannels: 1 }', 'vhost: b\n', 'passwordHash: ""', 8],
  ])('has its properties set only once: %s', async (first, vhost, second, line) => {
    const text = `${HEAD}users: { u: { ${first} } }\n---\n${HEAD}${vhost}users: { u: { ${second} } }\n`

    expect((await declareFiles(text)).findings).toEqual([
      {
        code: 'user-set-twice',
        args: { user: 'u' },
        location: { file: 't.yaml', line, column: 10, length: 1 },
        related: [{ label: 'set first', location: { file: 't.yaml', line: 3, column: 10, length: 1 } }],
      },
    ])
  })

  it('has its rights in a vhost set only once', async () => {
    const text = `${HEAD}users: { u: { permissions: { read: a } } }\n---\n${HEAD}users: { u: { permissions: { read: b }, external: true } }\n`

    expect(await findingsOf(text)).toEqual([
      't.yaml:7:15 declared-twice: permissions of the user "u" is declared twice',
    ])
  })
})
