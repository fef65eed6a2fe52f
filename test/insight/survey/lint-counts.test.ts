import { describe, expect, it } from 'vitest'
import { certainFindings, type CountedFinding, countFindings } from '../../../src/insight/survey/lint-counts.ts'

function found(rule: string, address?: string, severity: CountedFinding['severity'] = 'warning'): CountedFinding {
  return { rule, severity, page: `docs/rules/${rule}.md`, ...(address !== undefined && { address }) }
}

const counts = (errors: number, warnings: number) => ({ errors, warnings })

describe('the findings of lint in a survey', () => {
  it('are counted by vhost and rule, errors first', () => {
    const findings = [
      found('unbounded-queue', 'queue:a%2Fb/orders'),
      found('binding-redundant', 'binding:a%2Fb/x/queue/orders/'),
      found('unbounded-queue', 'queue:a%2Fb/invoices'),
      found('dead-letter-cycle', 'queue:a%2Fb/orders', 'error'),
      found('max-queues', 'vhost:other'),
      found('guest-user', 'user:guest', 'error'),
      found('unused-ignore'),
    ]

    const counted = countFindings({ findings, ignored: 2, version: '4.3.6' }, ['a/b', 'other', 'clean'], [])

    expect(counted.vhosts).toEqual(
      new Map([
        [
          'a/b',
          {
            ...counts(1, 3),
            rules: [
              { rule: 'dead-letter-cycle', severity: 'error', count: 1, page: 'docs/rules/dead-letter-cycle.md' },
              { rule: 'unbounded-queue', severity: 'warning', count: 2, page: 'docs/rules/unbounded-queue.md' },
              { rule: 'binding-redundant', severity: 'warning', count: 1, page: 'docs/rules/binding-redundant.md' },
            ],
          },
        ],
        ['other', expect.objectContaining(counts(0, 1))],
        ['clean', { ...counts(0, 0), rules: [] }],
      ]),
    )
    expect(counted.broker).toEqual({
      ...counts(2, 5),
      ignored: 2,
      version: '4.3.6',
      rules: [
        { rule: 'guest-user', severity: 'error', count: 1, page: 'docs/rules/guest-user.md' },
        { rule: 'unused-ignore', severity: 'warning', count: 1, page: 'docs/rules/unused-ignore.md' },
      ],
    })
  })

  it('are unknown in a vhost whose objects could not all be read, which is not included in the sums', () => {
    const findings = [found('queue-not-consumed', 'queue:closed/orders'), found('queue-not-consumed', 'queue:open/q')]

    const counted = countFindings(
      { findings, ignored: 0, version: '4.3.6' },
      ['closed', 'open'],
      [
        { what: 'bindings', vhost: 'closed', reason: 'refused' },
        { what: 'messages', vhost: 'open', reason: 'statistics-off' },
      ],
    )

    expect(counted.vhosts.has('closed')).toBe(false)
    expect(counted.vhosts.get('open')).toMatchObject(counts(0, 1))
    expect(counted.broker).toMatchObject(counts(0, 1))
  })

  it('are the same that a page shows: those of vhosts that were read completely, and of the whole broker', () => {
    const findings = [
      found('queue-not-consumed', 'queue:closed%2F/orders'),
      found('queue-not-consumed', 'queue:open%2F/q'),
      found('guest-user', 'user:guest', 'error'),
    ]
    const unknown = [
      { what: 'bindings', vhost: 'closed/', reason: 'refused' },
      { what: 'vhost', vhost: 'another', reason: 'no-permission' },
    ] as const
    const vhosts = ['closed/', 'open/']

    const certain = certainFindings(findings, vhosts, unknown)

    expect(certain).toEqual({ findings: findings.slice(1), unread: ['another', 'closed/'] })
    const { broker } = countFindings({ findings, ignored: 0, version: '4.3.6' }, vhosts, unknown)
    expect(broker.errors + broker.warnings).toBe(certain.findings.length)
  })

  it('are marked where users and rights could not be read', () => {
    const judged = { findings: [], ignored: 0, version: '4.3.6' }

    expect(countFindings(judged, [], [{ what: 'users', reason: 'needs-administrator' }]).broker).toMatchObject({
      rightsUnknown: true,
    })
    expect(countFindings(judged, [], []).broker).not.toHaveProperty('rightsUnknown')
  })
})
