import { describe, expect, it } from 'vitest'
import { makeSurvey } from '../../../src/insight/survey/survey.ts'
import { formatSurvey } from '../../../src/render/formats/format-survey.ts'
import { binding, exchange, queue } from '../../builders/objects.ts'
import { snapshotOf, vhostSnapshot } from '../../builders/snapshots.ts'

const ORDERS = vhostSnapshot(
  {
    exchanges: [exchange(''), exchange('events', { type: 'topic' })],
    queues: [
      queue('billing.invoices', { type: 'quorum', arguments: { 'x-max-length': 5 } }),
      queue('billing.mails'),
      queue('billing.audit', { type: 'stream' }),
      queue('celeryev.2f1e3d7a-6b0d-4c6b-9f0e-0a1b2c3d4e5f'),
    ],
    bindings: [binding('events', 'billing.invoices', { routingKey: 'invoice.#' })],
  },
  {
    untouchable: [{ ...queue('amq.gen-1'), reason: 'exclusive' }],
    contents: new Map([
      ['billing.invoices', { messages: 1_204, ready: 1_204, unacknowledged: 0 }],
      ['billing.mails', { messages: 0, ready: 0, unacknowledged: 0 }],
    ]),
    consumers: [
      { queue: 'billing.mails', user: 'mailer', product: 'amqplib 0.10', name: 'mails', address: '10.0.0.1:50000' },
      { queue: 'billing.mails', user: 'mailer', product: 'amqplib 0.10', name: 'mails', address: '10.0.0.1:50001' },
    ],
  },
)

const SURVEY = makeSurvey(
  snapshotOf([ORDERS], {
    owners: new Map([['queue:%2F/billing.mails', { project: 'shop', state: 'adopted' }]]),
    unknown: [
      { what: 'vhost', vhost: 'closed', reason: 'no-permission' },
      { what: 'users', reason: 'needs-administrator' },
      { what: 'permissions', reason: 'needs-administrator' },
    ],
  }),
  {
    frameworks: new Map([
      [
        'queue:%2F/celeryev.2f1e3d7a-6b0d-4c6b-9f0e-0a1b2c3d4e5f',
        { framework: 'Celery', what: 'event queue', role: 'infrastructure', why: '' },
      ],
    ]),
    unmanaged: ['queue:*'],
    judged: {
      version: '4.0.5',
      ignored: 1,
      findings: [
        { rule: 'unbounded-queue', severity: 'warning', page: '', address: 'queue:%2F/billing.mails' },
        { rule: 'guest-user', severity: 'error', page: '', address: 'user:guest' },
      ],
    },
    evidence: {
      window: 60_000,
      looks: 7,
      used: [{ address: 'queue:%2F/billing.mails', published: 120, delivered: 90, consumers: 2 }],
      withoutEvidence: 3,
      unknown: 0,
      changes: [{ address: 'queue:%2F/billing.mails', change: 'came', user: 'mailer' }],
    },
  },
)

describe('a survey', () => {
  it('is printed with known and unknown parts', () => {
    expect(formatSurvey(SURVEY)).toMatchInlineSnapshot(`
      "Broker      rabbit@one (RabbitMQ 4.0.5)  http://one:15672  login ops
      Scope       1 vhost
      Coverage    unknown: 1 of 5 objects that could be read (1 adopted); 4 unmanaged; not counted: 1 of frameworks
          project shop                  1 object (1 adopted)
      Lint        1 error, 1 warning, 1 ignored (by the rules for RabbitMQ 4.0.5); the rules about rights were not applied
          guest-user                    1 error
      Statistics  rates_mode basic: the broker does not report who publishes to which exchange

      vhost /
        Objects     1 exchange (1 topic), 4 queues (2 classic, 1 quorum, 1 stream), 1 queue of connections or plugins (1 exclusive), 1 binding
        Coverage    20% managed: 1 of 5 objects (1 adopted); 4 unmanaged; not counted: 1 of frameworks
        Lint        0 errors, 1 warning
          unbounded-queue               1 warning
        Groups
          billing                       3 queues, 1,204 messages, messages of 1 queue unknown, 2 consumers
          (no group)                    1 queue
        Frameworks, by the names and shapes of objects
          Celery                        1 × event queue
        Consumers
          user mailer, client "amqplib 0.10" mails, from 10.0.0.1: 2 consumers
            of billing.mails
        Stands out
          1 queue with messages and no consumer
            queue:%2F/billing.invoices                            1,204 messages
          2 queues without bindings and consumers
            queue:%2F/billing.audit
            queue:%2F/celeryev.2f1e3d7a-6b0d-4c6b-9f0e-0a1b2c3d4e5f
          largest queues
            queue:%2F/billing.invoices                            1,204 messages

      Evidence of use in 60 s (7 looks)
        queue:%2F/billing.mails                                   2 published/s, 1.5 delivered/s, 2 consumers
        a consumer of queue:%2F/billing.mails came: user mailer
        3 queues without evidence in this window; they may still be in use, because a weekly job leaves no trace

      Unmanaged  3 objects
        queue:%2F/billing.invoices                                quorum, 1,204 messages, 0 consumers, x-max-length 5
        queue:%2F/billing.audit                                   stream, 0 consumers
        queue:%2F/celeryev.2f1e3d7a-6b0d-4c6b-9f0e-0a1b2c3d4e5f   classic, 0 consumers, of Celery, not counted

      Unknown
        vhost closed: the login has no permission; let it read with: rabbitmqctl set_permissions -p closed ops '^$' '^$' '^$'
        users, permissions: the login has no tag administrator
      "
    `)
  })

  it('has the same figures in JSON', () => {
    const { format, source, coverage, vhosts } = JSON.parse(formatSurvey(SURVEY, { format: 'json' }))

    expect({ format, source }).toEqual({
      format: 1,
      source: { kind: 'broker', name: 'rabbit@one', version: '4.0.5', url: 'http://one:15672', user: 'ops' },
    })
    expect(coverage).toMatchObject({ objects: 5, managed: 1, adopted: 1, unmanaged: 4 })
    expect(coverage).not.toHaveProperty('percent')
    expect(vhosts[0]).toMatchObject({
      coverage: { percent: 20 },
      groups: [{ name: 'billing', queues: 3, messages: 1_204, messagesUnknown: 1, consumers: 2 }],
    })
  })

  it('counts findings of lint in Markdown', () => {
    const text = formatSurvey(SURVEY, { format: 'markdown' })

    expect(text).toContain('**Lint** 1 error, 1 warning, 1 ignored (by the rules for RabbitMQ 4.0.5)')
    expect(text).toContain('| `unbounded-queue` | 1 warning |')
    expect(text).toContain('| `guest-user` | 1 error |')
  })

  it('says in how many vhosts findings of lint are unknown, instead of counting none', () => {
    const snapshot = snapshotOf([ORDERS], { unknown: [{ what: 'operator-policies', reason: 'not-exported' }] })
    const findings = [{ rule: 'unbounded-queue', severity: 'warning', page: '', address: 'queue:%2F/orders' } as const]
    const judged = { version: '4.0.5', ignored: 0, findings }

    const text = formatSurvey(makeSurvey(snapshot, { frameworks: new Map(), judged }))

    expect(text).toContain(
      '0 errors, 0 warnings (by the rules for RabbitMQ 4.0.5); unknown in 1 vhost, whose objects could not all be read',
    )
    expect(text).toContain('  Lint        unknown')
  })

  it('shows no raw Markdown of names', () => {
    const odd = makeSurvey(snapshotOf([vhostSnapshot({ queues: [queue('<b>|`x`')] })]), {
      frameworks: new Map(),
      unmanaged: [],
    })

    expect(formatSurvey(odd, { format: 'markdown' })).not.toMatch(/^\|.*<b>/m)
    expect(formatSurvey(odd, { format: 'markdown' })).toContain('### Unmanaged: 1 object')
  })
})
