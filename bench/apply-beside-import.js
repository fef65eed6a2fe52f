// Applies queues with a binding each, beside the broker's own import of the same definitions, on one broker in one run.
//
//   npm run bench                     2,000 queues, three rounds
//   npm run bench -- --queues 500 --rounds 1
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { apply, plan, Secret } from 'warren'
import { startBroker } from 'warren/testing'

const { values } = parseArgs({
  options: { queues: { type: 'string', default: '2000' }, rounds: { type: 'string', default: '3' } },
})
const queues = Number(values.queues)
const rounds = Number(values.rounds)

const broker = await startBroker()
const folder = await mkdtemp(join(tmpdir(), 'warren-bench-'))
try {
  console.log(`RabbitMQ ${broker.version}, ${queues} queues with a binding each, ${rounds} rounds\n`)
  const rows = { plan: [], apply: [], again: [], import: [] }
  // Interleaved, so that a slow moment of the machine meets both.
  for (let round = 1; round <= rounds; round += 1) {
    rows.import.push(await importDefinitions(`import-${round}`))
    const vhost = `apply-${round}`
    const options = { paths: [await topologyFile(vhost)], connection: connection() }
    rows.plan.push(await seconds(() => plan(options)))
    rows.apply.push(await seconds(() => applyAll(options)))
    rows.again.push(await seconds(() => plan(options)))
    await removeVhost(vhost)
  }
  const median = Object.fromEntries(Object.entries(rows).map(([name, list]) => [name, medianOf(list)]))
  print('the broker imports its own definitions', median.import, rows.import, 1)
  print('warren apply, all new, read back', median.apply, rows.apply, median.import / median.apply)
  print('warren plan, all new', median.plan, rows.plan)
  print('warren plan, nothing to do', median.again, rows.again)
} finally {
  await rm(folder, { recursive: true, force: true })
  await broker.stop()
}

function connection() {
  return { url: broker.managementUrl, user: broker.username, password: new Secret(broker.password) }
}

async function topologyFile(vhost) {
  const path = join(folder, `${vhost}.yaml`)
  const lines = Array.from(
    { length: queues },
    (_, at) => `  queue-${at}:\n    type: classic\n    bindings: [{ exchange: work, routingKey: key-${at} }]`,
  )
  await writeFile(
    path,
    `warren: 1\nproject: bench\nvhost: ${vhost}\nexchanges:\n  work:\nqueues:\n${lines.join('\n')}\n`,
  )
  return path
}

async function applyAll(options) {
  const { report } = await apply(options)
  const wrong = report?.outcomes.find(({ status }) => status !== 'done')
  if (!report || wrong) throw new Error(`the apply did not do everything: ${JSON.stringify(wrong)}`)
}

async function importDefinitions(vhost) {
  await request('PUT', `/api/vhosts/${vhost}`, {})
  const definitions = {
    exchanges: [{ name: 'work', type: 'direct', durable: true, auto_delete: false, internal: false, arguments: {} }],
    queues: Array.from({ length: queues }, (_, at) => ({
      name: `queue-${at}`,
      durable: true,
      auto_delete: false,
      arguments: { 'x-queue-type': 'classic' },
    })),
    bindings: Array.from({ length: queues }, (_, at) => ({
      source: 'work',
      destination: `queue-${at}`,
      destination_type: 'queue',
      routing_key: `key-${at}`,
      arguments: {},
    })),
  }
  const took = await seconds(() => request('POST', `/api/definitions/${vhost}`, definitions))
  await removeVhost(vhost)
  return took
}

async function removeVhost(vhost) {
  await request('DELETE', `/api/vhosts/${vhost}`)
}

async function request(method, path, body) {
  const login = Buffer.from(`${broker.username}:${broker.password}`).toString('base64')
  const answer = await fetch(broker.managementUrl + path, {
    method,
    headers: { authorization: `Basic ${login}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}`)
}

async function seconds(work) {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

function medianOf(list) {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]
}

function print(what, median, all, ratio) {
  const spread = `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}`
  const times = ratio === undefined ? '' : `   ${ratio.toFixed(2)} times the import's speed`
  console.log(`${what.padEnd(42)} ${median.toFixed(2).padStart(7)} s   (${spread})${times}`)
}
