import { closeOnSignal, connect } from 'warren/runtime'
import { consumeEmails } from './emails.mjs'

const runtime = await connect({ topology: 'topology.json', routes: ['emails'], logger: false })
closeOnSignal(runtime) // SIGTERM and SIGINT: finish what has started, requeue the rest

runtime.on('handled', ({ subscription, messageId, attempt, outcome }) => {
  console.log(JSON.stringify({ event: 'task_processed', subscription, messageId, attempt, outcome }))
})
runtime.on('deadLettered', ({ messageId, reason }) => {
  console.log(JSON.stringify({ event: 'task_dead_lettered', messageId, reason }))
})
await consumeEmails(runtime)
