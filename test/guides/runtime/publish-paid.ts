import { PublishError } from 'warren/runtime'
import type { Runtime } from 'warren/runtime'

export async function publishPaid(runtime: Runtime, order: { id: string }, region: string): Promise<void> {
  const options = {
    parameters: { region, event: 'paid' }, // the routing key is order.<region>.paid
    messageId: `paid-${order.id}`,
    headers: { source: 'checkout' },
  }
  try {
    await runtime.publish('order-event', order, options)
  } catch (error) {
    if (!(error instanceof PublishError && error.maybePublished)) throw error
    // The broker may have the message. The same messageId lets consumers recognize the duplicate.
    await runtime.publish('order-event', order, options)
  }
}
