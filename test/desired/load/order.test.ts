import { join } from 'node:path'
import { rm, writeFile } from 'node:fs/promises'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { hasErrors } from '../../../src/diagnostics/findings/finding.ts'
import { loadTopology } from '../../../src/desired/load/load-topology.ts'
import { topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { folderWith } from './folder.ts'

type Table = Readonly<Record<string, unknown>>

/** Everything that vhosts may contain, with references between the objects. */
const SHOP: Table = {
  vhost: { name: '/shop', tags: ['b', 'a'], description: 'Shop', limits: { maxQueues: 30, maxConnections: 9 } },
  exchanges: {
    tasks: { type: 'direct' },
    events: { type: 'topic', alternateExchange: 'unrouted', bindings: [{ exchange: 'tasks', routingKey: 'a' }] },
    unrouted: { type: 'fanout' },
    kinds: { type: 'headers', arguments: { 'x-b': 1, 'x-a': { z: [1, 2], y: true } } },
  },
  queues: {
    email: {
      type: 'quorum',
      bindings: [
        { exchange: 'tasks', routingKey: 'email' },
        { exchange: 'kinds', arguments: { 'x-match': 'any', kind: 'pdf', pages: [1, 2] } },
      ],
      retry: {
        delays: ['5s', { delay: '30s', queue: 'email_retry' }],
        via: { exchange: 'tasks', routingKey: 'email' },
      },
      deadLetter: { messageTtl: '14d' },
    },
    audit: { type: 'stream', maxAge: '7d' },
    lost: { bindings: ['unrouted'], arguments: { 'x-b': 1, 'x-a': 2 } },
    parked: { type: 'classic', deadLetter: { by: 'policy' } },
  },
  bindings: [
    { source: 'unrouted', destination: { queue: 'audit' } },
    { source: 'events', destination: { exchange: 'kinds' }, routingKey: '#', arguments: { y: 1, x: 2 } },
  ],
  publications: {
    send: { exchange: 'tasks', routingKey: 'email' },
    tell: { exchange: 'events', routingKey: 'a.{id}' },
  },
  subscriptions: { emails: { queue: 'email' }, audits: { queue: 'audit' } },
  policies: {
    lengths: { pattern: '^a', applyTo: 'queues', definition: { 'max-length': 5, 'message-ttl': 9 } },
    others: { pattern: '^b', priority: 2, definition: { 'max-length': 5 } },
  },
  operatorPolicies: { cap: { pattern: '^(a|b|bills|email)$', applyTo: 'queues', definition: { 'max-length': 9 } } },
  globalParameters: { mine: { value: { b: 1, a: [{ d: 1, c: 2 }] } } },
  users: {
    worker: { passwordHash: '', tags: ['b', 'a'], can: { publish: ['tell', 'send'], consume: ['emails', 'audits'] } },
    reader: { permissions: { read: '^audit$' }, topicPermissions: { events: { write: '^b', read: '' } } },
  },
}
const OTHER: Table = {
  vhost: '/other',
  exchanges: { events: {} },
  queues: { q: { bindings: [{ exchange: 'events' }] } },
  users: { worker: { permissions: { read: '^q$' } } },
}

/** Returns numbers below a limit. */
type Draw = (limit: number) => number

const anyDraw: fc.Arbitrary<Draw> = fc
  .infiniteStream(fc.nat())
  .map((numbers) => (limit) => (numbers.next().value as number) % limit)

function shuffled<T>(items: readonly T[], draw: Draw): T[] {
  return items
    .map((item) => ({ item, at: draw(1_000_000) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

/** The same data with the keys of all tables in another order. The order of lists is kept, because it may matter. */
function turned(value: unknown, draw: Draw): unknown {
  if (Array.isArray(value)) return value.map((each) => turned(each, draw))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(shuffled(Object.entries(value), draw).map(([key, each]) => [key, turned(each, draw)]))
}

/** Distributes the entries of a vhost's sections over several documents of this vhost. */
function spread({ vhost, ...sections }: Table, draw: Draw): Table[] {
  const name = typeof vhost === 'string' ? vhost : (vhost as { name: string }).name
  const parts: Record<string, Record<string, unknown> | unknown[]>[] = Array.from({ length: 1 + draw(3) }, () => ({}))
  const anyPart = () => parts[draw(parts.length)] ?? {}
  for (const [section, entries] of Object.entries(sections)) {
    if (Array.isArray(entries)) {
      for (const each of shuffled(entries, draw)) ((anyPart()[section] ??= []) as unknown[]).push(each)
      continue
    }
    for (const [key, each] of Object.entries(entries as Table)) {
      ;((anyPart()[section] ??= {}) as Record<string, unknown>)[key] = each
    }
  }
  return parts.map((part, at) => ({ warren: 1, project: 'shop', vhost: at === 0 ? vhost : name, ...part }))
}

function files(documents: readonly Table[], draw: Draw): Record<string, string> {
  const byFile: Record<string, string[]> = {}
  for (const each of shuffled(documents, draw)) {
    ;(byFile[`${draw(4)}.yaml`] ??= []).push(stringify(turned(each, draw), { aliasDuplicateObjects: false }))
  }
  return Object.fromEntries(Object.entries(byFile).map(([name, texts]) => [name, texts.join('---\n')]))
}

/** The content of a plan, without the positions in files. */
async function planFor(folder: string): Promise<unknown> {
  const { desired, findings } = await loadTopology({ paths: [folder], environment: {} })
  expect(hasErrors(findings) ? findings : []).toEqual([])
  const plan = planOf(topology({ vhosts: [] }), desired?.topology ?? topology())
  const places = new Set(['origin', 'location'])
  return JSON.parse(JSON.stringify(plan, (key, value: unknown) => (places.has(key) ? undefined : value)))
}

describe('a plan', () => {
  it('is the same for any order of files, documents and keys', async () => {
    const folder = await folderWith({
      'all.yaml': [SHOP, OTHER].map((each) => stringify({ warren: 1, project: 'shop', ...each })).join('---\n'),
    })
    const expected = await planFor(folder)
    await rm(join(folder, 'all.yaml'))
    expect(expected).toMatchObject({ blocks: [], changes: expect.any(Array) })

    await fc.assert(
      fc.asyncProperty(anyDraw, async (draw) => {
        const texts = files([...spread(SHOP, draw), ...spread(OTHER, draw)], draw)
        for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text)
        try {
          expect(await planFor(folder)).toEqual(expected)
        } finally {
          for (const name of Object.keys(texts)) await rm(join(folder, name))
        }
      }),
    )
  })
})
