import { connect } from 'warren/runtime'
import type { Routes } from './topology.d.ts'

export async function sell(sku: string, sold: (what: string) => void) {
  const runtime = await connect<Routes>({ topology: 'topology.json' })
  await runtime.consume('emails', ({ id, lines }) => sold(`${id}: ${lines.map((line) => line.sku.toUpperCase())}`))
  await runtime.publish(
    'order-event',
    { id: '7', lines: [{ sku, count: 1 }] },
    { parameters: { region: 'eu', event: 'paid' } },
  )
  return runtime
}
