// Two replicas of the drift service watch one broker while a script changes the topology, takes their receiver down, and
// kills the replica that acts. At the end, every drift and every resolution has to have arrived, with one id each.
//
//   npm run build && WARREN_URL=http://guest:guest@localhost:15672 node scripts/soak/drift.js --minutes 5 --interval 5s

import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    interval: { type: 'string', default: '5s' },
    queues: { type: 'string', default: '20' },
  },
})
const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const base = process.env['WARREN_URL'] ?? 'http://guest:guest@localhost:15672'
const { username, password, origin } = new URL(base)
const headers = {
  authorization: `Basic ${Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64')}`,
  'content-type': 'application/json',
}
const interval = Number.parseInt(values.interval, 10) * 1_000
const end = Date.now() + Number(values.minutes) * 60_000
const folder = await mkdtemp(join(tmpdir(), 'warren-drift-soak-'))
const vhost = `drift-soak-${process.pid}`

/** @type {Map<string, { event: string, address: string, drift: string }>} */
const received = new Map()
let deliveries = 0
let isUp = true
const receiver = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    if (!isUp) return response.writeHead(503).end()
    for (const event of JSON.parse(body).events) {
      deliveries += 1
      received.set(event.id, event)
    }
    return response.end()
  })
})
await new Promise((resolve) => receiver.listen(0, '127.0.0.1', () => resolve(undefined)))
const address = receiver.address()
const port = typeof address === 'object' && address ? address.port : 0

const names = Array.from({ length: Number(values.queues) }, (_, at) => `queue-${at}`)
await writeFile(
  join(folder, 'topology.yaml'),
  `warren: 1\nproject: soak\nvhost: ${vhost}\nqueues:\n${names.map((name) => `  ${name}: { type: classic }\n`).join('')}`,
)
await writeFile(
  join(folder, 'warren.config.yaml'),
  `warrenConfig: 1
projects: { soak: { paths: [topology.yaml] } }
environments: { here: { url: '\${env:WARREN_URL}' } }
drift:
  interval: ${values.interval}
  listen: 127.0.0.1:0
  webhooks: [{ url: 'http://127.0.0.1:${port}/' }]
`,
)

/** @param {string} method @param {string} path @param {unknown} [body] */
async function api(method, path, body) {
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
  const response = await fetch(`${origin}/api/${path}`, init)
  if (!response.ok && response.status !== 404) throw new Error(`${method} ${path}: ${response.status}`)
  return response
}

/** @param {readonly string[]} options */
function warren(...options) {
  const child = spawn(process.execPath, [CLI, ...options], { cwd: folder, env: { ...process.env, WARREN_URL: base } })
  const replica = { child, url: '', errors: '' }
  child.stderr.on('data', (chunk) => {
    replica.errors += chunk
    replica.url ||= /Serves (\S+)\/metrics/.exec(replica.errors)?.[1] ?? ''
  })
  child.stdout.resume()
  return replica
}

/** @param {{ url: string }} replica @param {string} metric */
async function metric({ url }, metric) {
  if (url === '') return Number.NaN
  const text = await fetch(`${url}/metrics`).then(
    (answer) => answer.text(),
    () => '',
  )
  return Number(new RegExp(`^${metric}\\{[^}]*\\} (\\S+)$`, 'm').exec(text)?.[1])
}

/** @param {{ child: import('node:child_process').ChildProcess }} replica in kilobytes */
async function memory({ child }) {
  const text = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
  return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1])
}

/** @param {() => Promise<boolean> | boolean} isTrue @param {string} what */
async function until(isTrue, what) {
  const deadline = Date.now() + 120_000 + 6 * interval
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`timed out while waiting until ${what}`)
    await sleep(200)
  }
}

const has = (/** @type {string} */ name, /** @type {string} */ event, /** @type {number} */ count) =>
  [...received.values()].filter((each) => each.event === event && each.address.endsWith(`/${name}`)).length === count

const apply = warren('apply', '-e', 'here', '-y')
await new Promise((resolve) => apply.child.on('exit', resolve))
let replicas = [warren('drift', '-e', 'here', '--watch'), warren('drift', '-e', 'here', '--watch')]
const samples = []
let changes = 0
let takeovers = 0
try {
  for (let round = 0; Date.now() < end; round += 1) {
    const name = names[round % names.length] ?? ''
    const count = Math.floor(round / names.length) + 1
    isUp = round % 4 !== 1
    await api('DELETE', `queues/${vhost}/${name}`)
    if (!isUp) {
      await sleep(3 * interval)
      isUp = true
    }
    if (round % 5 === 2) {
      const active = []
      for (const replica of replicas) if ((await metric(replica, 'warren_drift_active')) === 1) active.push(replica)
      for (const replica of active) {
        replica.child.kill('SIGKILL')
        replicas = [...replicas.filter((each) => each !== replica), warren('drift', '-e', 'here', '--watch')]
        takeovers += 1
      }
    }
    await until(() => has(name, 'drifted', count), `the drift of ${name} arrives`)
    await api('PUT', `queues/${vhost}/${name}`, { durable: true, arguments: { 'x-queue-type': 'classic' } })
    await until(() => has(name, 'resolved', count), `the resolution of ${name} arrives`)
    changes += 1
    samples.push(await Promise.all(replicas.map(memory)))
    console.log(
      `${new Date().toISOString()} change ${changes}, ${received.size} events, memory ${samples.at(-1)?.join(' and ')} KB`,
    )
  }
  for (const replica of replicas) {
    const [requests, active] = [
      await metric(replica, 'warren_drift_requests_total'),
      await metric(replica, 'warren_drift_active'),
    ]
    console.log(`replica: active ${active}, ${requests} requests to the management API`)
  }
  console.log(
    `${changes} changes, ${received.size} different events (${2 * changes} expected), ${deliveries} deliveries, ${takeovers} takeovers`,
  )
  if (received.size !== 2 * changes) process.exitCode = 1
} finally {
  for (const { child, errors } of replicas) {
    child.kill('SIGTERM')
    if (process.exitCode) console.log(errors)
  }
  await api('DELETE', `vhosts/${vhost}`)
  receiver.close()
  await rm(folder, { recursive: true, force: true })
}
