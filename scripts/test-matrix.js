import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chosenTests } from './matrix/chosen-tests.js'
import { cacheFolder } from './matrix/debian-tree.js'
import { findBroker } from './matrix/find-broker.js'
import { resultsOf, tableOf } from './matrix/results.js'
import { chosenSeries } from './matrix/series.js'

// Runs the tests whose result may depend on the version of RabbitMQ on each series, one after the other, and ends with a table.
//
//   npm run test:matrix -- [SERIES...] [--available] [--all] [--file PATH]... [--reports FOLDER]
//
// A series that cannot be installed fails the run, unless --available says to make do with the others.
// --all adds the tests that npm test runs on one version, since they are the same on every one.
// --reports keeps vitest's JSON reports, one for each series.

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
const files = values.file ?? chosenTests(root, values.all)
const reports = values.reports === undefined ? temporaryFolder() : resolve(values.reports)

// Two series at once take as long on two cores, and waits run into their limits.
const rows = []
for (const series of chosenSeries(positionals)) {
  const broker = await findBroker(series, cacheFolder(process.env))
  if ('missing' in broker) {
    process.stdout.write(`\n== RabbitMQ ${series.name} is missing: ${broker.missing}\n`)
    rows.push({ series: series.name, missing: broker.missing })
    continue
  }
  process.stdout.write(`\n== RabbitMQ ${series.name}: ${broker.from}\n`)
  const started = performance.now()
  const report = join(reports, `${series.name}.json`)
  const code = await runTests(series.name, broker.environment, report)
  const seconds = Math.round((performance.now() - started) / 1000)
  rows.push({ series: series.name, code, seconds, ...resultsOf(read(report)) })
}
process.stdout.write(`\n${tableOf(rows)}`)
const failed = rows.some((row) => ('missing' in row ? !values.available : row.code !== 0 || row.passed === 0))
process.exitCode = failed || rows.every((row) => 'missing' in row) ? 1 : 0

function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'warren-matrix-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/**
 * @param {string} series
 * @param {Record<string, string>} broker
 * @param {string} report
 * @returns {Promise<number>} the exit code
 */
async function runTests(series, broker, report) {
  const { WARREN_URL: _url, WARREN_AMQP_URL: _amqpUrl, ...environment } = process.env
  // Longer than usual: a small machine is slow while several private nodes start.
  const args = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`, '--testTimeout=180000']
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...files, ...args], {
    cwd: root,
    env: { ...environment, ...broker, WARREN_TEST_SERIES: series },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  return code ?? 1
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
