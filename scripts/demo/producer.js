// The producer of the demo: publishes five emails as the user email-api, each confirmed by the broker.
import { connect } from 'warren/runtime'

const topology = process.argv[2] ?? 'topology.json'

const runtime = await connect({ topology, routes: ['send-email'] })
for (let n = 1; n <= 5; n += 1) {
  const email = {
    task_id: `email-${n}`,
    recipient: `user-${n}@example.com`,
    subject: `Welcome message #${n}`,
    created_at: Date.now() / 1000,
  }
  await runtime.publish('send-email', email)
  console.log(`published ${email.task_id}, confirmed by the broker`)
}
await runtime.close()
