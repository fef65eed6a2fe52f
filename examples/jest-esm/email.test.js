import { connect, PublishError } from 'warren/runtime'
import { useTopology } from 'warren/testing'

let email
let runtime

beforeEach(async () => {
  email = await useTopology('topology.yaml')
  runtime = await connect({ topology: email.topology, url: email.url() })
})

afterEach(async () => {
  await runtime.close()
  await email.cleanup()
})

test('an email arrives', async () => {
  let arrive
  const arrived = new Promise((resolve) => (arrive = resolve))
  await runtime.consume('emails', (body) => arrive(body))

  await runtime.publish('send-email', { to: 'ann@example.com' })

  expect(await arrived).toEqual({ to: 'ann@example.com' })
})

test('a body that JSON cannot represent is refused', async () => {
  await expect(runtime.publish('send-email', undefined)).rejects.toThrow(PublishError)
})
