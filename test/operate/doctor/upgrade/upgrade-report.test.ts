import { describe, expect, it } from 'vitest'
import type { HealthLook } from '../../../../src/broker/snapshot/health.ts'
import type { Topology } from '../../../../src/model/topology.ts'
import { upgradePath } from '../../../../src/model/broker-tables/upgrade-paths.ts'
import { makeUpgradeReport, needsFixes } from '../../../../src/operate/doctor/upgrade/upgrade-report.ts'
import { explainUnsupported } from '../../../../src/render/blocks/explain-unsupported.ts'
import { formatUpgrade } from '../../../../src/render/formats/format-doctor.ts'
import { binding, exchange, permission, policy, queue, topology } from '../../../builders/objects.ts'
import { connection, look } from '../../../builders/looks.ts'
import { snapshotOf } from '../../../builders/snapshot-of.ts'

interface Given {
  readonly from?: string
  readonly to?: string
  readonly look?: HealthLook
  readonly disabledFlags?: readonly string[]
  readonly enabledPlugins?: readonly string[]
}

function report(objects: Partial<Topology>, given: Given = {}) {
  const { from = '3.10.8', to = '4.3.6', enabledPlugins, ...more } = given
  const snapshot = snapshotOf(topology(objects))
  const live = { ...snapshot.live, broker: { ...snapshot.live.broker, ...(enabledPlugins && { enabledPlugins }) } }
  const series = upgradePath(from.replace(/\.\d+$/, ''), to.replace(/\.\d+$/, '')) ?? []
  const path = series.map((each, at) => ({ series: each, version: at === series.length - 1 ? to : `${each}.99` }))
  return makeUpgradeReport(
    { snapshot: { ...snapshot, live }, from, path, explain: explainUnsupported, ...more },
    { to, unknown: [] },
  )
}

/** The issues, such as `mirroring lost 4.2 queue:%2F/q`. */
const issuesOf = (...given: Parameters<typeof report>) =>
  report(...given).issues.map(({ feature, effect, since, address, subject }) =>
    [feature, effect, since, address ?? subject].join(' '),
  )

const mirrors = policy('ha', { pattern: '^m', definition: { 'ha-mode': 'all', 'ha-sync-mode': 'automatic' } })

const LONG = 'x'.repeat(1_025)

describe('the upgrade report', () => {
  it('sets a delivery limit without the keys that an earlier command removed from the policy', () => {
    const memory = policy('memory', { pattern: '^q', definition: { 'max-in-memory-length': 5, 'max-length': 9 } })
    const { commands } = report({ queues: [queue('q', { type: 'quorum' })], policies: [memory] })

    expect(commands.filter((each) => each.includes(' memory '))).toEqual([
      `rabbitmqctl set_policy -p / --priority 0 --apply-to all memory '^q' '{"max-length":9}'`,
      `rabbitmqctl set_policy -p / --priority 0 --apply-to all memory '^q' '{"max-length":9,"delivery-limit":1000000}'`,
    ])
  })

  it('has a command for each expression that is too long, and judges the rest of such a policy too', () => {
    const long = policy('long', { pattern: LONG, definition: { 'ha-mode': 'all', 'max-length': 9 } })
    const topic = { vhost: '/', user: 'app', exchange: 'events', write: LONG, read: '^a' }
    const given = { policies: [long], topicPermissions: [topic] }

    expect(issuesOf(given)).toEqual([
      'long-expressions refused 4.2 topic-permission:%2F/app/events',
      'mirroring refused 4.2 policy:%2F/long',
      'long-expressions refused 4.2 policy:%2F/long',
    ])
    expect(report(given).commands).toEqual(
      expect.arrayContaining([
        `rabbitmqctl set_topic_permissions -p / app events SHORTER '^a'`,
        `rabbitmqctl set_policy -p / --priority 0 --apply-to all long SHORTER '{"max-length":9}'`,
      ]),
    )
  })

  it('names a cycle of dead letters only if an upgrade changes the fate of its messages', () => {
    const toOther = (name: string) => ({ 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': name })
    const circling = (name: string) => ({ arguments: { ...toOther(name), 'x-message-ttl': 5_000 } })
    const queues = [
      queue('work', { arguments: toOther('wait') }),
      queue('wait', circling('again')),
      queue('again', circling('wait')),
    ]

    expect(issuesOf({ queues })).toContain('dead-letter-cycle-by-version changed 3.13 queue:%2F/work')
    expect(issuesOf({ queues }, { from: '4.0.5' })).toEqual([])
  })

  it('names the path of versions', () => {
    expect(report({}).path).toEqual(['3.11', '3.12', '3.13', '4.2', '4.3'])
    expect(report({}, { from: '4.0.5', to: '4.3.6' }).path).toEqual(['4.2', '4.3'])
    expect(report({}, { from: '3.13.7', to: '4.0.5' }).path).toEqual(['4.0'])
    expect(upgradePath('4.3', '3.13')).toBeUndefined()
    expect(upgradePath('3.8', '4.3')).toBeUndefined()
  })

  it('names mirroring policies with all of their keys, and the queues that lose their copies', () => {
    const given = { queues: [queue('m'), queue('other'), queue('mq', { type: 'quorum' })], policies: [mirrors] }

    expect(issuesOf(given)).toEqual([
      'mirroring refused 4.2 policy:%2F/ha',
      'mirroring refused 4.2 policy:%2F/ha',
      'mirroring lost 4.2 queue:%2F/m',
      'delivery-limit lost 4.2 queue:%2F/mq',
      'classic-storage changed 4.2 2 classic queues',
    ])
    expect(report(given).commands).toContain('rabbitmqctl clear_policy -p / ha')
    expect(issuesOf(given, { from: '4.0.5', to: '4.3.6' })).toEqual([])
  })

  it('reads the types of exchanges once for all objects', () => {
    let reads = 0
    const types = Array.from({ length: 60 }, (_, at) => exchange(`e${at}`, { type: 'topic' })).map((each) =>
      Object.defineProperty({ ...each }, 'type', { enumerable: true, get: () => ((reads += 1), 'topic') }),
    )
    const readsFor = (count: number) => {
      reads = 0
      const bindings = Array.from({ length: count }, (_, at) => binding('e0', 'q', { routingKey: `k${at}` }))
      report({ exchanges: types, queues: [queue('q')], bindings })
      return reads
    }

    expect(readsFor(40) - readsFor(20)).toBeLessThan(20 * types.length)
  })

  it('keeps the other keys of a policy', () => {
    const definition = { ...mirrors.definition, 'max-length': 5, 'queue-mode': 'lazy' }
    const { commands, issues } = report({ policies: [{ ...mirrors, definition, priority: 3, applyTo: 'queues' }] })

    expect(commands[0]).toBe(`rabbitmqctl set_policy -p / --priority 3 --apply-to queues ha '^m' '{"max-length":5}'`)
    expect(issues.map(({ feature }) => feature)).toEqual(['mirroring', 'mirroring', 'lazy-queues'])
  })

  it('names arguments that a version refuses or ignores', () => {
    const withArgument = (name: string, value: unknown) =>
      issuesOf({ queues: [queue('q', { arguments: { [name]: value as never } })] }).filter(
        (each) => !each.startsWith('classic-storage changed'),
      )

    expect(withArgument('x-queue-master-locator', 'min-masters')).toEqual(['master-locator refused 4.3 queue:%2F/q'])
    expect(withArgument('x-queue-version', 1)).toEqual(['classic-storage refused 4.3 queue:%2F/q'])
    expect(withArgument('x-queue-mode', 'lazy')).toEqual(['lazy-queues ignored 3.12 queue:%2F/q'])
    expect(withArgument('x-max-length', 5)).toEqual([])
  })

  it('names policies that silently stop applying', () => {
    const { issues } = report({ policies: [policy('p', { definition: { 'queue-master-locator': 'random' } })] })

    expect(issues.map(({ effect, since }) => `${effect} ${since}`)).toEqual(['refused 4.3', 'changed 4.2'])
  })

  it('names transient queues, also auto-delete ones, and edits no file for them', () => {
    const given = { queues: [queue('t', { durable: false }), queue('a', { durable: false, autoDelete: true })] }

    expect(issuesOf(given)).toEqual([
      'transient-queues lost 3.11 queue:%2F/t',
      'transient-queues lost 3.11 queue:%2F/a',
    ])
    expect(report(given).commands.filter((each) => each.startsWith('warren'))).toEqual([])
  })

  it('names long regular expressions and keys of bindings that are refused', () => {
    const long = `^(${'x'.repeat(1_024)})$`
    const given = {
      exchanges: [exchange('t', { type: 'topic' }), exchange('h', { type: 'x-consistent-hash' })],
      queues: [],
      bindings: [binding('t', 'q', { routingKey: '#.a.#.#' }), binding('h', 'q', { routingKey: '10001' })],
      permissions: [permission('shop', { read: long, write: '^a$' })],
      policies: [policy('p', { pattern: long, definition: { 'max-length': 1 } })],
    }

    expect(issuesOf(given)).toEqual([
      'long-expressions refused 4.2 permission:%2F/shop',
      'binding-keys refused 4.3 binding:%2F/t/queue/q/%23.a.%23.%23',
      'binding-keys refused 4.2 binding:%2F/h/queue/q/10001',
      'long-expressions refused 4.2 policy:%2F/p',
    ])
    expect(report(given).commands[0]).toBe("rabbitmqctl set_permissions -p / shop '' '^a$' SHORTER")
  })

  it('names quorum queues that get a delivery limit, and how to set another one', () => {
    const quorum = (name: string, table = {}) => queue(name, { type: 'quorum', arguments: table })
    const given = {
      queues: [
        quorum('plain'),
        quorum('safe', { 'x-dead-letter-exchange': 'dlx' }),
        quorum('own', { 'x-delivery-limit': 9 }),
        quorum('policy'),
      ],
      policies: [policy('p', { pattern: '^policy$', definition: { 'max-length': 9 } })],
    }

    expect(issuesOf(given)).toEqual([
      'delivery-limit lost 4.2 queue:%2F/plain',
      'delivery-limit changed 4.2 queue:%2F/safe',
      'delivery-limit lost 4.2 queue:%2F/policy',
    ])
    expect(report(given).commands.slice(0, 2)).toEqual([
      `rabbitmqctl set_policy -p / --priority 0 --apply-to queues delivery-limit-plain '^plain$' '{"delivery-limit":1000000}'`,
      `rabbitmqctl set_policy -p / --priority 0 --apply-to all p '^policy$' '{"max-length":9,"delivery-limit":1000000}'`,
    ])
  })

  it('names clients that are refused or served in another way', () => {
    const seen = look(0, {
      connections: [
        connection('1', { frameMax: 4_096, product: 'amqplib 0.10.3', name: 'old' }),
        connection('2', { frameMax: 131_072, name: 'qos' }),
        connection('3', { frameMax: 0, name: 'unlimited' }),
        connection('4', { product: 'amqplib 0.10.6' }),
      ],
      channels: [{ name: '2 (1)', connection: '2', globalPrefetch: 10, messages: 0 }],
    })

    expect(issuesOf({}, { look: seen })).toEqual([
      'small-frames refused 4.2 old (user shop, amqplib 0.10.3)',
      'small-frames refused 4.2 user shop, amqplib 0.10.6',
      'global-qos changed 4.3 qos (user shop)',
    ])
    expect(issuesOf({}, { look: seen, from: '4.1.0', to: '4.2.0' })).toEqual([])
  })

  it('names feature flags, plugins of others, and frameworks', () => {
    const given = {
      disabledFlags: ['stream_queue', 'khepri_db'],
      enabledPlugins: ['rabbitmq_management', 'rabbitmq_delayed_message_exchange'],
    }

    expect(
      issuesOf({ queues: [queue('celery@w.celery.pidbox', { durable: false, autoDelete: true })] }, given),
    ).toEqual(
      expect.arrayContaining([
        'feature-flags refused 3.11 stream_queue',
        'other-plugins refused 3.11 rabbitmq_delayed_message_exchange',
      ]),
    )
  })

  it('lists fixes without files first, then edits and one apply, then the upgrades', () => {
    const { commands } = report({
      queues: [queue('m'), queue('n', { arguments: { 'x-queue-version': 1 } })],
      policies: [mirrors],
    })

    expect(commands).toEqual([
      'rabbitmqctl clear_policy -p / ha',
      '# if no files declare these objects yet:',
      'warren export --live --single-project before-upgrade --out topologies/',
      'warren apply topologies/ --adopt',
      '# in the declaration of queue:%2F/n: remove x-queue-version',
      '# in the declaration of queue:%2F/m: write type: quorum and a deliveryLimit',
      'warren apply topologies/ --migrate queue:%2F/n --migrate queue:%2F/m',
      'rabbitmqctl enable_feature_flag all',
      '# upgrade all nodes to 3.11',
      'rabbitmqctl enable_feature_flag all',
      '# upgrade all nodes to 3.12',
      'rabbitmqctl enable_feature_flag all',
      '# upgrade all nodes to 3.13',
      'rabbitmqctl enable_feature_flag all',
      '# upgrade all nodes to 4.2',
      'rabbitmqctl enable_feature_flag all',
      'rabbitmqctl enable_feature_flag khepri_db',
      '# upgrade all nodes to 4.3',
    ])
  })

  it('finds nothing to fix in a topology without old features', () => {
    const modern = { queues: [queue('q', { type: 'quorum', arguments: { 'x-delivery-limit': 9 } })] }

    expect([issuesOf(modern), needsFixes(report(modern))]).toEqual([[], false])
    const optional = { queues: [queue('q', { arguments: { 'x-queue-mode': 'lazy' } })] }
    expect(needsFixes(report(optional))).toBe(false)
  })

  it('is shown as text, Markdown and JSON', () => {
    const shown = report({ queues: [queue('m')], policies: [mirrors] })

    expect(formatUpgrade(shown)).toContain(
      'Path        3.10.8 → 3.11 → 3.12 → 3.13 → 4.2 → 4.3.6\nFound       3 to fix, 1 that may remain\n',
    )
    expect(formatUpgrade(shown, { format: 'markdown' })).toContain('| `mirroring` | lost from 4.2 on | `queue:%2F/m` |')
    expect(JSON.parse(formatUpgrade(shown, { format: 'json' }))).toMatchObject({
      format: 1,
      from: '3.10.8',
      to: '4.3.6',
      issues: [{ feature: 'mirroring' }, {}, {}, {}],
    })
  })
})
