import type { Outcome, OutcomeStatus, Report } from '../../src/apply/report.ts'
import type { Kind, ObjectOf } from '../../src/model/topology.ts'
import type { Unsupported } from '../../src/plan/broker-support/abilities.ts'
import type { HoldingProblem } from '../../src/plan/migration/holding-problem.ts'
import type { Note } from '../../src/plan/note.ts'
import type { Block } from '../../src/plan/block.ts'
import type { Impact } from '../../src/plan/change.ts'
import type { Kept, Plan } from '../../src/plan/plan.ts'
import type { Right } from '../../src/plan/guards/right.ts'
import type { lintFindingJson } from '../../src/render/lint/lint-json.ts'
import type { SavedPlan } from '../../src/plan/saved/saved-plan.ts'
import type { UndoPlan } from '../../src/plan/saved/undo.ts'
import { binding, exchange, permission, policy, queue, user, vhost } from '../builders/objects.ts'

/*
 * One of each item of a plan or a report, with all of its properties. The compiler finds properties and variants that
 * are missing here, and the tests find differences from the schema.
 */

const AT = 'queue:%2F/email'
const DIGEST = '0123456789abcdef'.repeat(4)
const ORIGIN = { file: 't.yaml', line: 1, column: 2, length: 3 }
const DECLARED = {
  origin: ORIGIN,
  external: false,
  protect: true,
  references: [{ path: ['value', 0], reference: '${file:ttl}', location: ORIGIN, as: 'duration' as const }],
}

export const STAKE: Required<Impact> = {
  messages: 3,
  consumers: 1,
  cascades: [{ address: 'permission:b/svc', project: 'other', own: true }],
  senders: [{ address: 'queue:%2F/theirs', project: 'other' }],
  bindings: ['binding:a'],
  undeclaredBindings: 1,
}

export const OBJECTS: { readonly [K in Kind]: Required<ObjectOf[K]> } = {
  vhost: {
    ...vhost('/shop'),
    ...DECLARED,
    description: 'Shop',
    tags: ['a'],
    defaultQueueType: 'quorum',
    limits: { maxConnections: 1, maxQueues: 2 },
  },
  exchange: { ...exchange('e'), ...DECLARED, renamedFrom: 'd' },
  queue: {
    ...queue('q'),
    ...DECLARED,
    type: 'quorum',
    arguments: { 'x-max-length': 3 },
    renamedFrom: 'p',
    role: { kind: 'delay', of: 'o' },
  },
  binding: { ...binding('e', 'q'), ...DECLARED },
  user: {
    ...user('ann'),
    ...DECLARED,
    credential: { kind: 'password', written: { reference: '${env:ANN}', location: { file: 't', line: 1, column: 1 } } },
    tags: ['policymaker'],
    limits: { maxConnections: 1, maxChannels: 2 },
    declaredIn: ['/'],
  },
  permission: { ...permission('ann'), ...DECLARED },
  'topic-permission': { ...DECLARED, vhost: '/', user: 'ann', exchange: 'e', write: '', read: '' },
  policy: { ...policy('p'), ...DECLARED, definition: { 'max-length': 5 } },
  'operator-policy': { ...policy('p'), ...DECLARED },
  parameter: { ...DECLARED, vhost: '/', component: 'shovel', name: 's', value: { 'src-queue': 'q' } },
  'global-parameter': { ...DECLARED, name: 'g', value: [1, null], declaredIn: ['/'] },
}

export const UNSUPPORTED: { readonly [K in Unsupported['kind']]: Required<Extract<Unsupported, { kind: K }>> } = {
  'exchange-type': { kind: 'exchange-type', type: 'x-own', offered: ['direct'] },
  'apply-to': { kind: 'apply-to', applyTo: 'streams', since: '3.12' },
  'operator-policies-forbidden': { kind: 'operator-policies-forbidden' },
  'plugin-missing': { kind: 'plugin-missing', component: 'shovel', plugin: 'rabbitmq_shovel' },
  'component-unknown': { kind: 'component-unknown', component: 'shovell' },
  'default-queue-type-fixed': { kind: 'default-queue-type-fixed', since: '3.11.17' },
  'argument-refused': {
    kind: 'argument-refused',
    argument: 'x-queue-version',
    type: 'classic',
    value: '1',
    expected: '2',
    needs: 'x-dead-letter-exchange',
  },
  'parameter-refused': {
    kind: 'parameter-refused',
    component: 'shovel',
    key: 'src-predeclared',
    since: '4.0.0',
    expected: 'true or false',
    needs: 'src-uri',
    excludes: 'src-protocol: amqp10',
  },
  'policy-value-refused': { kind: 'policy-value-refused', key: 'max-length', value: '-1', expected: 'a whole number' },
  'argument-new': { kind: 'argument-new', argument: 'x-delayed-retry-min: 1', since: '4.3.1' },
  'user-protected': { kind: 'user-protected' },
  'feature-denied': { kind: 'feature-denied', feature: 'transient_nonexcl_queues', needs: 'durable: false' },
  'policy-key-unknown': { kind: 'policy-key-unknown', key: 'consumer-timeout', since: '3.12.0' },
  'policy-key-of-plugin': { kind: 'policy-key-of-plugin', key: 'federation-upstream', plugin: 'rabbitmq_federation' },
  'no-operator-policy-key': { kind: 'no-operator-policy-key', key: 'overflow', since: '3.12.7' },
  'policy-key-removed': { kind: 'policy-key-removed', key: 'ha-mode', since: '4.0' },
  'stream-name-too-long': { kind: 'stream-name-too-long', length: 240, unit: 'bytes', limit: 234 },
  'routing-key-refused': { kind: 'routing-key-refused', routingKey: '#.#.#', limits: 'wildcards', limit: 2 },
  'expression-too-long': { kind: 'expression-too-long', property: 'pattern', bytes: 1025, limit: 1024 },
}

export const HOLDING_PROBLEMS: {
  readonly [P in HoldingProblem['problem']]: Required<Extract<HoldingProblem, { problem: P }>>
} = {
  stream: { problem: 'stream' },
  'auto-delete': { problem: 'auto-delete' },
  policy: { problem: 'policy', policy: 'policy:%2F/p', keys: ['expires'], holding: 'q.moving', uncertain: true },
  'new-queue-too-short': { problem: 'new-queue-too-short', key: 'max-length', size: 9, limit: 5 },
}

export const BLOCKS: { readonly [R in Block['reason']]: Required<Extract<Block, { reason: R }>> } = {
  'needs-replacement': {
    reason: 'needs-replacement',
    address: AT,
    kind: 'queue',
    properties: ['type'],
    impact: STAKE,
    migratedWith: 'queue:%2F/o',
    byPolicy: ['max-length'],
  },
  'external-missing': { reason: 'external-missing', address: AT },
  'own-login': { reason: 'own-login', address: 'user:ann' },
  untouchable: { reason: 'untouchable', address: AT },
  unsupported: { reason: 'unsupported', address: AT, what: UNSUPPORTED['argument-refused'] },
  'not-owned': { reason: 'not-owned', address: AT },
  'foreign-owner': { reason: 'foreign-owner', address: AT, project: 'other' },
  protected: { reason: 'protected', address: AT, action: 'delete' },
  adopted: { reason: 'adopted', address: AT },
  'data-loss': { reason: 'data-loss', address: AT, impact: STAKE },
  uncounted: { reason: 'uncounted', address: AT, because: 'no AMQP', lacks: 'lock' },
  'queue-uncounted': { reason: 'queue-uncounted', address: AT, queue: AT, because: 'no majority' },
  'rename-both': { reason: 'rename-both', address: AT, from: 'queue:%2F/mail' },
  cascades: {
    reason: 'cascades',
    address: 'user:svc',
    objects: [{ address: 'permission:b/svc', project: 'other' }],
  },
  'shovels-unknown': { reason: 'shovels-unknown', address: AT, from: 'queue:%2F/old' },
  'still-used': { reason: 'still-used', address: AT, senders: [{ address: 'queue:%2F/theirs', project: 'other' }] },
  'slot-taken': { reason: 'slot-taken', address: 'binding:%2F/e/queue/q/1', by: 'binding:%2F/e/queue/q/3' },
  'rebind-deletes-exchange': {
    reason: 'rebind-deletes-exchange',
    address: 'binding:%2F/e/queue/q/1',
    exchange: 'exchange:%2F/e',
  },
  'not-rebindable': { reason: 'not-rebindable', address: 'exchange:%2F/e' },
  'half-declared': { reason: 'half-declared', address: AT, because: 'none of its members is online' },
  'unfinished-move': { reason: 'unfinished-move', address: AT },
  'unfinished-replacement': { reason: 'unfinished-replacement', address: 'exchange:%2F/e' },
  'queue-limit': {
    reason: 'queue-limit',
    address: 'vhost:%2F',
    limit: 3,
    needed: 5,
    live: 2,
    created: 1,
    moving: 1,
    lock: true,
  },
  'move-impossible': { reason: 'move-impossible', address: AT, problem: HOLDING_PROBLEMS.policy },
  'move-unsafe': {
    reason: 'move-unsafe',
    address: AT,
    queues: 50,
    obstacles: [
      { obstacle: 'memory-alarm', node: 'rabbit@a' },
      { obstacle: 'disk', node: 'rabbit@b', room: 1_000, needed: 2_000 },
    ],
  },
  'holding-name-taken': {
    reason: 'holding-name-taken',
    address: AT,
    holding: 'queue:%2F/q.moving',
    declared: true,
    places: [{ file: 'topology.yaml', line: 4, column: 3, length: 8 }],
  },
  awaited: { reason: 'awaited', address: AT, queues: [{ address: 'queue:%2F/email.wait', messages: 3 }] },
  'limit-lowered': {
    reason: 'limit-lowered',
    address: 'policy:%2F/p',
    queues: [{ address: 'queue:%2F/email', messages: 3, key: 'max-length', limit: 1 }],
  },
  'policy-loses': {
    reason: 'policy-loses',
    address: 'queue:%2F/email.dead',
    policy: 'policy:%2F/p',
    losses: [{ loss: 'dead-letters-expire', key: 'message-ttl', declared: 9, effective: 5 }],
    places: [{ file: 'topology.yaml', line: 4, column: 3, length: 8 }],
  },
  'policy-displaced': {
    reason: 'policy-displaced',
    address: 'policy:%2F/email.failed',
    policy: 'policy:%2F/p',
    queue: AT,
    keys: ['max-length'],
    places: [{ file: 'topology.yaml', line: 4, column: 3, length: 8 }],
  },
  'dead-letter-policy-outranked': {
    reason: 'dead-letter-policy-outranked',
    address: 'policy:%2F/email.failed',
    policy: 'policy:%2F/p',
    queue: AT,
    places: [{ file: 'topology.yaml', line: 4, column: 3, length: 8 }],
  },
  'target-requires': { reason: 'target-requires', address: AT, requires: 'exchange:%2F/e' },
  'unmatched-address': {
    reason: 'unmatched-address',
    address: '--allow delete=queue:bills',
    problem: { kind: 'not-owned', project: 'billing' },
    nearest: 'queue:bill',
  },
  'too-many-deletes': { reason: 'too-many-deletes', address: '--max-deletes', deletes: 5, owned: 10, limit: '30%' },
  'empty-topology': { reason: 'empty-topology', address: '--prune' },
  'ownership-unknown': { reason: 'ownership-unknown', address: 'destroy' },
  'record-damaged': {
    reason: 'record-damaged',
    address: 'vhost:%2F',
    record: 'warren.owner.0123456789abcdef',
    format: 3,
  },
  'other-record-damaged': {
    reason: 'other-record-damaged',
    address: 'user:svc',
    record: 'warren.owner.0123456789abcdef',
    format: 3,
  },
  'hand-over-unfinished': { reason: 'hand-over-unfinished', address: AT, project: 'billing' },
  'hand-over-unlocked': { reason: 'hand-over-unlocked', address: AT, project: 'billing', because: 'no AMQP' },
}

export const NOTES: { readonly [N in Note['note']]: Required<Extract<Note, { note: N }>> } = {
  'dead-letters-dropped': { note: 'dead-letters-dropped', policy: 'policy:%2F/p', addresses: [AT] },
  'policy-adds': { note: 'policy-adds', policy: 'policy:%2F/p', keys: { 'max-length': 5 }, addresses: [AT] },
  'policy-captures': {
    note: 'policy-captures',
    policy: 'policy:%2F/p',
    keys: { 'message-ttl': 5 },
    certain: true,
    losses: [{ loss: 'dead-letters-expire', key: 'message-ttl', declared: 9, effective: 5 }],
    places: [{ file: 'topology.yaml', line: 4, column: 3, length: 8 }],
    addresses: ['queue:%2F/email.dead'],
  },
  'policy-overrides': {
    note: 'policy-overrides',
    policy: 'policy:%2F/p',
    key: 'max-length',
    declared: 9,
    effective: 5,
    addresses: [AT],
  },
  'policy-not-for-type': {
    note: 'policy-not-for-type',
    policy: 'policy:%2F/p',
    type: 'stream',
    keys: ['expires'],
    lost: ['max-length'],
    addresses: [AT],
  },
  'policy-drops-head': { note: 'policy-drops-head', policy: 'policy:%2F/p', addresses: [AT] },
  'policy-shadowed': {
    note: 'policy-shadowed',
    policy: 'policy:%2F/p',
    by: 'operator-policy:%2F/o',
    keys: ['expires'],
    addresses: [AT],
  },
  'queue-limit-exceeded': { note: 'queue-limit-exceeded', limit: 3, queues: 4, addresses: ['vhost:%2F'] },
  'no-room-for-lock': { note: 'no-room-for-lock', limit: 3, queues: 3, addresses: ['vhost:%2F'] },
  'no-room-for-later-locks': { note: 'no-room-for-later-locks', limit: 3, queues: 3, addresses: ['vhost:%2F'] },
  'nothing-matches': { note: 'nothing-matches', options: ['--target queue:orders/*'], addresses: [] },
  'nothing-to-delete': { note: 'nothing-to-delete', addresses: ['queue:%2F/old'] },
  completed: { note: 'completed', because: 'src-delete-after', addresses: ['parameter:%2F/shovel/s'] },
  expected: { note: 'expected', project: 'billing', addresses: ['exchange:%2F/events'] },
  'dead-letters-held': { note: 'dead-letters-held', messages: 5, addresses: [AT] },
  'not-migrated': { note: 'not-migrated', why: HOLDING_PROBLEMS.policy, addresses: [AT] },
  'nodes-unchecked': { note: 'nodes-unchecked', addresses: [AT] },
  'majority-lost': { note: 'majority-lost', members: 3, online: 1, addresses: [AT] },
  'policies-tie': { note: 'policies-tie', policies: ['policy:%2F/p', 'policy:%2F/q'], addresses: [AT] },
  'unmanaged-bindings': {
    note: 'unmanaged-bindings',
    bindings: ['binding:%2F/events/queue/emails/new'],
    owners: 'none',
    addresses: [AT],
  },
  'unmanaged-policy': { note: 'unmanaged-policy', policy: 'policy:%2F/p', owners: 'none', addresses: [AT] },
  'unmanaged-administrators': { note: 'unmanaged-administrators', owners: 'unknown', addresses: ['user:guest'] },
  'unmanaged-not-compared': { note: 'unmanaged-not-compared', kinds: ['users'], addresses: [] },
}

export const KEPT: { readonly [R in Kept['reason']]: Required<Extract<Kept, { reason: R }>> } = {
  waiting: { address: AT, reason: 'waiting', messages: 2 },
  vhost: { address: 'vhost:shop', reason: 'vhost' },
  shared: { address: 'user:ann', reason: 'shared' },
}

const RIGHTS: { readonly [K in Right['kind']]: Required<Extract<Right, { kind: K }>> } = {
  resource: { kind: 'resource', right: 'read', vhost: '/', resource: 'queue', name: 'q' },
  topic: {
    kind: 'topic',
    vhost: '/',
    exchange: 'e',
    routingKey: 'k',
    destination: { destinationType: 'queue', destination: 'q' },
  },
  tag: { kind: 'tag', tag: 'policymaker' },
  vhost: { kind: 'vhost', vhost: 'gone', exists: false },
}

export const LINT_FINDING: ReturnType<typeof lintFindingJson> = {
  rule: 'unbounded-queue',
  severity: 'warning',
  message: 'a queue grows',
  hint: 'set a limit',
  address: AT,
  location: ORIGIN,
  related: [{ label: 'the policy', location: ORIGIN }],
  page: 'docs/rules/unbounded-queue.md',
}

export const PLAN: Required<Plan> & UndoPlan & SavedPlan & { readonly lint: readonly object[] } = {
  lint: [LINT_FINDING],
  format: 2,
  project: 'shop',
  environment: { name: 'prod', unusedVariables: ['WARREN_URL'] },
  broker: { name: 'rabbit@test', version: '4.3.6', url: 'http://mq.test:15672' },
  against: { path: 'definitions.json', notExported: [{ what: 'users', addresses: ['user:ann'] }] },
  files: { paths: ['t.yaml'], count: 1, overlays: ['prod.yaml'] },
  vhosts: ['/'],
  mode: {
    prune: true,
    destroy: false,
    adopt: false,
    targets: ['queue:*'],
    excludes: [],
    allowDelete: [AT],
    allowReplace: [AT],
    allowCreate: ['parameter:%2F/shovel/s'],
    migrate: [AT],
    rebind: ['exchange:%2F/e'],
    maxDeletes: { percent: 30, from: 10 },
  },
  ownership: {
    state: 'known',
    adopts: [AT],
    unrecorded: ['/'],
    elsewhere: [{ vhost: 'acme', owned: 12 }],
    unfinished: ['queue:%2F/handed'],
    records: [
      {
        vhost: '/',
        adopt: [AT],
        release: [],
        forget: [],
        drop: ['user:worker'],
        protect: [AT],
        unprotect: [],
        take: [{ from: 'billing', owned: ['queue:%2F/bills'], adopted: [], protected: [] }],
      },
    ],
  },
  notCompared: [{ what: 'users', addresses: ['user:ann'] }],
  unlocked: 'no AMQP',
  consumers: [
    {
      address: AT,
      clients: [{ user: 'ann', product: 'amqplib 2.3.1', name: 'worker', peer: '10.0.0.5:54321', consumers: 2 }],
      unknown: 1,
    },
  ],
  rights: {
    user: 'ci',
    missing: Object.values(RIGHTS).map((right) => ({ right, addresses: [AT] })),
    grants: ["rabbitmqctl set_permissions ci '^q$' '^$' '^$'"],
    unverified: 'no AMQP',
  },
  changes: [],
  blocks: Object.values(BLOCKS),
  unknowns: [{ address: 'user:ann', property: 'password', missing: 'ANN is not set' }],
  notes: Object.values(NOTES),
  kept: Object.values(KEPT),
  unchanged: 1,
  prunable: 2,
  prunableAdopted: 1,
  undeclared: 3,
  digest: DIGEST,
  checksum: DIGEST,
  preconditions: { [AT]: 'absent', 'user:ann': '0123456789abcdef0123456789abcdef' },
  owners: { [AT]: 'unowned', 'user:ann': 'owned' },
  cannotBringBack: ['the password of user:ann'],
}

const CHANGE = { address: AT, action: 'replace' } as const

export const OUTCOMES: { readonly [S in OutcomeStatus]: Required<Extract<Outcome, { status: S }>> } = {
  done: {
    ...CHANGE,
    status: 'done',
    found: true,
    moved: { messages: 9, duplicates: { atLeast: 0, atMost: 2 }, lost: 0, cancelledConsumers: 1 },
  },
  failed: {
    ...CHANGE,
    status: 'failed',
    code: 'ACCESS_REFUSED',
    reason: 'no',
    hint: 'do',
    refused: true,
    maybeDone: false,
  },
  skipped: { ...CHANGE, status: 'skipped', because: 'exchange:%2F/e' },
  stale: { ...CHANGE, status: 'stale', reason: '3 messages' },
  kept: { ...CHANGE, status: 'kept', messages: 4 },
  interrupted: { ...CHANGE, status: 'interrupted', begun: true },
}

export const REPORT: Required<Report> = {
  format: 1,
  digest: DIGEST,
  outcomes: Object.values(OUTCOMES),
  ownership: {
    adopted: [AT],
    takenOver: [{ from: 'billing', addresses: ['queue:%2F/bills'] }],
    released: ['queue:%2F/lent'],
    forgotten: ['queue:%2F/gone'],
    ownedElsewhere: ['user:worker'],
    protected: [AT],
    unprotected: ['queue:%2F/old'],
  },
  interrupted: true,
  lockLost: true,
  recordFailed: 'no answer',
}
