import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = 'test/integration'

/**
 * Tests that talk to a broker and are about warren alone: its command line, its guides, what a program does between
 * deliveries. One version of RabbitMQ tells as much as three, so `npm test` runs them on one.
 */
const SAME_ON_EVERY_VERSION = [
  'apply-large',
  'broker',
  'command-line',
  'definitions',
  'dlq-guide',
  'idempotency-stores',
  'outbox',
  'patterns-guide',
  'readme',
  'runtime-guide',
  'runtime-idempotency',
  'runtime-memory',
  'runtime-observability',
  'runtime-payloads',
  'runtime-process',
  'runtime-start',
  'safe-change-guide',
  'saved-plan-property',
  'soak',
  'testing-guide',
  'two-brokers',
]

/**
 * The files whose tests depend on the version of RabbitMQ.
 *
 * @param {string} root the project's folder
 * @param {boolean} all whether the tests that are the same on every version are wanted, too
 */
export function chosenTests(root, all) {
  const files = readdirSync(join(root, FOLDER)).filter((name) => name.endsWith('.test.ts'))
  const stale = SAME_ON_EVERY_VERSION.find((name) => !files.includes(`${name}.test.ts`))
  if (stale !== undefined) throw new Error(`scripts/matrix/chosen-tests.js names ${stale}, and there is no such test`)
  const same = new Set(all ? [] : SAME_ON_EVERY_VERSION.map((name) => `${name}.test.ts`))
  return [
    ...files.filter((name) => !same.has(name)).map((name) => `${FOLDER}/${name}`),
    'test/broker/start-node.test.ts',
  ]
}
