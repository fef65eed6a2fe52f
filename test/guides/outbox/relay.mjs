import pg from 'pg'
import { outboxTable, relayOutbox } from 'warren/outbox'
import { closeOnSignal, connect } from 'warren/runtime'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
pool.on('error', (error) => console.error(error.message)) // a lost connection; the pool makes another
await pool.query(outboxTable()) // or in your migrations

const runtime = await connect({ topology: 'topology.json' })
const relay = relayOutbox({ pool, runtime })

closeOnSignal(runtime, {
  before: ({ deadline }) => relay.stop({ deadline }),
  after: () => pool.end(),
})
