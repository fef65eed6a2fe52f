import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TestOutcome } from '../../src/insight/tests/check-test.ts'
import { routedVhosts } from '../../src/insight/routing/routed-vhost.ts'
import type { Doubt } from '../../src/insight/routing/reach.ts'
import { type MessageTrace, traceMessage, type QueueTrace, traceQueueByName } from '../../src/insight/trace/trace.ts'
import type { TracedExchange } from '../../src/insight/trace/traced-exchange.ts'
import type { Fate, TracedFailure, TracedQueue } from '../../src/insight/trace/traced-queue.ts'
import { loadTopology } from '../../src/desired/load/load-topology.ts'
import { type BreakingChange, type BreakingReport, breakingRuns } from '../../src/operations/insight/breaking.ts'
import { test as runTests, type TestReport } from '../../src/operations/insight/test.ts'
import { formatBreaking } from '../../src/render/formats/format-breaking.ts'
import { testsJson } from '../../src/render/tests/tests-json.ts'
import { traceJson } from '../../src/render/trace/trace-json.ts'
import { binding, exchange, policy, queue, topology } from '../builders/objects.ts'
import { problemsOf, publishedSchema, type Schema } from './published-schemas.ts'

const ID = { trace: 'urn:warren:trace:1', breaking: 'urn:warren:breaking:1', tests: 'urn:warren:test-results:1' }
const TOPOLOGIES = join(import.meta.dirname, '../../topologies')
const ENVIRONMENT = new Proxy({}, { get: () => 'value', has: () => true })
const EXAMPLES = (await readdir(TOPOLOGIES))
  .filter((name) => /(?<!\.test)\.yaml$/.test(name))
  .map((name) => join(TOPOLOGIES, name))

const DOUBT: Doubt = { kind: 'equal-policies', address: 'queue:%2F/q' }
const REACH = { queues: ['q'], choices: [], doubts: [DOUBT] }
const FATE: Fate = { kind: 'dead-lettered', exchange: '', routingKey: 'q', reach: REACH, cycles: ['q'], held: true }
const FAILURE: Required<TracedFailure> = {
  subscription: 's',
  path: { steps: [{ delay: 1, queue: 'q', back: REACH }], end: { kind: 'requeued', deliveryLimit: 20 } },
  total: 1,
  deliveryLimit: { kind: 'dropped' },
}
const QUEUE: Required<TracedQueue> = {
  kind: 'queue',
  name: 'q',
  type: 'quorum',
  settings: [
    {
      type: 'quorum',
      messageTtl: 1,
      expires: 1,
      maxLength: 1,
      maxLengthBytes: 1,
      overflow: 'drop-head',
      deadLetter: { exchange: '', routingKey: 'dead' },
      atLeastOnce: true,
      deliveryLimit: 20,
      maxPriority: 5,
    },
  ],
  settingsUnknown: DOUBT,
  failures: [FAILURE],
  expires: { after: 1, by: { kind: 'policy', name: 'p' }, fate: FATE },
  rejected: FATE,
  full: FATE,
}
const BINDING = { source: 'e', routingKey: 'k', arguments: { 'x-match': 'all' }, destination: QUEUE }
const PLAIN: TracedExchange = {
  kind: 'exchange',
  name: 'e',
  type: 'topic',
  repeated: false,
  missing: false,
  notMatched: 0,
  matched: [BINDING],
}
const EXCHANGE: Required<TracedExchange> = {
  ...PLAIN,
  oneOf: { bindings: [BINDING], because: DOUBT },
  alternate: PLAIN,
  oneOfAlternates: { exchanges: [PLAIN, undefined], because: DOUBT },
  unknown: DOUBT,
}
const USERS = { known: true, allowed: ['a'], unknown: ['b'], users: 2 }
const MESSAGE: Required<MessageTrace> = {
  kind: 'message',
  vhost: '/',
  brokerVersion: '4.3.6',
  publication: 'p',
  routingKey: 'k',
  headers: { a: 1 },
  exchange: EXCHANGE,
  reach: REACH,
  notMatched: 0,
  mayPublish: USERS,
}
const FACTS: Required<QueueTrace> = {
  kind: 'queue',
  vhost: '/',
  brokerVersion: '4.3.6',
  queue: QUEUE,
  bindings: [{ source: 'e', routingKey: 'k', arguments: {} }],
  subscriptions: ['s'],
  mayConsume: USERS,
}
const CHANGE: Required<BreakingChange> = {
  id: 'queue-removed:shop/q',
  rule: 'queue-removed',
  class: 'breaking',
  address: 'queue:shop/q',
  reason: 'it is gone',
  remedy: 'keep it',
  allowed: 'known',
  usedBy: ['shipping'],
  counterexample: { id: 1 },
  location: { file: 't.yaml', line: 1, column: 1 },
}
const REPORT: Required<BreakingReport> = {
  project: 'billing',
  against: 'main',
  changes: [CHANGE],
  notCompared: ['routes'],
  unusedAllowances: ['queue-removed:shop/none'],
}
const OUTCOMES: { readonly [S in TestOutcome['status']]: Extract<TestOutcome, { readonly status: S }> } = {
  passed: { status: 'passed' },
  failed: { status: 'failed', expected: '"q"', found: 'no queue' },
  unknown: { status: 'unknown', because: [DOUBT] },
  skipped: { status: 'skipped', brokerVersion: '4.3.6' },
}
const RESULTS: Required<TestReport> = {
  files: [
    {
      path: 't.test.yaml',
      tests: Object.values(OUTCOMES).map((outcome) => ({
        name: outcome.status,
        location: { file: 't.test.yaml', line: 1, column: 1 },
        outcome,
      })),
    },
  ],
  passed: 1,
  failed: 2,
  skipped: 1,
}

const keysOf = (schema: Schema | undefined) => Object.keys(schema?.properties ?? {}).toSorted()
const printed = (text: string) => JSON.parse(text) as { readonly format: number }

describe('the schemas of trace, breaking and test', async () => {
  const trace = await publishedSchema('trace')
  const breaking = await publishedSchema('breaking')
  const results = await publishedSchema('test-results')

  it.each([
    ['trace of a message', ID.trace, trace.anyOf?.[0], printed(traceJson(MESSAGE))],
    ['trace of a queue', ID.trace, trace.anyOf?.[1], printed(traceJson(FACTS))],
    ['exchange', `${ID.trace}#/$defs/exchange`, trace.$defs?.['exchange'], EXCHANGE],
    ['binding', `${ID.trace}#/$defs/binding`, trace.$defs?.['binding'], BINDING],
    ['queue', `${ID.trace}#/$defs/queue`, trace.$defs?.['queue'], QUEUE],
    ['settings', `${ID.trace}#/$defs/settings`, trace.$defs?.['settings'], { ...QUEUE.settings[0] }],
    ['failure', `${ID.trace}#/$defs/failure`, trace.$defs?.['failure'], FAILURE],
    ['report of breaking', ID.breaking, breaking.anyOf?.[0], printed(formatBreaking(REPORT, { format: 'json' }))],
    ['run of breaking', `${ID.breaking}#/$defs/run`, breaking.$defs?.['run'], { environment: 'prod', ...REPORT }],
    ['change', `${ID.breaking}#/$defs/change`, breaking.$defs?.['change'], CHANGE],
    ['report of tests', ID.tests, results, printed(testsJson(RESULTS))],
  ] as const)('have all properties of a %s and no more', (_name, reference, schema, sample) => {
    expect(problemsOf(reference, sample)).toEqual([])
    expect(keysOf(schema)).toEqual(Object.keys(sample).toSorted())
    expect(problemsOf(reference, { ...sample, more: 1 })).not.toEqual([])
  })

  it('have all outcomes of a test', () => {
    const variants = results.$defs?.['outcome']?.anyOf ?? []

    expect(variants.map((each) => each.properties?.['status']?.['const'])).toEqual(Object.keys(OUTCOMES))
    expect(variants.map(keysOf)).toEqual(Object.values(OUTCOMES).map((each) => Object.keys(each).toSorted()))
  })

  it('accept the traces of all publications and queues of the examples', async () => {
    let traced = 0
    for (const path of EXAMPLES) {
      const { desired } = await loadTopology({ paths: [path], environment: ENVIRONMENT })
      const all = desired && routedVhosts(desired.topology, desired.routes, { version: '4.3.6', usersKnown: true })
      for (const vhost of all ?? []) {
        const messages = vhost.routes.publications.map(({ name, exchange: to, routingKey, headers }) =>
          traceMessage(vhost, to, { routingKey, headers }, name),
        )
        for (const each of [...messages, ...vhost.topology.queues.map(({ name }) => traceQueueByName(vhost, name))]) {
          if (each === undefined) continue
          expect(problemsOf(ID.trace, printed(traceJson(each)))).toEqual([])
          traced += 1
        }
      }
    }
    expect(traced).toBeGreaterThan(30)
  })

  it('accept the trace of a message whose route is not known', () => {
    const [vhost] = routedVhosts(
      topology({
        exchanges: [
          exchange('hash', { type: 'x-consistent-hash', arguments: { 'alternate-exchange': 'gone' } }),
          exchange('any', { type: 'x-unknown' }),
        ],
        queues: [queue('a'), queue('b')],
        bindings: [binding('hash', 'a', { routingKey: '1' }), binding('hash', 'b', { routingKey: '1' })],
        policies: ['p', 'q'].map((name, at) => policy(name, { pattern: '^a$', definition: { 'max-length': at + 1 } })),
      }),
      { publications: [], subscriptions: [] },
      { version: '4.3.6', usersKnown: false },
    )
    if (vhost === undefined) throw new Error('no vhost')

    for (const name of ['hash', 'any']) {
      expect(problemsOf(ID.trace, printed(traceJson(traceMessage(vhost, name, { routingKey: 'k' }))))).toEqual([])
    }
    expect(problemsOf(ID.trace, printed(traceJson(traceQueueByName(vhost, 'a') ?? FACTS)))).toEqual([])
  })

  it('accept the results of the tests of the examples, and of a comparison of several projects', async () => {
    const report = await runTests({ files: { paths: EXAMPLES.slice(0, 1), environment: ENVIRONMENT } })
    const runs = await breakingRuns([
      { paths: EXAMPLES.slice(0, 1), against: join(TOPOLOGIES, '..'), environment: ENVIRONMENT },
    ])

    expect(problemsOf(ID.tests, printed(testsJson(report)))).toEqual([])
    expect(problemsOf(ID.breaking, { format: 1, runs })).toEqual([])
  })
})
