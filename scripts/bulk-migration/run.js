// Migrates many classic queues to quorum queues with one command, while programs publish and consume, kills the command
// and starts it again, and counts lost and duplicate messages.
//
//   node scripts/bulk-migration/run.js --series 4.3                  50 queues with 2,000 messages each, killed twice
//   node scripts/bulk-migration/run.js --series 4.3 --nodes 3        the same on a cluster
//   node scripts/bulk-migration/run.js --series 4.3 --compare        no programs and no kills: compared with bare AMQP
//
// Needs `npm run build`, and for a series that is not installed `npm run test:matrix` once. Ends with a report as JSON; the
// exit code is 0 when nothing is lost.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { connect } from 'amqplib'
import { startBroker } from 'warren/testing'
import { cacheFolder } from '../matrix/debian-tree.js'
import { findBroker } from '../matrix/find-broker.js'
import { chosenSeries } from '../matrix/series.js'
import { startNodes } from '../soak/nodes.js'
import { bareMove } from './bare-move.js'
import { EXCHANGE, fill, startConsumers, startProducer } from './traffic.js'

const { values } = parseArgs({
  options: {
    series: { type: 'string', default: '4.3' },
    nodes: { type: 'string', default: '1' },
    queues: { type: 'string', default: '50' },
    messages: { type: 'string', default: '2000' },
    batch: { type: 'string', default: '10' },
    kills: { type: 'string', default: '2' },
    compare: { type: 'boolean', default: false },
  },
})
const [QUEUES, MESSAGES, BATCH] = [values.queues, values.messages, values.batch].map(Number)
const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const VHOST = 'bulk'
/** A queue counts as empty at the end after this time without any message, in milliseconds. */
const QUIET = 5_000

const names = Array.from({ length: QUEUES }, (_, n) => `work-${n}`)
const folder = await mkdtemp(join(tmpdir(), 'warren-bulk-'))
const [series] = chosenSeries([values.series])
const found = await findBroker(series, cacheFolder(process.env))
if (!('environment' in found)) throw new Error(found.missing)
const broker = values.nodes === '1' ? await startOne() : await startCluster(Number(values.nodes))
const url = amqpUrl(`/${VHOST}`)
try {
  const report = values.compare ? await compare() : await migrateUnderLoad()
  console.log(
    JSON.stringify({
      series: values.series,
      nodes: Number(values.nodes),
      queues: QUEUES,
      messages: MESSAGES,
      batch: BATCH,
      ...report,
    }),
  )
  process.exitCode = report.lost === 0 ? 0 : 1
} finally {
  await broker.stop()
  await rm(folder, { recursive: true, force: true })
}

function startOne() {
  return startBroker({ environment: { ...process.env, ...found.environment } })
}

/** @param {number} count */
async function startCluster(count) {
  Object.assign(process.env, found.environment)
  const { nodes, login, stop } = await startNodes(count)
  const [first] = nodes
  return {
    managementUrl: `http://127.0.0.1:${first.management}`,
    amqpUrl: `amqp://127.0.0.1:${first.amqp}`,
    ...login,
    stop,
  }
}

async function migrateUnderLoad() {
  await declareClassic()
  const filled = await fill(url, names, MESSAGES)
  const topology = await topologyOf('quorum')
  const producer = await startProducer(url, names, 200)
  // Half of the queues keep their messages, so that there is something to move.
  const consumers = await startConsumers(url, names.slice(0, QUEUES / 2), { slow: 50, prefetch: 5 })
  const since = performance.now()
  let kills = 0
  let exit = 1
  while (exit !== 0) {
    const isToKill = kills < Number(values.kills)
    exit = await warren(topology, { killAfter: isToKill ? 3 + Math.floor(Math.random() * 8) : Infinity })
    if (exit === -1) kills += 1
    log(exit === -1 ? `killed (${kills})` : `ended with exit code ${exit}`)
    if (exit > 0) break
  }
  const seconds = secondsSince(since)
  const { confirmed, returned } = await producer.stop()
  await consumers.stop()
  const received = new Map(consumers.received)
  for (const [id, times] of await drainAll()) received.set(id, (received.get(id) ?? 0) + times)
  const published = [...filled, ...confirmed]
  const lost = published.filter((id) => !received.has(id)).length
  const duplicates = [...received.values()].reduce((sum, times) => sum + times - 1, 0)
  const messages = published.length
  return { exit, kills, seconds, published: messages, returned: returned.size, lost, duplicates }
}

/** The time of the command and of bare AMQP for moving the same messages to holding queues and back. */
async function compare() {
  await declareClassic()
  await fill(url, names, MESSAGES)
  const topology = await topologyOf('quorum')
  const since = performance.now()
  const exit = await warren(topology)
  const seconds = secondsSince(since)
  const lost = QUEUES * MESSAGES - (await drainAll()).size
  const connection = await connect(url)
  const channel = await connection.createChannel()
  const pairs = names.map((name) => ({
    name: `bare-${name}`,
    holding: `bare-${name}.held`,
    replaced: `bare-${name}.new`,
  }))
  for (const { name } of pairs) {
    await channel.assertQueue(name, { arguments: { 'x-queue-type': 'classic' } })
    await channel.bindQueue(name, EXCHANGE, name)
  }
  await fill(
    url,
    pairs.map(({ name }) => name),
    MESSAGES,
  )
  const sinceBare = performance.now()
  for (const queue of pairs.flatMap(({ holding, replaced }) => [holding, replaced])) {
    await channel.assertQueue(queue, { arguments: { 'x-queue-type': 'quorum' } })
  }
  await bareMove(
    url,
    pairs.map(({ name, holding }) => ({ from: name, to: holding, messages: MESSAGES })),
    BATCH,
  )
  await bareMove(
    url,
    pairs.map(({ holding, replaced }) => ({ from: holding, to: replaced, messages: MESSAGES })),
    BATCH,
  )
  for (const { name, holding } of pairs) {
    await channel.deleteQueue(name)
    await channel.deleteQueue(holding)
  }
  const bareSeconds = secondsSince(sinceBare)
  await connection.close()
  return { exit, seconds, bareSeconds, ratio: Number((seconds / bareSeconds).toFixed(2)), lost }
}

async function declareClassic() {
  const exit = await warren(await topologyOf('classic'), { migrates: false })
  if (exit !== 0) throw new Error(`the classic queues could not be declared: exit code ${exit}`)
}

/** Consumes the remaining messages of all queues, until they are empty. */
async function drainAll() {
  const consumers = await startConsumers(url, names, { slow: 0, prefetch: 200 })
  for (let before = -1; before < consumers.received.size;) {
    before = consumers.received.size
    await sleep(QUIET)
  }
  await consumers.stop()
  return consumers.received
}

async function topologyOf(type) {
  const queues = names.map(
    (name) => `  ${name}: { type: ${type}, bindings: [{ exchange: ${EXCHANGE}, routingKey: ${name} }] }`,
  )
  const text = [
    'warren: 1',
    'project: bulk',
    `vhost: { name: ${VHOST} }`,
    `exchanges:\n  ${EXCHANGE}:`,
    'queues:',
    ...queues,
  ]
  const path = join(folder, 'topology.yaml')
  await writeFile(path, `${text.join('\n')}\n`)
  return path
}

/**
 * Applies the topology.
 *
 * @param {string} path
 * @param {{ killAfter?: number, migrates?: boolean }} options `killAfter`: kills the process after about this number of lines
 *   for each queue that is moved at the same time
 * @returns {Promise<number>} the exit code; -1 if it was killed
 */
function warren(path, { killAfter = Infinity, migrates = true } = {}) {
  const options = ['--auto-approve', ...(migrates ? ['--migrate', 'queue:*', '--batch', String(BATCH)] : [])]
  const environment = { ...process.env, WARREN_URL: managementUrl(), WARREN_AMQP_URL: amqpUrl('') }
  const child = spawn(process.execPath, [CLI, 'apply', path, ...options], { env: environment, cwd: folder })
  let lines = 0
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (/queues? migrated|error/.test(line)) log(line.trim())
    if (/moving|binding|declaring/.test(line)) lines += 1
    // About three lines for each of the concurrent moves.
    if (lines >= killAfter * BATCH) child.kill('SIGKILL')
  })
  child.stdout.resume()
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? -1)))
}

function managementUrl() {
  return withLogin(broker.managementUrl).href
}

function amqpUrl(path) {
  return `${withLogin(broker.amqpUrl).href.replace(/\/$/, '')}${path}`
}

function withLogin(text) {
  const { username, password } = broker
  return Object.assign(new URL(text), { username, password })
}

function secondsSince(since) {
  return Number(((performance.now() - since) / 1_000).toFixed(1))
}

function log(text) {
  console.error(text)
}
