import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestRuntime } from 'warren/testing'
import { consumeEmails } from './emails.mjs'

const email = { task_id: 'email-1', recipient: 'ann@example.com', subject: 'Welcome' }

await test('an email is sent', async () => {
  const runtime = await createTestRuntime('topology.json')
  await consumeEmails(runtime)

  assert.equal((await runtime.deliver('emails', { body: email })).outcome, 'done')
  await runtime.close()
})

await test('an email that fails is retried after 1, 2 and 4 seconds, then dead-lettered', async () => {
  const runtime = await createTestRuntime('topology.json')
  await consumeEmails(runtime)

  const outcomes = [(await runtime.deliver('emails', { body: { ...email, task_id: 'email-3' } })).outcome]
  for (const delay of [1_000, 2_000, 4_000])
    outcomes.push(...(await runtime.advance(delay)).map((each) => each.outcome))

  assert.deepEqual(outcomes, ['retried', 'retried', 'retried', 'deadLettered'])
  await runtime.close()
})

await test('a producer cannot publish an email without a recipient', async () => {
  const runtime = await createTestRuntime('topology.json')

  await assert.rejects(runtime.publish('send-email', { task_id: 'email-1' }), { outcome: 'invalid' })
  await runtime.close()
})
