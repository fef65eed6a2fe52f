import { describe, expect, it } from 'vitest'
import { declaration, declareFiles, findingsOf, HEAD, hintsOf, plain } from '../declaring.ts'

const base = `${HEAD}queues:
  a: { type: quorum, maxLength: 10, arguments: { x: 1, y: [1, 2] } }
  b:
exchanges: { e: { type: topic } }
bindings: [{ source: e, destination: { queue: a } }]
`

describe('an overlay', () => {
  it('is merged over the document of its vhost: tables by key, lists as a whole, null removes', async () => {
    const overlay = `queues:
  a: { maxLength: 20, type: null, arguments: { y: [3], z: { deep: true } } }
  b: null
  c: { new: true, durable: false }
  d: { new: true }
exchanges: null
bindings: []
`
    const { vhosts } = await declaration(base, { 'o.yaml': overlay })

    expect(plain([vhosts[0]?.queues, vhosts[0]?.exchanges, vhosts[0]?.bindings])).toEqual([
      { a: { maxLength: 20, arguments: { x: 1, y: [3], z: { deep: true } } }, c: { durable: false }, d: {} },
      {},
      [],
    ])
  })

  it('is the file that messages about its values point to', async () => {
    const { vhosts, locate } = await declaration(base, {
      'o.yaml': 'queues:\n  a: { maxLength: 20 }\n  c:\n    type: stream\n    new: true\n',
    })
    const queues = vhosts[0]?.queues ?? {}
    const a = queues['a'] ?? {}

    expect([locate(queues, 'a'), locate(a, 'maxLength', 'value'), locate(a, 'type'), locate(queues, 'c')]).toEqual([
      { file: 't.yaml', line: 4, column: 3, length: 1 },
      { file: 'o.yaml', line: 2, column: 19, length: 2 },
      { file: 't.yaml', line: 4, column: 8, length: 4 },
      { file: 'o.yaml', line: 3, column: 3, length: 1 },
    ])
    expect(await findingsOf(base, { 'o.yaml': 'queues: { a: { maxLength: many, colour: red } }' })).toEqual([
      'o.yaml:1:27 wrong-value: maxLength: expected a whole number of at least 0, found the text "many"',
      'o.yaml:1:33 unknown-key: unknown key "colour"',
    ])
  })

  it('is applied after those before it', async () => {
    const { vhosts } = await declaration(base, {
      'o.yaml': 'queues: { a: { maxLength: 1, expires: 5s } }',
      'p.yaml': 'queues: { a: { maxLength: 2, expires: null } }\n---\nqueues: { b: { durable: false } }\n',
    })

    expect(plain(vhosts[0]?.queues)).toEqual({
      a: { type: 'quorum', maxLength: 2, arguments: { x: 1, y: [1, 2] } },
      b: { durable: false },
    })
  })

  it('may complete an incomplete declaration', async () => {
    const { findings } = await declareFiles(`${HEAD}subscriptions: { s: { prefetch: 1 } }`, {
      'o.yaml': 'subscriptions: { s: { queue: q } }',
    })

    expect(findings).toEqual([])
  })

  it('claims the vhost, or changes the claim', async () => {
    const claimed = `${HEAD}vhost: { name: v, tags: [a], limits: { maxQueues: 1, maxConnections: 2 } }`

    expect(
      plain(
        (await declaration(claimed, { 'o.yaml': 'vhost: { name: v, limits: { maxQueues: null } }' })).vhosts[0]?.claim,
      ),
    ).toEqual({ name: 'v', tags: ['a'], limits: { maxConnections: 2 } })
    expect(
      plain((await declaration(`${HEAD}vhost: v`, { 'o.yaml': 'vhost: { name: v, tags: [b] }' })).vhosts[0]?.claim),
    ).toEqual({ name: 'v', tags: ['b'] })
  })

  it('names its vhost unless there is only one', async () => {
    const two = `${HEAD}vhost: /a\n---\n${HEAD}vhost: /b\n`

    expect(await findingsOf(two, { 'o.yaml': 'queues: { q: {} }' })).toEqual([
      'o.yaml:1:1 overlay-vhost-missing: the overlay must name its vhost, because the topology has several',
    ])
    expect(await findingsOf(two, { 'o.yaml': 'vhost: /c\nqueues: { q: {} }' })).toEqual([
      'o.yaml:1:8 overlay-vhost-unknown: the overlay is for the vhost "/c", which no document describes',
    ])
    const { vhosts } = await declaration(
      two,
      { 'o.yaml': 'vhost: /b\nqueues: { q: { new: true } }' },
      { vhosts: { '/b': 'preview' } },
    )
    expect(vhosts.map(({ name, queues }) => [name, plain(queues)])).toEqual([
      ['/a', {}],
      ['preview', { q: {} }],
    ])
  })

  it('has a header like any document, or none', async () => {
    expect(await findingsOf(base, { 'o.yaml': 'warren: 1\nproject: shop\nqueues: { b: {} }' })).toEqual([])
    expect(
      await findingsOf(base, { 'o.yaml': 'warren: 2\nproject: other\nqeues: {}\nbindings: {}\nx-a: 1\n' }),
    ).toEqual([
      'o.yaml:1:9 format-version: the file is written in format 2, and this version of warren reads format 1',
      'o.yaml:2:10 project-differs: the project is "other" here and "shop" elsewhere',
      'o.yaml:3:1 unknown-key: unknown key "qeues"',
      'o.yaml:4:11 wrong-value: bindings: expected a list of bindings, found a table',
    ])
  })

  it('is refused when it removes a key that no document declares', async () => {
    const overlay = {
      'o.yaml': 'queues: { aa: null, a: { maxLenght: null }, c: { new: true, type: null } }\npublications: null\n',
    }

    expect(await findingsOf(base, overlay)).toEqual([
      'o.yaml:1:11 overlay-removes-nothing: the overlay removes "aa", which no document declares',
      'o.yaml:1:26 overlay-removes-nothing: the overlay removes "maxLenght", which no document declares',
      'o.yaml:1:61 overlay-removes-nothing: the overlay removes "type", which no document declares',
      'o.yaml:2:1 overlay-removes-nothing: the overlay removes "publications", which no document declares',
    ])
    expect(await hintsOf(base, overlay)).toEqual([
      'did you mean "a"?',
      'did you mean "maxLength"?',
      'remove the line from the overlay',
      'remove the line from the overlay',
    ])
    expect((await declareFiles(base, overlay)).declaration).toBeUndefined()
  })
})
