import type { OffsetStore } from 'warren/offsets'
import type { Runtime } from 'warren/runtime'

export function fulfilOrders(runtime: Runtime, offsets: OffsetStore, fulfil: (order: unknown) => Promise<void>) {
  return runtime.consume('fulfilment', fulfil, { offsets })
}
