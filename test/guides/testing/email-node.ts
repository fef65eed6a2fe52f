import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect } from 'warren/runtime'
import { useTopology } from 'warren/testing'

await test('an email is confirmed', async (t) => {
  const email = await useTopology('topology.yaml')
  const runtime = await connect({ topology: email.topology, url: email.url() })
  // Hooks run in the order in which they are registered: the runtime closes before its vhost is deleted.
  t.after(() => runtime.close())
  t.after(() => email.cleanup())

  const confirmed = await runtime.publish('send-email', { to: 'somebody@example.com' })

  assert.equal(confirmed.routingKey, 'email')
})
