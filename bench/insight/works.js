import { writeFile } from 'node:fs/promises'
import { loadTopology } from '../../build/desired/load/load-topology.js'
import { readTests } from '../../build/desired/tests/read-tests.js'
import { findBreaking } from '../../build/insight/breaking/find-breaking.js'
import { loadSchemaComparison } from '../../build/insight/breaking/schemas/compare-schemas.js'
import { lintTopology } from '../../build/insight/lint/lint.js'
import { NO_SETTINGS } from '../../build/insight/lint/lint-settings.js'
import { routedVhosts } from '../../build/insight/routing/routed-vhost.js'
import { checkTest } from '../../build/insight/tests/check-test.js'
import { NameResolver } from '../../build/insight/tests/resolve-names.js'
import { traceMessage } from '../../build/insight/trace/trace.js'
import { insightTests, insightTopology } from './topology.js'

const VERSION = '4.3.6'
export const TESTS = 1_000

/**
 * Loads a topology, and prepares a task that computes on it.
 *
 * @param {'lint' | 'trace' | 'test' | 'breaking'} does
 * @param {string} path of the topology file, which is written next to the other files that the task needs
 * @param {number} queues
 * @returns {Promise<() => unknown>}
 */
export async function prepare(does, path, queues) {
  const { desired, sources } = await load(path, insightTopology(queues))
  const { project, topology, routes } = desired
  const models = () => routedVhosts(topology, routes, { version: VERSION, usersKnown: true })
  switch (does) {
    case 'lint':
      return () => lintTopology({ topology, routes, project, version: VERSION }, NO_SETTINGS, sources)
    case 'trace':
      return () => traceMessage(models()[0], 'events', { routingKey: 'area-0.service-0.created' }, 'event-0')
    case 'test': {
      const file = path.replace('.yaml', '.test.yaml')
      await writeFile(file, insightTests(queues, TESTS))
      const { tests, findings } = await readTests(file)
      if (findings.length > 0) throw new Error(`the tests are not usable: ${JSON.stringify(findings[0])}`)
      return () => testAll(models(), tests)
    }
    case 'breaking': {
      const { desired: current } = await load(
        path.replace('.yaml', '-changed.yaml'),
        insightTopology(queues, { changed: true }),
      )
      const compare = await loadSchemaComparison()
      return () => findBreaking({ old: desired, current, others: [], brokerVersion: VERSION }, compare)
    }
    default:
      throw new Error(`there is no ${String(does)}`)
  }
}

async function load(path, text) {
  await writeFile(path, text)
  const { desired, findings, sources } = await loadTopology({ paths: [path], environment: {} })
  if (desired === undefined) throw new Error(`the file is not usable: ${JSON.stringify(findings[0])}`)
  return { desired, sources }
}

function testAll(vhosts, tests) {
  const names = new NameResolver(vhosts)
  for (const each of tests) {
    const resolved = names.resolve(each)
    const outcome = resolved && checkTest(resolved)
    if (outcome?.status !== 'passed') throw new Error(`${each.name}: ${JSON.stringify(outcome ?? names.findings)}`)
  }
}
