import pg from 'pg'
import { connect } from 'warren/runtime'
import { startClocks } from '../measure/clocks.js'
import { answer, readJob } from '../measure/job.js'
import { peakMegabytes } from '../measure/peak-megabytes.js'

// Consumes all messages of a queue and writes them to PostgreSQL, in a separate process that parts/batches.js starts.

const { url, database, queue, count, size, connections } = await readJob()
const pool = new pg.Pool({ connectionString: database, max: connections })
await pool.query('DROP TABLE IF EXISTS messages; CREATE TABLE messages (id integer PRIMARY KEY)')
const failure = { kind: 'onFailure', action: 'requeue' }
const subscription = { name: 'take', vhost: '/', queue, queueType: 'classic', failure }
const runtime = await connect({ topology: { routes: { publications: [], subscriptions: [subscription] } }, url })

let seen = 0
const stop = startClocks()
const done = new Promise((resolve) => {
  const stored = (messages) => {
    seen += messages
    if (seen === count) resolve(stop())
  }
  const prefetch = 1_000
  if (size === 1) {
    const settings = { prefetch, concurrency: connections }
    void runtime.consume('take', async ({ id }) => stored(await insert([id])), settings)
  } else {
    const settings = { size, maxWait: 100, prefetch, concurrency: connections }
    void runtime.consumeBatch('take', settings, async (batch) => stored(await insert(batch.map(({ body }) => body.id))))
  }
})
const { seconds, cpu } = await done
await runtime.close()
await pool.end()
answer({ perSecond: count / seconds, cpuEach: (cpu / count) * 1e6, megabytes: peakMegabytes() })

/** @param {readonly number[]} ids */
async function insert(ids) {
  await pool.query('INSERT INTO messages (id) SELECT unnest($1::integer[]) ON CONFLICT DO NOTHING', [ids])
  return ids.length
}
