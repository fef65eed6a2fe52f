import type { Pool } from 'pg'
import type { Outbox } from 'warren/outbox'

interface Order {
  id: string
  region: string
}

/** @param outbox of `openOutbox({ topology: 'topology.json' })` */
export async function payOrder(pool: Pool, outbox: Outbox, order: Order): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order.id])
    await outbox.enqueue(client, 'order-event', order, {
      key: order.id, // keeps the messages of an order in sequence
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
