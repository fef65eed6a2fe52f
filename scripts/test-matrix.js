import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chosenTests } from './matrix/chosen-tests.js'
import { cacheFolder } from './matrix/debian-tree.js'
import { findBroker } from './matrix/find-broker.js'
import { resultsOf, tableOf } from './matrix/results.js'
import { chosenSeries } from './matrix/series.js'

// Runs the tests whose result may depend on the version of RabbitMQ on each series, and prints a table at the end.
//
//   npm run test:matrix -- [SERIES...] [--available] [--all] [--file PATH]... [--reports FOLDER]
//
// A series that cannot be installed fails the run, unless --available permits a run with the others. --all adds the
// tests that npm test runs on one version, because their results are the same on every version. --reports keeps
// vitest's JSON reports, one for each series.

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    available: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    file: { type: 'string', multiple: true },
    reports: { type: 'string' },
  },
})
const root = fileURLToPath(new URL('..', import.meta.url))
const reports = values.reports === undefined ? temporaryFolder() : resolve(values.reports)

// All series run concurrently, with few workers each: tests spend half of their time waiting, and one series alone
// leaves a processor idle.
const all = chosenSeries(positionals)
const workers = Math.max(2, Math.floor((availableParallelism() * 3) / all.length))
const rows = await Promise.all(all.map(testSeries))
process.stdout.write(`\n${tableOf(rows)}`)
const failed = rows.some((row) => ('missing' in row ? !values.available : row.code !== 0 || row.passed === 0))
process.exitCode = failed || rows.every((row) => 'missing' in row) ? 1 : 0

function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'warren-matrix-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/**
 * Runs the tests on one series. With several series, the output of each appears when it has ended.
 *
 * @param {(typeof all)[number]} series
 */
async function testSeries(series) {
  const broker = await findBroker(series, cacheFolder(process.env))
  if ('missing' in broker) {
    process.stdout.write(`\n== RabbitMQ ${series.name} is missing: ${broker.missing}\n`)
    return { series: series.name, missing: broker.missing }
  }
  const started = performance.now()
  const report = join(reports, `${series.name}.json`)
  const { code, output } = await runTests(series.name, broker.environment, report)
  const seconds = Math.round((performance.now() - started) / 1000)
  process.stdout.write(`\n== RabbitMQ ${series.name}: ${broker.from}\n${output}`)
  return { series: series.name, code, seconds, ...resultsOf(read(report)) }
}

/**
 * @param {string} series
 * @param {Record<string, string>} broker
 * @param {string} report
 * @returns {Promise<{ code: number, output: string }>} the exit code, and what was printed
 */
async function runTests(series, broker, report) {
  const { WARREN_URL: _url, WARREN_AMQP_URL: _amqpUrl, ...environment } = process.env
  const args = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  // A small machine is slow while several private nodes are starting.
  const limits = ['--testTimeout=300000', `--maxWorkers=${workers}`]
  const files = values.file ?? chosenTests(root, series, values.all)
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...files, ...args, ...limits], {
    cwd: root,
    env: { ...environment, ...broker, WARREN_TEST_SERIES: series },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [code, ...printed] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
  return { code: code[0] ?? 1, output: printed.join('') }
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
