// Provokes each check of warren doctor on three nodes and prints its finding, after the doctor has found nothing on the same
// nodes under load. The exit code is 1 if a check finds nothing, or something is found on the healthy broker.
//
//   npm run build && node scripts/prove/doctor.js
//
// RABBITMQ_HOME chooses the broker.

import { connect } from 'amqplib'
import { setTimeout as sleep } from 'node:timers/promises'
import { doctor } from 'warren'
import { startNodes } from '../soak/nodes.js'

const CHECKS = `
  alarm node-down headroom quorum-majority critical-node unbalanced-leaders
  depth oldest-message unacknowledged dead-letters consumers-missing held-dead-letters stuck-delays
  no-heartbeat churn blocked-connections login-rights`
  .trim()
  .split(/\s+/)
const SAMPLE = 15_000
const LIMITS = { maxDepth: 50, maxAge: 600_000 }

const broker = await startNodes(3)
const [first, second, third] = broker.nodes
const { username, password } = broker.login
const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

async function api(method, path, body) {
  const init = { method, headers: { authorization, 'content-type': 'application/json' } }
  const response = await fetch(`http://127.0.0.1:${first.management}/api/${path}`, {
    ...init,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return method === 'GET' ? response.json() : undefined
}

const open = (node, user, secret, vhost, options = 'heartbeat=20') =>
  connect(`amqp://${user}:${secret}@127.0.0.1:${node.amqp}/${vhost}?${options}`)
const queue = (vhost, name, table = {}) => api('PUT', `queues/${vhost}/${name}`, { durable: true, arguments: table })
const symptomsOf = ({ checks }) =>
  checks.flatMap(({ check, symptoms }) => symptoms.map((symptom) => ({ check, ...symptom })))

/** Examines the broker, by default with its administrator. */
const examine = ({ vhost, sample = 0, login = { user: username, password } }) =>
  doctor({
    connection: { url: `http://127.0.0.1:${first.management}`, ...login },
    onlyVhosts: [vhost],
    sample,
    limits: LIMITS,
  })

/** @type {Map<string, string>} */
const found = new Map()
function remember(checkup) {
  for (const { check, address, subject, message } of symptomsOf(checkup)) {
    if (!found.has(check)) found.set(check, `${address ?? subject ?? ''} ${message}`.trim())
  }
}

/** Examines the broker until these checks have found something, or until a minute has passed. */
async function examineUntil(...checks) {
  const end = Date.now() + 60_000
  while (!checks.every((check) => found.has(check)) && Date.now() < end) {
    remember(await examine({ vhost: 'sick' }))
    await sleep(500)
  }
}

/** Examines the broker until an alarm is named; the numbers of nodes are some seconds late. */
async function examineAlarm(which) {
  const end = Date.now() + 60_000
  do {
    found.delete('alarm')
    await examineUntil('alarm')
  } while (found.get('alarm')?.includes(`the ${which} alarm`) === false && Date.now() < end)
  if (found.get('alarm')?.includes(`the ${which} alarm`) !== true) found.delete('alarm')
  console.log(`${which}: ${found.get('alarm')}`)
}

async function untilCalm() {
  const end = Date.now() + 60_000
  for (;;) {
    const symptoms = symptomsOf(await examine({ vhost: 'healthy' })).filter(({ check }) =>
      ['alarm', 'headroom', 'blocked-connections'].includes(check),
    )
    if (symptoms.length === 0) return
    if (Date.now() > end) throw new Error(`still reported after the problem was removed: ${symptoms[0]?.message}`)
    await sleep(500)
  }
}

/** A program that publishes and consumes all the time, until it is stopped. */
async function startLoad() {
  await api('PUT', 'users/app', { password: 'app', tags: '' })
  await api('PUT', 'permissions/healthy/app', { configure: '.*', write: '.*', read: '.*' })
  const end = new AbortController()
  const connection = await open(first, 'app', 'app', 'healthy')
  const channel = await connection.createConfirmChannel()
  const queues = ['busy-classic', 'busy-quorum']
  for (const name of queues) {
    await channel.assertQueue(name, { arguments: { 'x-queue-type': name.replace('busy-', '') } })
    await channel.consume(name, (message) => message && channel.ack(message))
  }
  const running = (async () => {
    while (!end.signal.aborted) {
      for (let n = 0; n < 50; n++) for (const name of queues) channel.sendToQueue(name, Buffer.from('1'))
      await channel.waitForConfirms()
      await sleep(20)
    }
  })()
  return async () => {
    end.abort()
    await running
    await connection.close()
  }
}

async function provokeQueues() {
  const toDead = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work.dead' }
  for (const name of ['deep', 'stays', 'work.dead']) await queue('sick', name)
  await queue('sick', 'work', toDead)
  await queue('sick', 'delay', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work' })
  await queue('sick', 'holds', {
    'x-queue-type': 'quorum',
    'x-message-ttl': 1,
    'x-overflow': 'reject-publish',
    'x-dead-letter-exchange': 'absent',
    'x-dead-letter-strategy': 'at-least-once',
  })
  const program = await open(third, username, password, 'sick', 'heartbeat=0')
  const channel = await program.createConfirmChannel()
  for (let n = 0; n < 6; n++) {
    const table = { 'x-queue-type': 'quorum', 'x-queue-leader-locator': 'client-local' }
    await channel.assertQueue(`leader-${n}`, { arguments: table })
  }
  const hourAgo = Math.floor(Date.now() / 1_000) - 3_600
  for (let n = 0; n < 60; n++) channel.sendToQueue('deep', Buffer.from('1'), { timestamp: hourAgo })
  for (const name of ['stays', 'delay', 'holds', 'work.dead']) channel.sendToQueue(name, Buffer.from('1'))
  await channel.waitForConfirms()
  await api('PUT', 'policies/sick/late', { pattern: '^delay$', definition: { 'message-ttl': 1_000 } })
  await channel.consume('stays', () => undefined)
  const end = new AbortController()
  const churning = (async () => {
    while (!end.signal.aborted) {
      await (await program.createChannel()).close()
      await sleep(100)
    }
  })()
  // The numbers about quorum queues are up to ten seconds late.
  await sleep(12_000)
  remember(await examine({ vhost: 'sick', sample: SAMPLE }))
  end.abort()
  await churning
  return program
}

/** @param {import('amqplib').ChannelModel} program */
async function provokeAlarms(program) {
  const publisher = await program.createChannel()
  const publish = setInterval(() => publisher.sendToQueue('work', Buffer.from('1')), 200)
  await broker.control(third, 'set_vm_memory_high_watermark', '0.00001')
  await examineUntil('blocked-connections')
  await examineAlarm('memory')
  await broker.control(third, 'set_vm_memory_high_watermark', '0.6')
  await untilCalm()
  await broker.control(third, 'set_disk_free_limit', '900000GB')
  await examineAlarm('disk')
  await broker.control(third, 'set_disk_free_limit', '50MB')
  clearInterval(publish)
  await untilCalm()
  const nodes = await api('GET', 'nodes')
  const { mem_used: used } = nodes.find(({ name }) => name === first.name)
  await broker.control(first, 'set_vm_memory_high_watermark', 'absolute', String(Math.round(used * 1.12)))
  await examineUntil('headroom')
  await broker.control(first, 'set_vm_memory_high_watermark', '0.6')
  await untilCalm()
}

async function provokeLostNodes() {
  await broker.control(second, 'stop_app')
  await examineUntil('critical-node', 'node-down')
  await broker.control(third, 'stop_app')
  await examineUntil('quorum-majority')
}

try {
  const [{ rabbitmq_version: version }] = [await api('GET', 'overview')]
  for (const vhost of ['healthy', 'sick']) {
    await api('PUT', `vhosts/${vhost}`)
    await api('PUT', `permissions/${vhost}/${username}`, { configure: '.*', write: '.*', read: '.*' })
  }
  await api('PUT', 'users/reader', { password: 'reader', tags: 'monitoring,policymaker' })
  await api('PUT', 'permissions/healthy/reader', { configure: '^$', write: '^$', read: '^$' })
  const stopLoad = await startLoad()
  // A program that starts looks like one that opens connections all the time.
  await sleep(6_000)
  const healthy = await examine({ vhost: 'healthy', sample: SAMPLE, login: { user: 'reader', password: 'reader' } })
  const states = healthy.checks.filter(({ status }) => status !== 'ok')
  console.log(`RabbitMQ ${version}, healthy under load: ${healthy.checks.length - states.length} checks are fine`)
  for (const { check, status, symptoms, undecided } of states) {
    console.log(`PROBLEM  ${check} is ${status}: ${symptoms[0]?.message ?? JSON.stringify(undecided)}`)
  }
  await stopLoad()
  await provokeAlarms(await provokeQueues())
  await provokeLostNodes()
  const missing = CHECKS.filter((check) => !found.has(check))
  for (const check of CHECKS) console.log(`${check.padEnd(20)} ${found.get(check) ?? 'PROBLEM  found nothing'}`)
  console.log(`${CHECKS.length - missing.length} of ${healthy.checks.length} checks found the provoked problem`)
  if (missing.length > 0 || states.length > 0 || healthy.checks.length !== CHECKS.length) process.exitCode = 1
} finally {
  await broker.stop()
}
process.exit()
