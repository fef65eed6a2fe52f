import { connect } from 'warren/runtime'

const runtime = await connect({ topology: 'topology.yaml' })
await runtime.publish('send-email', { recipient: 'ann@example.com' }, { messageId: 'email-1' })
await runtime.publish('send-email', { recipient: 'bob@example.com' }, { messageId: 'email-2' })
await runtime.close()
console.log('published 2 emails')
