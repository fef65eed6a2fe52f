import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { connect, PublishError } from 'warren/runtime'
import type { Runtime } from 'warren/runtime'
import { useTopology } from 'warren/testing'
import type { TopologyFixture } from 'warren/testing'

let email: TopologyFixture
let runtime: Runtime

beforeEach(async () => {
  email = await useTopology('topology.yaml')
  runtime = await connect({ topology: email.topology, url: email.url() })
})

afterEach(async () => {
  await runtime.close()
  await email.cleanup()
})

test('an email arrives', async () => {
  const arrived = new Promise((resolve, reject) => {
    runtime.consume('emails', resolve).catch(reject)
  })

  await runtime.publish('send-email', { to: 'ann@example.com' })

  expect(await arrived).toEqual({ to: 'ann@example.com' })
})

test('a body that JSON cannot represent is refused', async () => {
  await expect(runtime.publish('send-email', undefined)).rejects.toThrow(PublishError)
})
