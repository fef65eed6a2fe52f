import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

const FOLDER = 'test/integration'
const ENDING = '.test.ts'

/**
 * Tests of what warren does with a broker by a mechanism of the broker: what it takes and gives back, counts, refuses or
 * deletes may be another thing in each version. They run on every series.
 *
 * @type {readonly Group[]}
 */
const VERSION_MATTERS = [
  {
    because: 'each version has arguments, defaults and spellings of its own for what it is asked to hold',
    tests: [
      'argument-tables',
      'argument-topologies',
      'binding-keys',
      'captured-queues',
      'default-exchange',
      'definitions-at-boot',
      'effective-policies',
      'equality',
      'objects',
      'own-configuration',
      'parameter-tables',
      'policy-keys',
      'properties',
      'queue-properties',
      'random-cells',
      'read-back',
      'stream-age',
      'rebind',
      'topologies',
    ],
  },
  {
    because: 'what a deletion takes along, and what a queue that is to be deleted holds, depends on the broker',
    tests: [
      'cascades',
      'completed',
      'consumers-of-replaced',
      'count-queues',
      'destroy-vhost',
      'guarded-prune',
      'held-dead-letters',
      'lost-leader',
      'saved-plan-property',
      'taken-along',
      'vhost-protection',
    ],
  },
  {
    because: 'a migration moves messages between types of queues, which differ in how they hand over and confirm',
    tests: ['half-declared', 'half-declared-plan', 'messages', 'migration', 'migration-refusals', 'replace'],
  },
  { because: 'the headers of dead letters differ, and so does what is held', tests: ['dlq', 'dlq-kinds'] },
  {
    because: 'how messages are routed, limited and dead-lettered differs, and the routing model has to know it',
    tests: ['live-tests', 'routed-fates', 'routing', 'rules'],
  },
  {
    because: 'who may see, declare and delete what is decided by the broker, and so are its limits',
    tests: [
      'adopt-everything',
      'apply',
      'can',
      'doctor',
      'export',
      'limits',
      'ownership',
      'rights',
      'security',
      'snapshot',
      'survey',
    ],
  },
  {
    because: 'a program meets the broker over AMQP: returns, cancellations, time-outs, logins',
    tests: [
      'runtime-consume',
      'runtime-consumer-timeout',
      'runtime-hostile-headers',
      'runtime-login',
      'runtime-native-retry',
      'runtime-pitfalls',
      'runtime-publish',
      'runtime-recovery',
    ],
  },
]

/**
 * Tests whose result is decided by warren alone, although they talk to a broker. One version shows as much as three, so
 * `npm test` runs them on one; `npm run test:fresh` runs them on all, every night.
 *
 * @type {readonly Group[]}
 */
const ONE_VERSION_TELLS = [
  {
    because: 'options, texts and formats of the command line, and the config that takes their place',
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
    because: 'guides, examples and the package that is installed',
    tests: [
      'dlq-guide',
      'existing-broker',
      'first-topology',
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
    because: 'records, saved plans and ownership, which warren keeps as values that no broker reads',
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
    because: 'in which order warren looks and writes, and what it does when a request, a process or the network fails',
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
    because: 'what a program does between deliveries',
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
 * The files that a run of several series takes.
 *
 * @param {string} root the project's folder
 * @param {boolean} all whether the tests that are the same on every version are wanted, too
 */
export function chosenTests(root, all) {
  const chosen = new Set(namesIn(VERSION_MATTERS))
  const files = testsWithBroker(root).filter((file) => all || chosen.has(nameOf(file)))
  return [...files, 'test/testing/throwaway/node/start-node.test.ts']
}

/**
 * What is wrong with the two lists: each file stands in one of them, once.
 *
 * @param {string} root
 */
export function wronglyListed(root) {
  const listed = [...namesIn(VERSION_MATTERS), ...namesIn(ONE_VERSION_TELLS)]
  const names = testsWithBroker(root).map(nameOf)
  return [
    ...names.filter((name) => !listed.includes(name)).map((name) => `${name} is in no list`),
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
