import type { BreakingRule } from '../../../src/insight/breaking/breaking-rules.ts'
import type { ChangeClass } from '../../../src/insight/breaking/version.ts'

const MESSAGES = 'test/insight/breaking/messages'

/** The topology before each change. */
export const BEFORE = `
warren: 1
project: billing
vhost: { name: shop, limits: { maxConnections: 100 } }
exchanges:
  events: { type: topic }
  tasks: { type: direct }
  unused: { type: fanout }
queues:
  billing:
    type: quorum
    bindings: [{ exchange: events, routingKey: 'invoice.#' }]
    deadLetter: true
    retry: { delays: [5s, 30s, 5m] }
  audit: { type: classic, bindings: [{ exchange: events, routingKey: '#' }] }
  work: { type: classic, maxPriority: 5, bindings: [{ exchange: tasks, routingKey: 'work' }] }
  spare: { type: classic }
superStreams:
  clicks: { partitions: 3 }
policies:
  limits: { pattern: '^audit$', applyTo: queues, definition: { max-length: 1000, message-ttl: 3600000 } }
publications:
  invoice-paid: { exchange: events, routingKey: invoice.paid, message: { schema: ${MESSAGES}/invoice.json } }
  order-placed: { exchange: events, routingKey: 'order.{country}', delays: [1m, 1h] }
  work: { exchange: tasks, routingKey: work }
  click: { superStream: clicks }
subscriptions:
  invoices: { queue: billing, message: { schema: ${MESSAGES}/invoice.json } }
  auditor: { queue: audit, onFailure: requeue }
  worker: { queue: work, onFailure: discard }
users:
  shipping: { permissions: { configure: '', write: '^(events|tasks)$', read: '^work$' } }
  reports: { permissions: { configure: '', write: '', read: '.*' } }
`

/** One change of the topology above, and the expected findings. */
export interface Change {
  readonly title: string
  readonly class: ChangeClass
  readonly rule: BreakingRule
  readonly address: string
  /** Each text is replaced by the next one. */
  readonly edit: readonly (readonly [from: string, to: string])[]
}

const INVOICE = `${MESSAGES}/invoice.json`
const PUBLISHED = `routingKey: invoice.paid, message: { schema: ${INVOICE} }`
const CONSUMED = `queue: billing, message: { schema: ${INVOICE} }`

type Row = readonly [title: string, rule: BreakingRule, address: string, ...edit: Change['edit']]

const BREAKING: readonly Row[] = [
  [
    'a publication is removed',
    'publication-removed',
    'publication:shop/work',
    ['  work: { exchange: tasks, routingKey: work }\n', ''],
  ],
  [
    'a publication compresses its messages',
    'publication-settings',
    'publication:shop/work',
    [
      'work: { exchange: tasks, routingKey: work }',
      'work: { exchange: tasks, routingKey: work, message: { encoding: gzip } }',
    ],
  ],
  ['a delay is removed', 'publication-settings', 'publication:shop/order-placed', ['delays: [1m, 1h]', 'delays: [1m]']],
  [
    'a publication is renamed',
    'publication-renamed',
    'publication:shop/work',
    ['  work: { exchange: tasks', '  do-work: { exchange: tasks'],
  ],
  [
    'a subscription is removed',
    'subscription-removed',
    'subscription:shop/worker',
    ['  worker: { queue: work, onFailure: discard }\n', ''],
  ],
  ['a subscription is renamed', 'subscription-renamed', 'subscription:shop/auditor', ['  auditor:', '  archivist:']],
  [
    'a publication takes another parameter',
    'publication-parameters',
    'publication:shop/order-placed',
    ['order.{country}', 'order.{region}'],
  ],
  [
    'a publication reaches one queue less',
    'publication-reaches-fewer',
    'publication:shop/order-placed',
    ["[{ exchange: events, routingKey: '#' }]", "[{ exchange: events, routingKey: 'invoice.#' }]"],
  ],
  [
    'a publication reaches no queue',
    'publication-reaches-fewer',
    'publication:shop/work',
    ["bindings: [{ exchange: tasks, routingKey: 'work' }]", ''],
  ],
  [
    'a publication reaches another queue',
    'publication-reaches-others',
    'publication:shop/work',
    [", bindings: [{ exchange: tasks, routingKey: 'work' }]", ''],
    ['spare: { type: classic }', "spare: { type: classic, bindings: [{ exchange: tasks, routingKey: 'work' }] }"],
  ],
  [
    'a queue has another type',
    'queue-redeclared',
    'queue:shop/audit',
    ['audit: { type: classic', 'audit: { type: quorum'],
  ],
  ['a queue has another argument', 'queue-redeclared', 'queue:shop/work', ['maxPriority: 5', 'maxPriority: 3']],
  [
    'an exchange has another type',
    'exchange-redeclared',
    'exchange:shop/tasks',
    ['tasks: { type: direct }', 'tasks: { type: topic }'],
  ],
  [
    'an exchange has an alternate exchange',
    'exchange-redeclared',
    'exchange:shop/tasks',
    ['tasks: { type: direct }', 'tasks: { type: direct, alternateExchange: unused }'],
  ],
  [
    'a queue that is consumed is removed',
    'queue-removed',
    'queue:shop/work',
    ["  work: { type: classic, maxPriority: 5, bindings: [{ exchange: tasks, routingKey: 'work' }] }\n", ''],
    ['  worker: { queue: work, onFailure: discard }\n', ''],
  ],
  [
    'a queue is renamed',
    'queue-renamed',
    'queue:shop/audit',
    ['  audit: { type: classic,', '  audits: { type: classic, renamedFrom: audit,'],
    ['queue: audit,', 'queue: audits,'],
  ],
  [
    'an exchange that is published to is removed',
    'exchange-removed',
    'exchange:shop/tasks',
    ['  tasks: { type: direct }\n', ''],
    [", bindings: [{ exchange: tasks, routingKey: 'work' }]", ''],
    ['  work: { exchange: tasks, routingKey: work }\n', ''],
  ],
  ['a user may no longer publish', 'rights-lost', 'permission:shop/shipping', ['^(events|tasks)$', '^(events)$']],
  [
    'a user is removed',
    'user-removed',
    'user:reports',
    ["  reports: { permissions: { configure: '', write: '', read: '.*' } }\n", ''],
  ],
  [
    'what fails is no longer dead-lettered',
    'dead-letters-lost',
    'subscription:shop/invoices',
    ['    deadLetter: true\n    retry: { delays: [5s, 30s, 5m] }\n', ''],
    [
      'message: { schema: ' + INVOICE + ' } }\n  auditor',
      'onFailure: discard, message: { schema: ' + INVOICE + ' } }\n  auditor',
    ],
  ],
  [
    'publishers may leave out what consumers need',
    'message-refused',
    'publication:shop/invoice-paid',
    [PUBLISHED, PUBLISHED.replace('invoice.json', 'invoice-without-id.json')],
  ],
  [
    'consumers need what publishers did not send',
    'message-refused',
    'subscription:shop/invoices',
    [CONSUMED, CONSUMED.replace('invoice.json', 'invoice-with-sum.json')],
  ],
]

const RISKY: readonly Row[] = [
  [
    'a super stream has another number of partitions',
    'publication-settings',
    'publication:shop/click',
    ['partitions: 3', 'partitions: 4'],
  ],
  [
    'a ladder is shorter',
    'ladder-shortened',
    'subscription:shop/invoices',
    ['retry: { delays: [5s, 30s, 5m] }', 'retry: { delays: [5s, 30s] }'],
  ],
  ['a policy lowers a length', 'limit-lowered', 'queue:shop/audit', ['max-length: 1000', 'max-length: 100']],
  [
    'a policy lowers a time to live',
    'limit-lowered',
    'queue:shop/audit',
    ['message-ttl: 3600000', 'message-ttl: 60000'],
  ],
  [
    'a queue that no route consumes is removed',
    'queue-removed',
    'queue:shop/spare',
    ['  spare: { type: classic }\n', ''],
  ],
  [
    'an exchange that no route publishes to is removed',
    'exchange-removed',
    'exchange:shop/unused',
    ['  unused: { type: fanout }\n', ''],
  ],
  [
    'a pattern is written in another way',
    'message-undecided',
    'publication:shop/invoice-paid',
    [PUBLISHED, PUBLISHED.replace('invoice.json', 'invoice-other-pattern.json')],
  ],
  [
    'messages are no longer persistent',
    'publication-settings',
    'publication:shop/work',
    ['routingKey: work }', 'routingKey: work, persistent: false }'],
  ],
  [
    'a user may read only declared objects',
    'rights-narrowed',
    'permission:shop/reports',
    ["read: '.*'", "read: '^(events.*|clicks.*|tasks|unused|billing.*|audit|work|spare)$'"],
  ],
  ['a vhost takes fewer connections', 'vhost-limits', 'vhost:shop', ['maxConnections: 100', 'maxConnections: 10']],
  [
    'a subscription consumes another queue',
    'subscription-moved',
    'subscription:shop/worker',
    ['worker: { queue: work', 'worker: { queue: spare'],
  ],
]

const SAFE: readonly Row[] = [
  [
    'a queue is new',
    'queue-added',
    'queue:shop/extra',
    ['  spare: { type: classic }', '  spare: { type: classic }\n  extra: { type: quorum }'],
  ],
  [
    'an exchange is new',
    'exchange-added',
    'exchange:shop/extra',
    ['  unused: { type: fanout }', '  unused: { type: fanout }\n  extra: { type: fanout }'],
  ],
  [
    'a publication is new',
    'publication-added',
    'publication:shop/more',
    ['publications:\n', 'publications:\n  more: { exchange: unused }\n'],
  ],
  [
    'a subscription is new',
    'subscription-added',
    'subscription:shop/more',
    ['subscriptions:\n', 'subscriptions:\n  more: { queue: spare, onFailure: discard }\n'],
  ],
  [
    'a publication reaches one queue more',
    'publication-reaches-more',
    'publication:shop/work',
    ['spare: { type: classic }', "spare: { type: classic, bindings: [{ exchange: tasks, routingKey: 'work' }] }"],
  ],
  ['a policy raises a length', 'limit-raised', 'queue:shop/audit', ['max-length: 1000', 'max-length: 2000']],
  [
    'a ladder is longer',
    'ladder-extended',
    'subscription:shop/invoices',
    ['retry: { delays: [5s, 30s, 5m] }', 'retry: { delays: [5s, 30s, 5m, 1h] }'],
  ],
  [
    'a user may publish more',
    'rights-gained',
    'permission:shop/shipping',
    ['^(events|tasks)$', '^(events|tasks|unused)$'],
  ],
  [
    'publishers send one property more',
    'message-compatible',
    'publication:shop/invoice-paid',
    [PUBLISHED, PUBLISHED.replace('invoice.json', 'invoice-with-sum.json')],
  ],
  [
    'consumers need less',
    'message-compatible',
    'subscription:shop/invoices',
    [CONSUMED, CONSUMED.replace('invoice.json', 'invoice-without-id.json')],
  ],
]

/** 20 changes that break, 10 that may, and 10 that do not. */
export const CHANGES: readonly Change[] = [
  ...BREAKING.map(changeOf('breaking')),
  ...RISKY.map(changeOf('risky')),
  ...SAFE.map(changeOf('safe')),
]

function changeOf(kind: ChangeClass) {
  return ([title, rule, address, ...edit]: Row): Change => ({ title, class: kind, rule, address, edit })
}
