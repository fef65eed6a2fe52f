import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { SERIES } from './series.js'

const FOLDER = 'test/integration'
const ENDING = '.test.ts'

/**
 * Tests that depend on a mechanism of the broker: versions may differ in what the broker accepts, returns, counts,
 * refuses or deletes. They run on every series.
 *
 * @type {readonly Group[]}
 */
const VERSION_MATTERS = [
  {
    because: 'each version has its own arguments, defaults and spellings for declared objects',
    tests: [
      'argument-tables',
      'argument-topologies',
      'binding-keys',
      'default-exchange',
      'effective-policies',
      'equality',
      'objects',
      'parameter-tables',
      'policy-keys',
      'properties',
      'queue-properties',
      'read-back',
      'stream-age',
      'rebind',
      'topologies',
    ],
  },
  {
    because:
      'the broker decides which objects a deletion also deletes, and which messages a queue contains before it is deleted',
    tests: ['cascades', 'count-queues', 'held-dead-letters', 'taken-along', 'vhost-protection'],
  },
  {
    because: 'a migration moves messages between types of queues, which differ in how they deliver and confirm',
    tests: ['messages', 'migration', 'migration-refusals'],
  },
  { because: 'versions differ in the headers of dead letters, and in what a queue keeps', tests: ['dlq'] },
  {
    because: 'versions route, limit and dead-letter messages differently, and the routing model has to know this',
    tests: ['routed-fates', 'routing', 'rules'],
  },
  {
    because: 'the broker decides who may see, declare and delete which objects, and enforces its own limits',
    tests: ['doctor', 'snapshot'],
  },
  {
    because: 'a program uses the broker over AMQP: returns, cancellations, timeouts, logins',
    tests: ['runtime-pitfalls'],
  },
]

/**
 * Tests of mechanisms that changed at most once between the oldest and the newest series: a series in between acts like one
 * of the two. CI runs them on these two (`npm test` and the newest), `npm run test:fresh` on all, every night.
 *
 * @type {readonly Group[]}
 */
const OLDEST_AND_NEWEST_SUFFICE = [
  {
    because: 'what a node loads when it boots, what is read back from it, and what a deletion depends on',
    tests: [
      'captured-queues',
      'completed',
      'consumers-of-replaced',
      'definitions-at-boot',
      'destroy-vhost',
      'guarded-prune',
      'lost-leader',
      'own-configuration',
      'random-cells',
      'saved-plan-property',
    ],
  },
  {
    because: 'a quorum queue that was declared in half, and the names that a program uses during a migration',
    tests: ['half-declared', 'half-declared-plan', 'replace'],
  },
  {
    because: 'the rights of a login, and the errors that the broker answers without them',
    tests: ['adopt-everything', 'apply', 'can', 'export', 'limits', 'ownership', 'rights', 'security', 'survey'],
  },
  {
    because: 'dead letters of streams and exchanges, and tests of a topology on a broker',
    tests: ['dlq-kinds', 'live-tests'],
  },
  {
    because: 'what a program gets over AMQP: returns, cancellations, timeouts, logins',
    tests: [
      'runtime-consume',
      'runtime-consumer-timeout',
      'runtime-delays',
      'runtime-hostile-headers',
      'runtime-login',
      'runtime-native-retry',
      'runtime-publish',
      'runtime-recovery',
      'runtime-requests',
      'runtime-versions',
      'super-streams',
    ],
  },
]

/**
 * Tests whose result depends on warren alone, although they use a broker. One version proves as much as three, so
 * `npm test` runs them on one. `npm run test:fresh` runs them on all, every night.
 *
 * @type {readonly Group[]}
 */
const ONE_VERSION_SUFFICES = [
  {
    because: 'options, texts and formats of the command line, and the config that replaces options',
    tests: [
      'broker',
      'command-line',
      'compare-uri',
      'completion',
      'decoding-proxy',
      'definitions',
      'drift',
      'environments',
      'owners',
      'peak-memory',
      'plan-only',
      'saved-runs',
      'secrets',
      'moves-in-run',
      'several-applies',
      'several-formats',
      'several-plans',
    ],
  },
  {
    because: 'guides, examples and the installed package',
    tests: [
      'dlq-guide',
      'existing-broker',
      'first-topology',
      'framework-examples',
      'from-python-guide',
      'gitops-story',
      'handler-tests',
      'init-from-broker',
      'installed-package',
      'library-guide',
      'old-node',
      'patterns-guide',
      'pipelines',
      'readme',
      'release-files',
      'runtime-guide',
      'safe-change-guide',
      'testing-guide',
      'use-topology',
    ],
  },
  {
    because: 'records, saved plans and ownership, which are values that no broker interprets',
    tests: [
      'adoption',
      'full-disk',
      'hand-over',
      'killed-owners',
      'release',
      'removed-tenant',
      'saved-plan-edits',
      'saved-plan-owners',
      'saved-plan-references',
      'saved-plans',
      'two-brokers',
    ],
  },
  {
    because: 'the order of reads and writes, and the reaction when a request, a process or the network fails',
    tests: [
      'apply-large',
      'came-meanwhile',
      'faults',
      'lost-lock',
      'migration-killed',
      'runtime-silent-broker',
      'silent-broker',
      'stopped-apply',
      'waiting-elsewhere',
    ],
  },
  {
    because: 'the work of a program between deliveries',
    tests: [
      'stores',
      'outbox',
      'runtime-idempotency',
      'runtime-in-memory',
      'runtime-memory',
      'runtime-observability',
      'runtime-payloads',
      'runtime-process',
      'runtime-start',
      'soak',
    ],
  },
]

/** @typedef {{ because: string, tests: readonly string[] }} Group */

/**
 * The test files of a run on a series.
 *
 * @param {string} root the project's folder
 * @param {string} series such as `4.0`
 * @param {boolean} all whether to include the tests that CI runs on other series only
 */
export function chosenTests(root, series, all) {
  const isNewest = series === SERIES.at(-1)?.name
  const chosen = new Set([...namesIn(VERSION_MATTERS), ...(isNewest ? namesIn(OLDEST_AND_NEWEST_SUFFICE) : [])])
  const files = testsWithBroker(root).filter((file) => all || chosen.has(nameOf(file)))
  return [...files, 'test/testing/throwaway/node/start-node.test.ts']
}

/**
 * The faults of the lists: each file must be in exactly one of them, once.
 *
 * @param {string} root
 */
export function wronglyListed(root) {
  const listed = [VERSION_MATTERS, OLDEST_AND_NEWEST_SUFFICE, ONE_VERSION_SUFFICES].flatMap(namesIn)
  const names = testsWithBroker(root).map(nameOf)
  return [
    ...names.filter((name) => !listed.includes(name)).map((name) => `no list contains ${name}`),
    ...listed.filter((name) => !names.includes(name)).map((name) => `there is no test ${name}`),
    ...listed.filter((name, at) => listed.indexOf(name) !== at).map((name) => `${name} is listed twice`),
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `two files are called ${name}`),
  ]
}

/** @param {string} root */
function testsWithBroker(root) {
  return readdirSync(join(root, FOLDER), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ENDING))
    .map((path) => `${FOLDER}/${path}`)
    .toSorted()
}

/** @param {string} file */
function nameOf(file) {
  return basename(file, ENDING)
}

/** @param {readonly Group[]} groups */
function namesIn(groups) {
  return groups.flatMap(({ tests }) => tests)
}
