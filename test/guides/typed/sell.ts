import { connect } from 'warren/runtime'
import type { Routes } from './topology.d.ts'

export async function sell(sku: string): Promise<void> {
  await using runtime = await connect<Routes>({ topology: 'topology.json' })
  await runtime.publish(
    'order-event',
    { id: '7', lines: [{ sku, count: 1 }] },
    { parameters: { region: 'eu', event: 'paid' } },
  )
  await runtime.consume('emails', (order) => console.log(order.id.toUpperCase(), order.lines.length))
}
