import { closeOnSignal, connect } from 'warren/runtime'

const runtime = await connect({ topology: 'topology.yaml' })
closeOnSignal(runtime) // on SIGTERM: lets running handlers finish, then closes

await runtime.consume('emails', async (email, { attempt }) => {
  // Returning acknowledges. Throwing sends the email to the next delay, and after the last one to email.dead.
  console.log(`sending (attempt ${attempt})`, email)
})
