import { connect } from 'warren/runtime'

const runtime = await connect({ topology: 'topology.json', routes: ['send-email'] })
for (let n = 1; n <= 5; n++) {
  const task = { task_id: `email-${n}`, recipient: 'ann@example.com', subject: `Welcome message #${n}` }
  await runtime.publish('send-email', task, { messageId: task.task_id }) // resolves when the broker has confirmed it
  console.log(`published ${task.task_id}`)
}
await runtime.close()
