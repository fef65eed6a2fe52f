import { connect as connectAmqp } from 'amqplib'
import { connect } from 'node:net'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { amqpUrl, testBroker } from './brokers/broker.ts'
import { until } from './until.ts'

/** How long an idle broker may take to answer whether a queue is empty, in milliseconds. */
const ANSWER = 3_000
/** The time after which a declare that the broker aborted has its final state, in milliseconds. */
const SETTLED = 500

/**
 * Declares a quorum queue like a program that is killed while it does so, until the broker has registered the queue
 * without a leader.
 */
export async function halfDeclare(vhost: string, name: string, table: object = {}): Promise<void> {
  const { api } = await testBroker()
  let attempt = 0
  await until(async () => {
    attempt += 1
    await cutShort(vhost, name, { ...table, 'x-queue-type': 'quorum' }, attempt % 12)
    await sleep(SETTLED)
    if ((await api.get(['queues', vhost, name])) === undefined) return false
    // A queue that is only slow to start answers the second time.
    if (!(await answers(vhost, name)) && !(await answers(vhost, name))) return true
    await api.delete(['queues', vhost, name])
    return false
  }, `${name} to be declared in half`)
}

/** Whether a queue answers a `basic.get`; one without a leader does not, or the broker closes the connection. */
export async function answers(vhost: string, name: string): Promise<boolean> {
  const connection = await connectAmqp(await amqpUrl(vhost))
  connection.on('error', () => undefined)
  try {
    const channel = await connection.createChannel()
    channel.on('error', () => undefined)
    const got = channel.get(name).then(
      () => true,
      () => false,
    )
    return await Promise.race([got, sleep(ANSWER, false, { ref: false })])
  } finally {
    await Promise.race([connection.close().catch(() => undefined), sleep(ANSWER, undefined, { ref: false })])
  }
}

async function cutShort(vhost: string, name: string, table: object, milliseconds: number): Promise<void> {
  const { managementUrl, username, password } = await testBroker()
  const { hostname, port } = new URL(managementUrl)
  const body = JSON.stringify({ durable: true, auto_delete: false, arguments: table })
  const login = Buffer.from(`${username}:${password}`).toString('base64')
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const head = [
    `PUT /api/queues/${encodeURIComponent(vhost)}/${encodeURIComponent(name)} HTTP/1.1`,
    `host: ${hostname}`,
    `authorization: Basic ${login}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  await sleep(milliseconds)
  socket.destroy()
}
