import type { Runtime } from 'warren/runtime'
import type { Routes } from './topology.d.ts'

export async function priceOf(runtime: Runtime<Routes>, sku: string, signal?: AbortSignal): Promise<string> {
  const { price, currency } = await runtime.request('price-quote', { sku }, { ...(signal && { signal }) })
  return `${price} ${currency}`
}
