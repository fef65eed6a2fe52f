import type { Pool } from 'pg'
import type { Runtime } from 'warren/runtime'

interface Order {
  id: string
  amount: number
}

/** Needs: CREATE TABLE charges (message_id text PRIMARY KEY, order_id text NOT NULL, amount integer NOT NULL) */
export function chargeOnce(runtime: Runtime, pool: Pool) {
  return runtime.consume<Order>('charges', async (order, { idempotencyKey }) => {
    await pool.query(
      'INSERT INTO charges (message_id, order_id, amount) VALUES ($1, $2, $3) ON CONFLICT (message_id) DO NOTHING',
      [idempotencyKey, order.id, order.amount],
    )
  })
}
