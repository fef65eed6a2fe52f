import type { PlanSurvey } from '../../src/insight/survey/survey-for-plan.ts'
import type { Survey, SurveyedVhost } from '../../src/insight/survey/survey.ts'

/* A survey with all possible items. The compiler finds properties that are missing here, and the tests find those that the schema lacks. */

const AT = 'queue:%2F/email'

const COVERAGE: Required<Survey['coverage']> = {
  percent: 62.5,
  objects: 8,
  managed: 5,
  adopted: 2,
  unmanaged: 3,
  setAside: { transient: 1, framework: 2 },
  projects: [{ project: 'shop', managed: 5, adopted: 2 }],
  labels: { owners: [{ owner: 'team-a', objects: 4 }], unlabelled: 1, undeclared: 3 },
}

const RULE = { rule: 'dead-letters-lead-nowhere', severity: 'error', count: 1, page: 'docs/rules/a.md' } as const

const VHOST: Required<SurveyedVhost> = {
  name: '/',
  counts: [{ kind: 'queue', count: 3, types: { quorum: 3 } }],
  coverage: COVERAGE,
  groups: [{ name: 'billing', queues: 3, messages: 12, messagesUnknown: 1, consumers: 2 }],
  ungrouped: 1,
  frameworks: [{ framework: 'Celery', parts: { 'event queue': 1 } }],
  programs: [
    { user: 'ann', name: 'worker', product: 'amqplib 2.3.1', host: '10.0.0.5', consumers: 2, queues: ['email'] },
  ],
  lint: { errors: 1, warnings: 0, rules: [RULE] },
  standsOut: [{ what: 'largest', objects: [{ address: AT, messages: 12 }] }],
}

export const SURVEY: Required<Survey> = {
  source: {
    kind: 'broker',
    broker: {
      name: 'rabbit@test',
      version: '4.3.6',
      url: 'http://mq.test:15672',
      exchangeTypes: ['direct'],
      forbidsOperatorPolicies: false,
      deniedFeatures: [],
    },
    user: 'ann',
  },
  coverage: COVERAGE,
  vhosts: [VHOST],
  counts: [{ kind: 'user', count: 2 }],
  lint: { errors: 2, warnings: 1, ignored: 1, version: '4.3.6', rules: [RULE], rightsUnknown: true },
  statistics: { ratesMode: 'basic', collected: true },
  unknown: [{ what: 'queues', vhost: 'closed', reason: 'no-permission' }],
  evidence: {
    window: 60_000,
    looks: 7,
    used: [{ address: AT, published: 3, delivered: 2, consumers: 1 }],
    withoutEvidence: 2,
    unknown: 1,
    changes: [
      {
        address: AT,
        change: 'came',
        user: 'ann',
        name: 'worker',
        product: 'amqplib 2.3.1',
        clientAddress: '10.0.0.5:54321',
      },
    ],
  },
  unmanaged: [
    {
      address: AT,
      kind: 'queue',
      type: 'quorum',
      arguments: { 'x-max-length': 5 },
      setAside: 'framework',
      framework: 'Celery',
      messages: 3,
      consumers: 0,
      idleSince: '2026-01-01T00:00:00.000Z',
    },
  ],
}

export const PLAN_SURVEY: Required<PlanSurvey> = {
  coverage: COVERAGE,
  vhosts: [{ name: '/', coverage: COVERAGE }],
  unmanaged: SURVEY.unmanaged,
  unknown: [{ what: 'consumers', reason: 'needs-monitoring' }],
}
