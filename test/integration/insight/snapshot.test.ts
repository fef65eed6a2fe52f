import { connect as connectAmqp } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { ManagementClient } from '../../../src/broker/management/client.ts'
import { readSnapshot, type SnapshotScope } from '../../../src/broker/snapshot/read-snapshot.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { amqpUrl, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { until } from '../support/until.ts'

const NOTHING = { configure: '^$', write: '^$', read: '^$' }

async function snapshot(login: { username: string; password: string }, scope: SnapshotScope) {
  const { managementUrl } = await testBroker()
  const client = new ManagementClient({
    url: managementUrl,
    user: login.username,
    password: new Secret(login.password),
  })
  try {
    const read = await readSnapshot(client, scope)
    return { ...read, requests: client.requestCounts()['GET'] ?? 0 }
  } finally {
    await client.close()
  }
}

it('a login with only the tags monitoring and policymaker reads all but users and rights, and vhosts without a permission are unknown', async () => {
  const [open, closed] = [await freshVhost(), await freshVhost()]
  const { api, username } = await testBroker()
  const reader = await freshUser({ tags: 'monitoring,policymaker', permissions: { [open]: NOTHING } })
  await api.put(['queues', open, 'kept'], { durable: true })
  await api.put(['queues', closed, 'hidden'], { durable: true })
  const connection = await connectAmqp(await amqpUrl(open), { clientProperties: { connection_name: 'mailer' } })
  onTestFinished(() => connection.close())
  const channel = await connection.createChannel()
  await channel.assertQueue('mine', { exclusive: true })
  channel.sendToQueue('kept', Buffer.from('one'))
  channel.sendToQueue('kept', Buffer.from('two'))
  await channel.consume('mine', () => undefined)

  const read = await until(async () => {
    const found = await snapshot(reader, { vhosts: [open, closed] })
    const [vhost] = found.vhosts
    const isListed = vhost?.consumers?.[0]?.name !== undefined
    return isListed && vhost?.contents?.get('kept')?.messages === 2 && found
  }, 'the broker to list the consumer and the messages')

  const [vhost, ...others] = read.vhosts
  expect(others).toEqual([])
  expect(vhost).toMatchObject({
    name: open,
    topology: { queues: [{ name: 'kept' }] },
    untouchable: [{ name: 'mine', reason: 'exclusive' }],
    consumers: [
      {
        queue: 'mine',
        user: username,
        name: 'mailer',
        product: expect.stringMatching(/^amqplib /),
        address: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      },
    ],
  })
  expect(read.unknown).toEqual([
    { what: 'vhost', vhost: closed, reason: 'no-permission' },
    { what: 'users', reason: 'needs-administrator' },
    { what: 'permissions', reason: 'needs-administrator' },
    { what: 'topic-permissions', reason: 'needs-administrator' },
  ])
  expect(read.owners).toBeInstanceOf(Map)
})

it('the broker is read with at most eight requests for each vhost', async () => {
  const [first, second] = [await freshVhost(), await freshVhost()]
  const broker = await testBroker()

  const one = await snapshot(broker, { vhosts: [first], usage: true })
  const both = await snapshot(broker, { vhosts: [first, second], usage: true })

  expect(one.vhosts.map(({ name }) => name)).toEqual([first])
  expect(both.unknown).toEqual([])
  expect(both.requests - one.requests).toBe(8)
})

it('a login without the tag monitoring knows nothing about consumers, and one without policymaker nothing about owners', async () => {
  const vhost = await freshVhost()
  const reader = await freshUser({ tags: 'management', permissions: { [vhost]: NOTHING } })

  const { unknown, owners, vhosts } = await snapshot(reader, {})

  expect(vhosts.map(({ name, consumers }) => [name, consumers])).toEqual([[vhost, undefined]])
  expect(owners).toBeUndefined()
  expect(unknown).toEqual([
    { what: 'users', reason: 'needs-administrator' },
    { what: 'permissions', reason: 'needs-administrator' },
    { what: 'topic-permissions', reason: 'needs-administrator' },
    { what: 'parameters', reason: 'needs-policymaker' },
    { what: 'global-parameters', reason: 'needs-policymaker' },
    { what: 'owners', reason: 'needs-policymaker' },
    { what: 'consumers', reason: 'needs-monitoring' },
    { what: 'clients', reason: 'needs-monitoring' },
  ])
})
