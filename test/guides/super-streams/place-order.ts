import type { Runtime } from 'warren/runtime'

export function placeOrder(runtime: Runtime, order: { id: number; customer: string }) {
  return runtime.publish('order-placed', order, { parameters: { partitionKey: order.customer } })
}
