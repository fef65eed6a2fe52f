import { Pool } from 'pg'
import { relayOutbox } from '../../../src/runtime/outbox/index.ts'
import { connect } from '../../../src/runtime/index.ts'
import type { RoutesSource } from '../../../src/runtime/index.ts'

// A relay as a separate program, so that a test can kill it.

const { TEST_ROUTES = '{}', TEST_POSTGRES = '', TEST_TABLE = '' } = process.env
const pool = new Pool({ connectionString: TEST_POSTGRES })
pool.on('error', () => undefined)
const runtime = await connect({
  topology: { routes: JSON.parse(TEST_ROUTES) as RoutesSource['routes'] },
  logger: false,
})
const relay = relayOutbox({ pool, runtime, batch: 7, interval: 20, table: TEST_TABLE, logger: false })
process.stdout.write('ready\n')
process.once('SIGTERM', () => {
  void relay
    .stop()
    .then(() => runtime.close())
    .then(() => pool.end())
})
