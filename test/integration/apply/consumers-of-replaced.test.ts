import { connect as connectAmqp } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { amqpUrl, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

it('a plan names the consumers of a queue that it replaces, or counts those that the login does not see', async () => {
  const vhost = await freshVhost()
  const { api } = await testBroker()
  const folder = await files({
    'topology.yaml': `warren: 1\nproject: shop\nvhost: ${vhost}\nqueues:\n  q: { type: quorum }\n  idle: { type: quorum }\n`,
  })
  const worker = await freshUser({ permissions: { [vhost]: { configure: '.*', write: '.*', read: '.*' } } })
  const connection = await connectAmqp(await amqpUrl(vhost, worker), {
    clientProperties: { connection_name: 'mailer' },
  })
  onTestFinished(() => connection.close())
  const channel = await connection.createChannel()
  await channel.assertQueue('q', { durable: true })
  await channel.assertQueue('idle', { durable: true })
  await channel.consume('q', () => undefined)
  await channel.consume('q', () => undefined)
  const plan = (login?: { username: string; password: string }) => async () => {
    const url = { WARREN_URL: await managementUrl(login), WARREN_AMQP_URL: await amqpUrl(vhost, login) }
    return (await warren(['plan', '--adopt', '--migrate', `queue:${vhost}/q`], { folder, environment: url })).stdout
  }

  const isListed = async (...path: string[]) => JSON.stringify(await api.get(path)).includes(worker.username)
  await until(() => isListed('connections'), 'the broker to list the connection')
  await until(() => isListed('consumers', vhost), 'the broker to list the consumers')
  const seen = await plan()()
  const product = /Consumers of queues that are replaced.*\n {2}queue:(\S+)\n {6}(.*)\n/.exec(seen)
  expect(product?.[1]).toBe(`${vhost}/q`)
  expect(product?.[2]).toMatch(
    new RegExp(`^user ${worker.username}, client "amqplib [\\d.]+" mailer, from 127\\.0\\.0\\.1:\\d+, 2 consumers$`),
  )
  expect(seen).not.toContain('unknown: too new')

  const blind = await freshUser({
    tags: 'policymaker',
    permissions: { [vhost]: { configure: '.*', write: '.*', read: '.*' } },
  })
  expect(await plan(blind)()).toMatch(/queue:\S+\/q\n {6}2 unknown: too new, or the login has no tag monitoring/)
})
