/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format. */
import { join } from 'node:path'
import { readFile, writeFile } from 'node:fs/promises'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasErrors } from '../../../src/diagnostics/findings/finding.ts'
import { compile, parseCompiled } from '../../../src/desired/load/compiled-topology.ts'
import { loadTopology } from '../../../src/desired/load/load-topology.ts'
import { folderWith } from './folder.ts'
import { randomCases } from '../../thorough.ts'

const NAMES = ['a', 'b', 'a.failed', 'a.dead', 'a.retry.5s', 'c/%~"é', '__proto__', 'amq.topic', '', 'x'.repeat(250)]
const name = fc.constantFrom(...NAMES)
const duration = fc.constantFrom('5s', '0s', '60s', 1_500, '14d', '9999d', '-1s', 'soon', null)
const anything = fc.constantFrom(null, '', 0, -1, true, [], {}, 'x', 1.5)

/** Tables with some of these keys, mostly with valid values and sometimes with any value. */
function some<T extends Record<string, fc.Arbitrary<unknown>>>(keys: T): fc.Arbitrary<unknown> {
  const entries = Object.entries(keys).map(
    ([key, value]) => [key, fc.oneof({ arbitrary: value, weight: 30 }, { arbitrary: anything, weight: 1 })] as const,
  )
  return fc.record(Object.fromEntries(entries), { requiredKeys: [] })
}

function section(entry: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.dictionary(name, entry, { maxKeys: 4 })
}

const binding = fc.oneof(
  name,
  some({ exchange: name, routingKey: fc.constantFrom('', 'a.*', '#'), arguments: fc.constant({ 'x-match': 'any' }) }),
)
const type = fc.constantFrom('classic', 'quorum', 'stream')
const retry = some({
  delays: fc.array(fc.oneof(duration, some({ delay: duration, queue: name })), { maxLength: 3 }),
  delay: duration,
  initial: duration,
  factor: fc.constantFrom(1, 2.5, 0),
  max: duration,
  attempts: fc.constantFrom(1, 3, 0),
  via: some({ exchange: name, routingKey: name }),
  then: fc.constant('discard'),
})
const deadLetter = fc.oneof(
  fc.boolean(),
  some({
    exchange: name,
    routingKey: name,
    queue: fc.oneof(name, fc.constant(false)),
    strategy: fc.constantFrom('at-most-once', 'at-least-once'),
    messageTtl: duration,
    maxLength: fc.integer(),
  }),
)
const topology = some({
  exchanges: section(
    some({
      type: fc.constantFrom('direct', 'topic', 'fanout', 'headers', 'x-odd'),
      alternateExchange: name,
      internal: fc.boolean(),
      external: fc.boolean(),
      bindings: fc.array(binding, { maxLength: 2 }),
    }),
  ),
  queues: section(
    some({
      type,
      durable: fc.boolean(),
      messageTtl: duration,
      maxAge: duration,
      deliveryLimit: fc.integer({ min: -1, max: 3 }),
      overflow: fc.constantFrom('drop-head', 'reject-publish', 'reject-publish-dlx'),
      arguments: fc.dictionary(
        fc.constantFrom('x-queue-type', 'x-overflow', '__proto__'),
        fc.constantFrom('quorum', 1),
      ),
      bindings: fc.array(binding, { maxLength: 2 }),
      retry,
      deadLetter,
      external: fc.boolean(),
    }),
  ),
  bindings: fc.array(
    some({ source: name, destination: fc.oneof(some({ queue: name }), some({ exchange: name })), routingKey: name }),
    { maxLength: 2 },
  ),
  publications: section(
    some({ exchange: name, queue: name, routingKey: fc.constantFrom('a.{b}', '{', 'x'), expiration: duration }),
  ),
  subscriptions: section(
    some({ queue: name, prefetch: fc.integer(), timeout: duration, onFailure: fc.constantFrom('stop', 'discard') }),
  ),
  users: section(
    some({
      password: fc.constantFrom('p', '${env:NONE}', '${oops'),
      passwordHash: fc.constant(''),
      tags: fc.array(fc.constantFrom('a', 'b')),
      permissions: some({ read: name }),
      topicPermissions: section(some({ read: name })),
      can: some({ publish: fc.array(name), consume: fc.array(name), declare: fc.boolean() }),
      external: fc.boolean(),
    }),
  ),
})

describe('loadTopology', () => {
  it('reports the mistakes of any topology, or returns one that programs can use', async () => {
    const folder = await folderWith({})
    await fc.assert(
      fc.asyncProperty(topology, async (sections) => {
        const path = join(folder, 'topology.yaml')
        await writeFile(path, JSON.stringify({ warren: 1, project: 'p', ...(sections as object) }))
        const { desired, findings } = await loadTopology({ paths: [path], environment: {} })

        expect(desired === undefined).toBe(hasErrors(findings))
        expect(findings.filter(({ location }) => location?.file !== path)).toEqual([])
        if (!desired) return
        expect(JSON.parse(JSON.stringify(parseCompiled(compile(desired)).queues))).toHaveLength(
          desired.topology.queues.length,
        )
      }),
      { numRuns: randomCases(50, 150) },
    )
  })

  it('accepts the documented example', async () => {
    const [, example = ''] =
      /```yaml\n(warren: 1.*?)```/s.exec(await readFile('docs/reference/topology-format.md', 'utf8')) ?? []
    const folder = await folderWith({ 'topology.yaml': example, 'schemas/email.schema.json': '{}' })
    const { desired, findings } = await loadTopology({ paths: [folder], environment: {} })

    expect(findings).toEqual([])
    expect(desired?.topology.queues.map((queue) => queue.name)).toEqual([
      'audit-log',
      'email',
      'email.dead',
      'email.retry.30s',
      'email.retry.5m',
      'email.retry.5s',
      'lost',
    ])
  })
})
