import { connect } from 'warren/runtime'

const runtime = await connect({ topology: 'topology.yaml' })

// Resolves when the broker has confirmed it, rejects when it reached no queue.
await runtime.publish('send-email', { task_id: 'email-1', recipient: 'ann@example.com' })

await runtime.close()
