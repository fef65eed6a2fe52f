// Two replicas of the drift service watch a broker while its topology is changed manually, the broker restarts, their
// receiver is down for a while, and the replica that acts is killed. At the end, each drift and each resolution has to have
// arrived with one id, memory must not have grown, and no part of the broker may have been read twice within an interval.
//
//   npm run build && node scripts/soak/drift.js --minutes 20 --interval 5s
//
// RABBITMQ_HOME chooses the broker.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startCountingProxy } from './drift/counting-proxy.js'
import { startReceiver } from './drift/receiver.js'
import { growthOf, metric, processorTime, sampleMemory, warren } from './drift/replica.js'
import { startNodes } from './nodes.js'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    interval: { type: 'string', default: '5s' },
    changes: { type: 'string', default: '20' },
    restarts: { type: 'string', default: '5' },
    queues: { type: 'string', default: '20' },
  },
})
const interval = Number.parseInt(values.interval, 10) * 1_000
const [changes, restarts] = [Number(values.changes), Number(values.restarts)]
const begin = Date.now()
/** In milliseconds. */
const duration = Number(values.minutes) * 60_000
const MOST_GROWTH = 20
const VHOST = 'soak'

const folder = await mkdtemp(join(tmpdir(), 'warren-drift-soak-'))
const broker = await startNodes(1, ['rabbitmq_event_exchange'])
const [node] = broker.nodes
if (node === undefined) throw new Error('there is no node')
const receiver = await startReceiver()
const { username, password } = broker.login

/** @param {string} method @param {string} path @param {unknown} [body] */
async function api(method, path, body) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const headers = { authorization, 'content-type': 'application/json' }
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
  const response = await fetch(`http://127.0.0.1:${node?.management}/api/${path}`, init)
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return response
}

/** @param {() => Promise<boolean> | boolean} isTrue @param {string} what */
async function until(isTrue, what) {
  const deadline = Date.now() + 180_000 + 6 * interval
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await sleep(200)
  }
}

/** @param {string} text */
const log = (text) => console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`)

const names = Array.from({ length: Number(values.queues) }, (_, at) => `queue-${at}`)
await writeFile(
  join(folder, 'topology.yaml'),
  `warren: 1
project: soak
vhost: ${VHOST}
exchanges:
  events: { type: topic }
  plain: { type: direct }
queues:
${names.map((name) => `  ${name}: { type: classic, bindings: [{ exchange: events, routingKey: ${name} }] }\n`).join('')}
policies:
  limit: { pattern: '^queue-', applyTo: queues, definition: { max-length: 1000 } }
`,
)
await writeFile(
  join(folder, 'warren.config.yaml'),
  `warrenConfig: 1
projects: { soak: { paths: [topology.yaml] } }
environments: { here: { url: '\${env:WARREN_URL}' } }
drift:
  interval: ${values.interval}
  listen: 127.0.0.1:0
  events: /
  webhooks: [{ url: '${receiver.url}' }]
`,
)

const CLASSIC = { durable: true, arguments: { 'x-queue-type': 'classic' } }
/** Manual changes and their reversal, with the address that drifts. */
const CHANGES = [
  {
    address: `queue:${VHOST}/queue-0`,
    change: () => api('DELETE', `queues/${VHOST}/queue-0`),
    revert: async () => {
      await api('PUT', `queues/${VHOST}/queue-0`, CLASSIC)
      await api('POST', `bindings/${VHOST}/e/events/q/queue-0`, { routing_key: 'queue-0' })
    },
  },
  {
    address: `policy:${VHOST}/limit`,
    change: () => policy(5),
    revert: () => policy(1_000),
  },
  {
    address: `binding:${VHOST}/events/queue/queue-1/queue-1`,
    change: () => api('DELETE', `bindings/${VHOST}/e/events/q/queue-1/queue-1`),
    revert: () => api('POST', `bindings/${VHOST}/e/events/q/queue-1`, { routing_key: 'queue-1' }),
  },
  {
    address: `exchange:${VHOST}/plain`,
    change: () => api('DELETE', `exchanges/${VHOST}/plain`),
    revert: () => api('PUT', `exchanges/${VHOST}/plain`, { type: 'direct', durable: true }),
  },
]

/** @param {number} limit */
function policy(limit) {
  const definition = { 'max-length': limit }
  return api('PUT', `policies/${VHOST}/limit`, { pattern: '^queue-', 'apply-to': 'queues', definition, priority: 0 })
}

async function restartBroker() {
  if (node === undefined) return
  broker.kill(node, 'SIGTERM')
  await until(async () => !(await broker.isUp(node)), 'the broker is down')
  await until(() => broker.isUp(node), 'the broker is up again')
}

/** @type {Awaited<ReturnType<typeof startCountingProxy>>[]} */
const proxies = []
async function startReplica() {
  const proxy = await startCountingProxy(node?.management ?? 0)
  proxies.push(proxy)
  const url = `http://${username}:${encodeURIComponent(password)}@127.0.0.1:${proxy.port}`
  return warren(folder, { WARREN_URL: url }, 'drift', '-e', 'here', '--watch')
}

const applied = warren(
  folder,
  { WARREN_URL: `http://${username}:${encodeURIComponent(password)}@127.0.0.1:${node.management}` },
  'apply',
  '-e',
  'here',
  '-y',
)
await new Promise((resolve) => applied.child.on('exit', resolve))
if (applied.child.exitCode !== 0) throw new Error(`the topology was not applied: ${applied.errors}`)
let replicas = [await startReplica(), await startReplica()]
const sampling = setInterval(() => void Promise.all(replicas.map(sampleMemory)), interval)
let killed = 0
let restarted = 0

/** Kills the replica that acts. Only in the first third, so that the memory of the others is seen for long. */
async function killActive() {
  for (const replica of replicas) {
    if ((await metric(replica, 'warren_drift_active')) !== 1) continue
    replica.child.kill('SIGKILL')
    replicas = [...replicas.filter((each) => each !== replica), await startReplica()]
    killed += 1
    return
  }
}

try {
  for (let round = 0; round < changes; round += 1) {
    const kind = CHANGES[round % CHANGES.length]
    if (kind === undefined) break
    const { address, change, revert } = kind
    const count = Math.floor(round / CHANGES.length) + 1
    const isRestart = Math.floor(((round + 1) * restarts) / changes) > Math.floor((round * restarts) / changes)
    receiver.state.isUp = round % 6 !== 1
    await change()
    if (!receiver.state.isUp) {
      await until(() => receiver.counts.refused > 0, 'the receiver refuses')
      await sleep(2 * interval)
    }
    if (isRestart) {
      await restartBroker()
      restarted += 1
    }
    if (round % 2 === 1 && round < changes / 3) await killActive()
    receiver.state.isUp = true
    await until(() => receiver.count(address, 'drifted') >= count, `drift ${count} of ${address} arrives`)
    await revert()
    await until(() => receiver.count(address, 'resolved') >= count, `resolution ${count} of ${address} arrives`)
    const memory = replicas.map((each) => `${Math.round(each.memory.at(-1) ?? 0)} MB`)
    log(`change ${round + 1}: ${address}${isRestart ? ', broker restarted' : ''}; memory ${memory.join(' and ')}`)
    await sleep(Math.max(0, begin + ((round + 1) * duration) / changes - Date.now()))
  }
  judge(
    proxies.flatMap((proxy) => proxy.tooOften(VHOST, interval)),
    await Promise.all(replicas.map(processorTime)),
  )
} finally {
  clearInterval(sampling)
  for (const { child, errors } of replicas) {
    child.kill('SIGTERM')
    if (process.exitCode) console.log(errors)
  }
  for (const proxy of proxies) proxy.close()
  receiver.close()
  await broker.stop()
  await rm(folder, { recursive: true, force: true })
}

/** @param {readonly string[]} tooOften @param {readonly number[]} processor */
function judge(tooOften, processor) {
  const events = [...receiver.events.values()]
  const named = events.filter(({ changedBy }) => changedBy === username).length
  const problems = [
    ...CHANGES.flatMap(({ address }, at) => {
      const expected = Math.ceil((changes - at) / CHANGES.length)
      const counts = ['drifted', 'resolved'].map((event) => receiver.count(address, event))
      return counts.every((count) => count === expected)
        ? []
        : [`${address}: ${counts.join(' and ')} events instead of ${expected}`]
    }),
    ...receiver.unstable.map((id) => `the event ${id} changed between two deliveries`),
    ...tooOften.map((path) => `read twice within an interval: ${path}`),
    ...replicas.map(growthOf).flatMap((growth) => (growth > MOST_GROWTH ? [`memory grew by ${growth} MB`] : [])),
    ...(restarted === restarts ? [] : [`the broker was restarted ${restarted} times`]),
  ]
  const { deliveries, refused } = receiver.counts
  log(
    `${Math.round((Date.now() - begin) / 1_000)} s, ${changes} changes, ${restarted} restarts of the broker, ${killed} killed replicas`,
  )
  log(`${events.length} events, ${deliveries} deliveries, ${refused} refused by the receiver; ${named} name the user`)
  const unnamed = events.filter(({ changedBy }) => changedBy !== username)
  log(
    `without the user: ${unnamed.map(({ event, address, changedBy }) => `${event} ${address} (${changedBy ?? 'unknown'})`).join(', ')}`,
  )
  for (const [at, replica] of replicas.entries()) {
    const span = replica.memory.length * (interval / 1_000)
    log(
      `replica ${at + 1}: memory grew by ${growthOf(replica).toFixed(1)} MB in ${span} s (now ${Math.round(replica.memory.at(-1) ?? 0)} MB), ${processor[at]} s of processor time`,
    )
  }
  log(`requests to the management API: ${proxies.map((proxy) => proxy.total()).join(', ')}`)
  for (const problem of problems) log(`PROBLEM  ${problem}`)
  if (problems.length > 0) process.exitCode = 1
}
