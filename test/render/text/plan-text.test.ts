import { describe, expect, it } from 'vitest'
import type { Arguments } from '../../../src/model/arguments.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { planDiff } from '../../../src/render/diff/plan-diff.ts'
import { planJson } from '../../../src/render/json/plan-json.ts'
import { planText } from '../../../src/render/text/plan-text.ts'
import { maskPlan } from '../../../src/plan/saved/mask-plan.ts'
import { SecretRegistry } from '../../../src/model/secrets/secret-registry.ts'
import { styleFor } from '../../../src/render/words/style.ts'
import { binding, exchange, permission, queue, topology, user, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const plain = styleFor(false)
const at = (line: number) => ({ origin: { file: 'topology.yaml', line, column: 3 } })
const hash = { kind: 'hash', hash: new Secret('kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR') } as const
const written = { location: { file: 'topology.yaml', line: 1, column: 1 } }

const live = topology({
  queues: [queue('invoices', { arguments: { 'x-max-length': 5 } }), queue('kept')],
  users: [user('billing-svc', { credential: hash }), user('unknown-svc', { credential: hash })],
  permissions: [permission('billing-svc', { read: '.*' })],
})
const desired = topology({
  exchanges: [exchange('events', { type: 'topic', ...at(4) })],
  queues: [
    queue('invoices', { type: 'quorum', ...at(31) }),
    queue('a b "c"', { arguments: { 'x-max-length': 10 }, ...at(35) }),
    queue('kept'),
  ],
  bindings: [binding('events', 'kept', { routingKey: 'inv.#', ...at(33) })],
  users: [
    user('billing-svc', { credential: { kind: 'password', secret: new Secret('hunter22'), written }, ...at(40) }),
    user('unknown-svc', { credential: { kind: 'password', missing: 'UNKNOWN_PASSWORD is not set', written } }),
  ],
  permissions: [permission('billing-svc', { read: '^kept$', ...at(40) })],
})
const plan = planOf(live, desired, { messages: new Map([['queue:%2F/invoices', 1204]]) })

describe('planText', () => {
  it('shows broker and scope first, then changes by vhost, then blocks, then the summary', () => {
    expect(planText(plan, plain)).toMatchInlineSnapshot(`
      "Broker   rabbit@test (RabbitMQ 4.3.6)  http://mq.test:15672
      Files    topology.yaml (1 file)   project shop
      Mode     create, update   digest 6599a9aa…

      vhost /
        ~ permission billing-svc                                                        topology.yaml:40:3
            read                     .* -> ^kept$
        + exchange events                                     topic, durable            topology.yaml:4:3
        + queue    "a b \\"c\\""                                classic, durable          topology.yaml:35:3
            x-max-length 10
        -/+ queue  invoices                                                             topology.yaml:31:3
            type                     classic -> quorum   ! cannot be changed in place
            arguments.x-max-length   5 -> (none)   ! cannot be changed in place
            ! 1,204 messages on the live queue
        + binding  events -> kept [inv.#]                                               topology.yaml:33:3

      users
        ~ user     billing-svc                                                          topology.yaml:40:3
            password                 (secret changed)

      unknown
        ? user:unknown-svc
            password                 unknown (UNKNOWN_PASSWORD is not set)

      Blocked  1 decision is needed; nothing is applied until then
        queue:%2F/invoices
            RabbitMQ cannot change type, arguments.x-max-length in place: replacing it would lose 1,204 messages
            keep the messages with  --migrate queue:%2F/invoices   or accept their loss with  --allow replace=queue:%2F/invoices

      Summary  3 to create, 2 to update, 1 to replace, 1 blocked, 1 unknown, 3 unchanged
      Digest   6599a9aa263bb6332960da9fbf6860d29cc065a0563ccaede640aa7994230598
      "
    `)
  })

  it('says so when there is nothing to do', () => {
    expect(planText(planOf(live, live), plain)).toMatch(
      /\nSummary {2}nothing to do, 6 unchanged\nDigest {3}[0-9a-f]{64}\n$/,
    )
  })

  it('calls an object adopted that existed before the project declared it, and every other one owned', () => {
    const both = topology({ vhosts: [vhost('/')], queues: [queue('found'), queue('made')] })
    const around = owned(record({ owned: ['queue:%2F/made'], adopted: ['queue:%2F/found'] }))
    const mode = { prune: true, allowDelete: new Set(['queue:%2F/found']) }
    const text = planText(planOf(both, topology({ vhosts: [vhost('/')] }), around, mode), plain)

    expect(text).toMatch(/- queue +found +adopted, no longer declared\n/)
    expect(text).toMatch(/- queue +made +owned, no longer declared\n/)
  })

  it('is identical in two runs, byte for byte', () => {
    expect(planText(plan, plain)).toBe(
      planText(planOf(live, desired, { messages: new Map([['queue:%2F/invoices', 1204]]) }), plain),
    )
  })
})

describe('planDiff', () => {
  it('is one unified diff of live against desired', () => {
    expect(planDiff(plan)).toMatchInlineSnapshot(`
      "--- live
      +++ desired
      @@ -1,14 +1,31 @@
       permission:%2F/billing-svc:
         configure: ""
      -  read: .*
      +  read: ^kept$
         user: billing-svc
         write: ""
      -queue:%2F/invoices:
      +exchange:%2F/events:
      +  arguments: {}
      +  autoDelete: false
      +  durable: true
      +  internal: false
      +  type: topic
      +queue:%2F/a%20b%20%22c%22:
         arguments:
      -    x-max-length: 5
      +    x-max-length: 10
         autoDelete: false
         durable: true
         type: classic
      +queue:%2F/invoices:
      +  arguments: {}
      +  autoDelete: false
      +  durable: true
      +  type: quorum
      +binding:%2F/events/queue/kept/inv.%23:
      +  arguments: {}
      +  destination: kept
      +  destinationType: queue
      +  routingKey: inv.#
      +  source: events
       user:billing-svc:
      -  password: (secret)
      +  password: (secret changed)
         tags: []
      "
    `)
  })
})

/** The texts of the files that must not be shown. */
function registryOf(...secrets: readonly string[]): SecretRegistry {
  const registry = new SecretRegistry()
  for (const each of secrets) registry.addDeclared(each)
  return registry
}

describe('every format', () => {
  it('shows no secret', () => {
    for (const text of [planText(plan, plain), planDiff(plan), planJson(plan)])
      expect(text).not.toMatch(/hunter22|kI3GCq/)
  })
})

describe('a plan where a secret from a file changes', () => {
  const before = {
    'x-a': 'old-s3cret',
    'x-l': ['pre-old-s3cret'],
    'x-t': { deep: 'old-s3cret', plain: 'shown' },
    'x-n': 1,
  }
  const after = {
    'x-a': 'new-s3cret',
    'x-l': ['pre-new-s3cret'],
    'x-t': { deep: 'new-s3cret', plain: 'shown' },
    'x-n': 2,
  }
  const shown = maskPlan(
    planOf(
      topology({ queues: [queue('q', { arguments: before })], users: [user('app', { tags: ['old-s3cret'] })] }),
      topology({ queues: [queue('q', { arguments: after })], users: [user('app', { tags: ['new-s3cret'] })] }),
    ),
    registryOf('new-s3cret'),
  )

  it('shows neither the new nor the old one', () => {
    for (const text of [planText(shown, plain), planDiff(shown), planJson(shown)]) expect(text).not.toContain('s3cret')
  })

  it('still says what changes, and shows the rest', () => {
    expect(shown.changes.flatMap((change) => ('differences' in change ? change.differences : []))).toEqual([
      { property: 'arguments.x-a', secret: 'changed' },
      { property: 'arguments.x-l', secret: 'changed' },
      { property: 'arguments.x-n', before: 1, after: 2 },
      { property: 'arguments.x-t', secret: 'changed' },
      { property: 'tags', secret: 'changed' },
    ])
    expect(planDiff(shown)).toContain('-    x-a: (old secret)\n-    x-l: (old secret)\n-    x-n: 1\n')
    expect(planDiff(shown)).toContain('+    x-a: (secret)\n')
    expect(planDiff(shown)).not.toContain('password')
  })
})

describe('a plan with numbers from files', () => {
  const secrets = registryOf('5s', '4711', '512KiB', '12', '1d')
  const declared = (arguments_: Arguments) =>
    topology({
      vhosts: [vhost('/', { claimed: true, limits: { maxQueues: 12 } })],
      queues: [queue('q', { type: 'stream', arguments: arguments_, origin: { file: 'f.yaml', line: 12, column: 12 } })],
      users: [user('app', { limits: { maxChannels: 13 }, credential: { kind: 'password', written } })],
    })
  const ofFiles = { 'x-ttl': 5_000, 'x-n': 4_711, 'x-bytes': 524_288, 'x-max-age': '86400s', 'x-other': 13 }
  const texts = (each: Plan) => [planText(each, plain), planDiff(each), planJson(each)]

  it('shows none of them in the creation of an object, nor their converted values', () => {
    const created = maskPlan(planOf(topology({ vhosts: [] }), declared(ofFiles)), secrets)

    for (const text of texts(created)) {
      expect(text).not.toMatch(/5000|4711|524288|86400/)
      expect(text).not.toMatch(/maxQueues\D{1,4}12/)
      expect(text).toMatch(/x-other\D{1,4}13/)
    }
    expect(planText(created, plain)).toContain('f.yaml:12:12')
  })

  it('shows neither the new nor the old ones when they change', () => {
    const old = { 'x-ttl': 6_001, 'x-n': 6_002, 'x-bytes': 6_003, 'x-max-age': '6004s', 'x-other': 14 }
    const before = topology({
      vhosts: [vhost('/', { limits: { maxQueues: 6_005 } })],
      queues: [queue('q', { type: 'stream', arguments: old })],
    })
    const changed = maskPlan(planOf(before, declared(ofFiles)), secrets)

    for (const text of texts(changed)) expect(text).not.toMatch(/5000|4711|524288|86400|600[1-5]/)
    expect(changed.changes.flatMap((change) => ('differences' in change ? change.differences : []))).toEqual([
      { property: 'limits.maxQueues', secret: 'changed' },
      { property: 'arguments.x-bytes', secret: 'changed' },
      { property: 'arguments.x-max-age', secret: 'changed' },
      { property: 'arguments.x-n', secret: 'changed' },
      { property: 'arguments.x-other', before: 14, after: 13 },
      { property: 'arguments.x-ttl', secret: 'changed' },
    ])
    expect(changed).toMatchObject({ format: 2, unchanged: 0 })
  })
})

describe('a created object', () => {
  it('shows all declared properties, without control sequences for terminals', () => {
    const claimed = vhost('/shop', {
      claimed: true,
      description: 'line 1\n\u001B[31mred',
      tags: ['a b'],
      defaultQueueType: 'quorum',
      limits: { maxQueues: 10 },
    })
    const created = planOf(
      topology({ vhosts: [] }),
      topology({ vhosts: [claimed], users: [user('app', { tags: ['management'], limits: { maxChannels: 5 } })] }),
    )

    expect(planText(created, plain).split('\n').slice(4, -3)).toEqual([
      'vhost /shop',
      '  + vhost    /shop                                      "line 1\\n\\u001b[31mred"',
      '      defaultQueueType quorum, limits {"maxQueues":10}, tags ["a b"]',
      '',
      'users',
      '  + user     app                                        management, no password login',
      '      limits {"maxChannels":5}',
      '',
    ])
  })

  it('distinguishes a number from a string that looks like one', () => {
    const changed = planOf(
      topology({ queues: [queue('q', { arguments: { 'x-a': '1' } })] }),
      topology({ queues: [queue('q', { arguments: { 'x-a': 1 } })] }),
    )

    expect(planText(changed, plain)).toMatch(/arguments\.x-a +"1" -> 1 /)
  })
})
