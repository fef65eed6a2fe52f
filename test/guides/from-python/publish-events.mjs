import { connect, PublishError } from 'warren/runtime'

const runtime = await connect({ topology: 'topology.json', routes: ['audit-event', 'billing-event', 'resize-image'] })

await runtime.publish('audit-event', { user: 'ann', event: 'login' }) // to both queues
await runtime.publish('billing-event', { number: 889 }, { parameters: { object: 'invoice', event: 'paid' } })
await runtime.publish('billing-event', { number: 7 }, { parameters: { object: 'refund', event: 'paid' } })

try {
  await runtime.publish('resize-image', { task_id: 'img-29392', pixels: 'x'.repeat(5_000) })
} catch (error) {
  if (!(error instanceof PublishError)) throw error
  console.log(error.outcome)
}
await runtime.close()
