import { beforeEach, expect, it, vi } from 'vitest'
import { createTestRuntime } from 'warren/testing'
import type { TestRuntime } from 'warren/testing'
import type { Routes } from './topology.d.ts'
import { startWorker } from './worker.ts'

const body = { to: 'ann@example.com', text: 'Hello' }
const mailer = { send: vi.fn<() => Promise<void>>() }
let runtime: TestRuntime<Routes>

beforeEach(async () => {
  mailer.send.mockReset()
  runtime = await createTestRuntime<Routes>('topology.yaml')
  await startWorker(runtime, mailer)
})

it('sends an email, and publishes an event about it', async () => {
  const outcome = await runtime.deliver('emails', { body })

  // Check the error first: if the handler failed, the test runner prints the reason.
  expect(outcome.error).toBeUndefined()
  expect(outcome.outcome).toBe('done')
  expect(mailer.send).toHaveBeenCalledWith('ann@example.com', 'Hello')
  expect(runtime.published('email-sent')).toMatchObject([{ body: { to: 'ann@example.com', attempts: 1 } }])
})

it('retries after 5 seconds and again after a minute while the mail server is busy', async () => {
  mailer.send.mockRejectedValue(new Error('the mail server is busy'))

  const first = await runtime.deliver('emails', { body })
  const [second] = await runtime.advance(5_000)
  const [third] = await runtime.advance(60_000)

  expect([first, second, third]).toMatchObject([
    { outcome: 'retried', delay: 5_000 },
    { outcome: 'retried', delay: 60_000 },
    { outcome: 'deadLettered', reason: 'error' },
  ])
  expect(runtime.deadLetters('emails')).toMatchObject([{ body, attempts: 3 }])
})

it('dead-letters an email without an address at once', async () => {
  const outcome = await runtime.deliver('emails', { body: { ...body, to: 'nobody' } })

  expect(outcome).toMatchObject({ outcome: 'deadLettered' })
})

it('sends an email only once if it is delivered twice', async () => {
  await runtime.deliver('emails', { body, messageId: 'm-1' })
  const again = await runtime.deliver('emails', { body, messageId: 'm-1' })

  expect(again).toMatchObject({ outcome: 'duplicate' })
  expect(mailer.send).toHaveBeenCalledOnce()
})
