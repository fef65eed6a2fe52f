import { expect, test } from 'vitest'
import { createTestRuntime } from 'warren/testing'
import { sendEmails } from './send-emails.js'

// No broker is needed: the handler runs by the rules that the topology declares.
test('an email is sent', async () => {
  const sent = []
  const runtime = await createTestRuntime('topology.yaml')
  await sendEmails(runtime, { send: (to) => sent.push(to) })

  const outcome = await runtime.deliver('emails', { body: { to: 'ann@example.com' } })

  expect(outcome.error).toBeUndefined()
  expect(sent).toEqual(['ann@example.com'])
})

test('an email that cannot be sent is dead-lettered', async () => {
  const runtime = await createTestRuntime('topology.yaml')
  await sendEmails(runtime, {
    send: () => {
      throw new Error('the mail server is busy')
    },
  })

  const outcome = await runtime.deliver('emails', { body: { to: 'ann@example.com' } })

  expect(outcome.outcome).toBe('deadLettered')
  expect(runtime.deadLetters('emails')[0].error).toBe('Error: the mail server is busy')
})
