import type { Pool } from 'pg'
import { idempotencyTable, postgresStore } from 'warren/idempotency'
import { connect } from 'warren/runtime'

export async function connectWithPostgres(pool: Pool) {
  await pool.query(idempotencyTable()) // or in your migrations
  return connect({ topology: 'topology.json', idempotency: { store: postgresStore(pool) } })
}
