import { expect, it, onTestFinished, vi } from 'vitest'
import { connect } from 'warren/runtime'
import { useTopology } from 'warren/testing'

it('sends an email at the third attempt', async () => {
  const email = await useTopology('topology.yaml', { overlays: ['short-delays.yaml'] })
  onTestFinished(() => email.cleanup())
  const { topology } = email
  const producer = await connect({ topology, url: email.url({ user: 'email-api' }), routes: ['send-email'] })
  const worker = await connect({ topology, url: email.url({ user: 'email-worker' }), routes: ['emails'] })
  onTestFinished(async () => {
    await Promise.all([producer.close(), worker.close()])
  })

  let attempts = 0
  await worker.consume('emails', () => {
    attempts += 1
    if (attempts < 3) throw new Error('the mail server is busy')
  })
  await producer.publish('send-email', { to: 'somebody@example.com' })

  await vi.waitFor(() => expect(attempts).toBe(3), { timeout: 10_000 })
})
