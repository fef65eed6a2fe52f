import { closeOnSignal, connect } from 'warren/runtime'

const runtime = await connect({ topology: 'topology.json', routes: ['emails'] })
closeOnSignal(runtime)

await runtime.consume('emails', async (order, { messageId, attempt }) => {
  console.log(`paid (message ${messageId}, attempt ${attempt}):`, order)
})
