import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestRuntime } from 'warren/testing'
import { sendEmails } from './send-emails.js'

// No broker is needed: the handler runs by the rules that the topology declares.
test('an email is sent', async () => {
  const sent = []
  const runtime = await createTestRuntime('topology.yaml')
  await sendEmails(runtime, { send: (to) => sent.push(to) })

  const outcome = await runtime.deliver('emails', { body: { to: 'ann@example.com' } })

  assert.equal(outcome.error, undefined)
  assert.deepEqual(sent, ['ann@example.com'])
})

test('an email that cannot be sent is dead-lettered', async () => {
  const runtime = await createTestRuntime('topology.yaml')
  await sendEmails(runtime, {
    send: () => {
      throw new Error('the mail server is busy')
    },
  })

  const outcome = await runtime.deliver('emails', { body: { to: 'ann@example.com' } })

  assert.equal(outcome.outcome, 'deadLettered')
  assert.equal(runtime.deadLetters('emails')[0].error, 'Error: the mail server is busy')
})
