// Publishes and consumes beside bare amqplib, on one broker in one run.
//
//   npm run bench:messages                                  100,000 messages, five rounds
//   npm run bench:messages -- --count 20000 --rounds 3 --work publish
import { connect } from 'amqplib'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startBroker } from 'warren/testing'
import { CLIENTS } from './clients/client.js'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    window: { type: 'string', default: '500' },
    prefetch: { type: 'string', default: '300' },
    work: { type: 'string', multiple: true, default: ['publish', 'consume'] },
    client: { type: 'string', multiple: true, default: CLIENTS },
  },
})
const count = Number(values.count)
const rounds = Number(values.rounds)
const EXCHANGE = 'work'
const QUEUE = 'work'
/** What `measure-client.js` lets pass before it measures. */
const WARM_UP = 5_000

const broker = await startBroker()
const url = amqpUrl()
const connection = await connect(url)
const channel = await connection.createConfirmChannel()
try {
  console.log(`RabbitMQ ${broker.version}, Node.js ${process.version}, ${count} messages, ${rounds} rounds\n`)
  for (const work of values.work) await compare(work)
} finally {
  await connection.close()
  await broker.stop()
}

async function compare(work) {
  const rows = Object.fromEntries(values.client.map((client) => [client, []]))
  // Interleaved, and each round in another order, so that a slow moment of the machine meets all.
  for (let round = 0; round < rounds; round++) {
    const order = values.client.map((_, at) => values.client[(at + round) % values.client.length])
    for (const client of order) {
      await freshQueue(work === 'consume' ? WARM_UP + count : 0)
      rows[client].push(await measure(client, work))
    }
  }
  const bare = rows[values.client[0]]
  for (const [client, list] of Object.entries(rows)) print(`${work}, ${client}`, list, bare)
}

async function measure(client, work) {
  const setup = { client, work, count, url, vhost: '/', exchange: EXCHANGE, routingKey: QUEUE, queue: QUEUE }
  const numbers = { window: Number(values.window), prefetch: Number(values.prefetch) }
  const program = fileURLToPath(new URL('measure-client.js', import.meta.url))
  const child = fork(program, [JSON.stringify({ ...setup, ...numbers })])
  const ended = once(child, 'exit')
  const first = await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => Promise.reject(new Error(`${client} ended with ${code}`))),
  ])
  await ended
  return first[0]
}

async function freshQueue(messages) {
  await channel.deleteQueue(QUEUE)
  await channel.assertExchange(EXCHANGE, 'direct')
  await channel.assertQueue(QUEUE, { arguments: { 'x-queue-type': 'classic' } })
  await channel.bindQueue(QUEUE, EXCHANGE, QUEUE)
  const content = Buffer.from(JSON.stringify({ task_id: 'email-4711', text: 'x'.repeat(250) }))
  for (let n = 0; n < messages; n++) {
    channel.publish(EXCHANGE, QUEUE, content, { persistent: true, contentType: 'application/json' })
    if (n % 1_000 === 0) await channel.waitForConfirms()
  }
  await channel.waitForConfirms()
}

function amqpUrl() {
  const address = new URL(broker.amqpUrl)
  address.username = broker.username
  address.password = broker.password
  return `${address}/%2F`.replace(/([^/])\/\/%2F$/, '$1/%2F')
}

/** Ratios of each round's neighbours, since what slows the machine meets both. */
function print(name, list, bare) {
  const speed = medianOf(list.map(({ perSecond }, at) => perSecond / bare[at].perSecond))
  const cpu = medianOf(list.map((each, at) => each.cpu / bare[at].cpu))
  const figures = [
    `${Math.round(medianOf(list.map(({ perSecond }) => perSecond)))} messages/s`,
    `${medianOf(list.map((each) => each.cpu)).toFixed(1)} µs CPU each`,
    `${speed.toFixed(2)} times as fast`,
    `${cpu.toFixed(2)} times the CPU`,
  ]
  console.log(`${name.padEnd(20)} ${figures.join(', ')}`)
}

function medianOf(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
