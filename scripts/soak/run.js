// Publishes and processes numbered messages at full speed while faults of all kinds happen, and counts the lost
// messages.
//
//   npm run soak                                       half an hour, three nodes
//   npm run soak -- --seconds 20 --nodes 1 --fault 'kill a worker' --fault 'cut the network'
//
// Ends with a report as JSON; the exit code is 0 when nothing is lost. RABBITMQ_HOME chooses the broker.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { apply, Secret } from 'warren'
import { startCrew } from './crew.js'
import { takeDeadLetters } from './dead-letters.js'
import { FAULTS } from './faults.js'
import { managementApi } from './management-api.js'
import { startNodes } from './nodes.js'
import { startProxy } from './proxy.js'
import { TOPOLOGY, WORKING } from './topology.js'
import { judge } from './verdict.js'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '1800' },
    nodes: { type: 'string', default: '3' },
    producers: { type: 'string', default: '2' },
    workers: { type: 'string', default: '3' },
    'in-flight': { type: 'string', default: '100' },
    /** Seconds between the end of a fault and the next one. */
    pause: { type: 'string', default: '5' },
    fault: { type: 'string', multiple: true, default: Object.keys(FAULTS) },
  },
})
const unknown = values.fault.find((name) => !Object.hasOwn(FAULTS, name))
if (unknown !== undefined)
  throw new Error(`there is no fault "${unknown}"; there are: ${Object.keys(FAULTS).join(', ')}`)

/**
 * How long the queues may take to become empty after the last fault, in milliseconds: the broker retries a dead
 * letter every three minutes.
 */
const DRAIN = 600_000
/** The number of messages in the queues at which the producers pause. */
const DEEP = 50_000

const folder = await mkdtemp(join(tmpdir(), 'warren-soak-'))
const broker = await startNodes(Number(values.nodes))
const proxies = await Promise.all(broker.nodes.map(({ amqp }) => startProxy(amqp)))
try {
  process.exitCode = (await soak()) ? 0 : 1
} finally {
  for (const proxy of proxies) await proxy.close()
  await broker.stop()
  await rm(folder, { recursive: true, force: true })
}

async function soak() {
  const api = managementApi(broker)
  const topology = await declareTopology()
  const urls = proxies.map(({ port }) => amqpUrl(port))
  const crew = await startCrew({ topology, urls, folder, inFlight: Number(values['in-flight']) })
  await crew.start(Number(values.producers), Number(values.workers))
  log('all is up')

  const since = performance.now()
  const isOver = () => performance.now() - since > Number(values.seconds) * 1_000
  const faults = {}
  const watching = watchDepth(api, crew.producers, isOver)
  for (let next = 0; !isOver(); next++) {
    await sleep(Number(values.pause) * 1_000)
    if (isOver()) break
    const name = values.fault[next % values.fault.length]
    log(name)
    await FAULTS[name]({ broker, proxies, workers: crew.workers, api })
    faults[name] = (faults[name] ?? 0) + 1
  }
  await watching
  for (const proxy of proxies) proxy.heal()
  const seconds = Math.round((performance.now() - since) / 1_000)
  log('no more faults')

  const ended = await crew.producers.stop()
  const drained = await untilEmpty(api)
  await crew.workers.stop()
  const dead = await takeDeadLetters(amqpUrl(broker.nodes[0].amqp))
  const verdict = judge({ producers: crew.producers.all, workers: crew.workers.files, dead })
  const report = { seconds, nodes: broker.nodes.length, faults, producers: ended, ...drained, ...verdict }
  console.log(
    JSON.stringify({ ...report, lost: verdict.lost.length, examples: verdict.lost.slice(0, 100) }, undefined, 2),
  )
  const isAnswered = ended.every(({ outcomes }) => outcomes.answered > 0 && outcomes['answered wrong'] === undefined)
  return verdict.lost.length === 0 && verdict.confirmed > 0 && (verdict.reasons.none ?? 0) === 0 && isAnswered
}

async function declareTopology() {
  const yaml = join(folder, 'topology.yaml')
  await writeFile(yaml, TOPOLOGY)
  const { management } = broker.nodes[0]
  const connection = {
    url: `http://127.0.0.1:${management}`,
    user: broker.login.username,
    password: new Secret(broker.login.password),
  }
  const { report } = await apply({ paths: [yaml], connection })
  const wrong = report?.outcomes.find(({ status }) => status !== 'done')
  if (!report || wrong) throw new Error(`the topology was not applied: ${JSON.stringify(wrong)}`)
  return yaml
}

/** Pauses the producers while the workers cannot keep up. */
async function watchDepth(api, producers, isOver) {
  let isPaused = false
  while (!isOver()) {
    await sleep(1_000)
    const depth = await api.depth(WORKING).catch(() => undefined)
    if (depth === undefined || isPaused === depth > (isPaused ? DEEP / 5 : DEEP)) continue
    isPaused = !isPaused
    producers.tell(isPaused ? 'pause' : 'resume')
  }
}

async function untilEmpty(api) {
  const since = performance.now()
  for (let quiet = 0; quiet < 3;) {
    await sleep(1_000)
    const depth = await api.depth(WORKING).catch(() => undefined)
    quiet = depth === 0 ? quiet + 1 : 0
    if (performance.now() - since > DRAIN) return { drained: false, left: depth }
  }
  return { drained: true, drainSeconds: Math.round((performance.now() - since) / 1_000) }
}

function amqpUrl(port) {
  return `amqp://${broker.login.username}:${broker.login.password}@127.0.0.1:${port}/%2F`
}

function log(text) {
  console.error(`${new Date().toISOString()} ${text}`)
}
