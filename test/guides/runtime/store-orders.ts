import type { Pool } from 'pg'
import type { Runtime } from 'warren/runtime'

interface Order {
  id: string
}

export function storeOrders(runtime: Runtime, pool: Pick<Pool, 'query'>) {
  return runtime.consumeBatch<Order>('emails', { size: 100, maxWait: 500 }, async (batch) => {
    const ids = batch.map(({ body }) => body.id)
    await pool.query('INSERT INTO orders (id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [ids])
  })
}
