import { expect, it } from 'vitest'
import { createTestRuntime } from 'warren/testing'

const body = { to: 'ann@example.com', text: 'Hello' }

it('dead-letters an email after three attempts', async () => {
  const runtime = await createTestRuntime('topology.yaml')
  await runtime.consume('emails', () => {
    throw new Error('the mail server is busy')
  })

  await runtime.deliver('emails', { body })
  const outcomes = await runtime.advance(60 * 60_000)

  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['retried', 'deadLettered'])
})

it('retries when the mail server does not answer', async () => {
  const runtime = await createTestRuntime('topology.yaml')
  await runtime.consume('emails', () => new Promise(() => undefined))

  // Not awaited: the handler does not end by itself.
  const delivered = runtime.deliver('emails', { body })
  await runtime.advance(30_000)

  expect(await delivered).toMatchObject({ outcome: 'retried', reason: 'timeout' })
})
