import type { Pool } from 'pg'
import { enqueue } from 'warren/outbox'

export async function payOrder(pool: Pool, order: { id: string; region: string }): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order.id])
    await enqueue(client, 'order-event', order, {
      key: order.id, // what happens to an order is told in order
      parameters: { region: order.region, event: 'paid' },
    })
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}
