import type { Runtime } from 'warren/runtime'
import type { Routes } from './topology.d.ts'

/** Asks for a reminder in ten minutes. */
export async function remindLater(runtime: Runtime<Routes>, id: string): Promise<void> {
  await runtime.publish('order-unpaid', { id }, { parameters: { id }, delay: '10m' })
}
