import { closeOnSignal, connect } from 'warren/runtime'

const runtime = await connect({ topology: 'topology.yaml' })
closeOnSignal(runtime)

await runtime.consume('emails', (email, { messageId, attempt }) => {
  console.log(`attempt ${attempt}: send`, email)
  if (messageId === 'email-2') throw new Error('the mail server does not know this address')
})
