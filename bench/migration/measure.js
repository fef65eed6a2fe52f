import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { apply, Secret } from 'warren'
import { bareMove } from '../../scripts/bulk-migration/bare-move.js'
import { answer, readJob } from '../measure/job.js'
import { startClocks } from '../measure/clocks.js'
import { connect } from 'amqplib'

// Measures one way to turn classic queues into quorum queues with their messages, in a separate process that
// parts/migration.js starts. warren and bare AMQP move the messages on the same way: to holding queues, and back.

const EXCHANGE = 'events'
const SIZE = 100

const { subject, vhost, connection, brokerProcesses, queues, messages, batch, folder } = await readJob()
const url = Object.assign(new URL(connection.amqpUrl), {
  username: connection.username,
  password: connection.password,
  pathname: `/${vhost}`,
}).href
const names = Array.from({ length: queues }, (_, n) => `work-${n}`)
const amqp = await connect(url)
await fill()
const stop = startClocks(brokerProcesses)
await (subject === 'warren' ? migrate() : moveBare())
const times = stop()
await requireAll()
await amqp.close()
answer(times)

async function fill() {
  if (subject === 'warren') await applied('classic')
  else await declareClassic()
  const channel = await amqp.createConfirmChannel()
  for (const name of names) {
    for (let n = 0; n < messages; n += 1) channel.publish(EXCHANGE, name, Buffer.alloc(SIZE, 'x'), { persistent: true })
    await channel.waitForConfirms()
  }
  await channel.close()
}

async function declareClassic() {
  const channel = await amqp.createChannel()
  await channel.assertExchange(EXCHANGE, 'direct')
  for (const name of names) {
    await channel.assertQueue(name, { arguments: { 'x-queue-type': 'classic' } })
    await channel.bindQueue(name, EXCHANGE, name)
  }
  await channel.close()
}

function migrate() {
  return applied('quorum', { migrate: ['queue:*'], batch })
}

/** The same as `migrate`, as far as it moves messages. Other names stand for the new queues, which is quicker. */
async function moveBare() {
  const channel = await amqp.createChannel()
  const held = (name) => `${name}.held`
  const replaced = (name) => `${name}.new`
  for (const name of names.flatMap((each) => [held(each), replaced(each)])) {
    await channel.assertQueue(name, { arguments: { 'x-queue-type': 'quorum' } })
  }
  await bareMove(
    url,
    names.map((name) => ({ from: name, to: held(name), messages })),
    batch,
  )
  await bareMove(
    url,
    names.map((name) => ({ from: held(name), to: replaced(name), messages })),
    batch,
  )
  for (const name of names) {
    await channel.deleteQueue(name)
    await channel.deleteQueue(held(name))
  }
  await channel.close()
}

/** A way that lost messages is not measured. */
async function requireAll() {
  const channel = await amqp.createChannel()
  for (const name of names) {
    const { messageCount } = await channel.checkQueue(subject === 'warren' ? name : `${name}.new`)
    if (messageCount !== messages) throw new Error(`${name} has ${messageCount} of ${messages} messages`)
  }
  await channel.close()
}

async function applied(type, mode = {}) {
  const path = join(folder, 'migration.yaml')
  const declared = names.map(
    (name) => `  ${name}: { type: ${type}, bindings: [{ exchange: ${EXCHANGE}, routingKey: ${name} }] }`,
  )
  const lines = [
    'warren: 1',
    'project: bench',
    `vhost: ${vhost}`,
    `exchanges: { ${EXCHANGE}: }`,
    'queues:',
    ...declared,
  ]
  await writeFile(path, `${lines.join('\n')}\n`)
  const { managementUrl, username: user } = connection
  const { hostname, port } = new URL(connection.amqpUrl)
  const password = new Secret(connection.password)
  const { report, plan } = await apply({
    paths: [path],
    connection: { url: managementUrl, user, password },
    amqp: { protocol: 'amqp', hostname, port: Number(port), user, password },
    ...mode,
  })
  const wrong = report?.outcomes.find(({ status }) => status !== 'done')
  if (!report || wrong) throw new Error(`the apply is not complete: ${JSON.stringify(wrong ?? plan.blocks)}`)
}
