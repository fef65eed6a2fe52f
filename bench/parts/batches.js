import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'amqplib'
import { startPostgres } from '../batches/postgres.js'
import { inChild } from '../measure/in-child.js'
import { rowsOf } from '../report/row.js'
import { urlOf } from '../runtime/queue.js'
import { takesPart, turned } from './part.js'

export const needsBroker = true

const ROUNDS = 5
const COUNT = 20_000
const QUEUE = 'bench-batches'
/** How many handlers run at once, each with its own connection to the database. */
const CONNECTIONS = 5
const SIZES = { 'one message at a time': 1, 'batches of 100': 100 }

/**
 * The speed of a consumer that writes to PostgreSQL, with a statement for each message and for each batch.
 *
 * @type {import('./part.js').RunPart}
 */
export async function run({ quick, broker, tell, ...settings }) {
  const rows = rowsOf('batches', `RabbitMQ ${broker.version}`)
  const count = quick ? 500 : COUNT
  const rounds = settings.rounds ?? (quick ? 1 : ROUNDS)
  const subjects = Object.keys(SIZES).filter((subject) => takesPart(settings, subject))
  // Outside of the folder of the run, which the user of PostgreSQL may not enter.
  const files = mkdtempSync(join(tmpdir(), 'warren-postgres-'))
  const postgres = await startPostgres(files, await freePort())
  const url = urlOf(broker)
  const connection = await connect(url)
  try {
    const channel = await connection.createConfirmChannel()
    const work = `consume ${count.toLocaleString('en')} messages into PostgreSQL`
    for (let round = 0; round < rounds; round += 1) {
      for (const subject of turned(subjects, round)) {
        tell(`${work}: ${subject}, round ${round + 1}`)
        await fill(channel, count)
        const job = { url, database: postgres.url, queue: QUEUE, count, size: SIZES[subject], connections: CONNECTIONS }
        rows.add(
          { work, subject, reference: subject === 'one message at a time' },
          await inChild('batches/measure.js', job),
        )
      }
    }
    await channel.deleteQueue(QUEUE)
  } finally {
    await connection.close()
    await postgres.stop()
    rmSync(files, { recursive: true })
  }
  return rows.all()
}

/** @param {import('amqplib').ConfirmChannel} channel @param {number} count */
async function fill(channel, count) {
  await channel.deleteQueue(QUEUE)
  await channel.assertQueue(QUEUE, { arguments: { 'x-queue-type': 'classic' } })
  for (let id = 0; id < count; id += 1) {
    channel.sendToQueue(QUEUE, Buffer.from(JSON.stringify({ id })), { persistent: true })
  }
  await channel.waitForConfirms()
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
