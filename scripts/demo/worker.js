// The worker of the demo: consumes as the user email-worker. email-3 always fails.
import { closeOnSignal, connect } from 'warren/runtime'

const topology = process.argv[2] ?? 'topology.json'

const runtime = await connect({ topology, routes: ['emails'], logger: false })
runtime.on('retried', ({ attempt, delay, error }) =>
  console.log(`  try ${attempt} failed (${error.message}); again in ${delay} ms`),
)
runtime.on('deadLettered', ({ attempt, reason }) =>
  console.log(`  try ${attempt} failed too: to the dead letters (${reason})`),
)
closeOnSignal(runtime, { onClosed: () => console.log('closed: every delivery settled') })

await runtime.consume('emails', async (email, { attempt }) => {
  console.log(`sending ${email.task_id}, try ${attempt}`)
  if (email.task_id.endsWith('3')) throw new Error('the mail server said no')
  console.log(`sent ${email.task_id}`)
})
console.log('waiting for emails')
