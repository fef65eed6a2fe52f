import { connect as connectAmqp } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { amqpUrl, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

it('names the consumers of queues to be migrated, replaced or renamed, or counts those that the login does not see', async () => {
  const vhost = await freshVhost()
  const { api } = await testBroker()
  const folder = await files({
    'topology.yaml': `warren: 1
project: shop
vhost: ${vhost}
queues:
  q: { type: quorum }
  idle: { type: quorum }
  replaced: { type: quorum }
  new: { type: classic, renamedFrom: old }
`,
  })
  const worker = await freshUser({ permissions: { [vhost]: { configure: '.*', write: '.*', read: '.*' } } })
  const connection = await connectAmqp(await amqpUrl(vhost, worker), {
    clientProperties: { connection_name: 'mailer' },
  })
  onTestFinished(() => connection.close())
  const channel = await connection.createChannel()
  for (const name of ['q', 'idle', 'replaced', 'old']) await channel.assertQueue(name, { durable: true })
  for (const name of ['q', 'q', 'replaced', 'old']) await channel.consume(name, () => undefined)
  const plan = (login?: { username: string; password: string }) => async () => {
    const url = { WARREN_URL: await managementUrl(login), WARREN_AMQP_URL: await amqpUrl(vhost, login) }
    const choices = ['--migrate', `queue:${vhost}/q`, '--allow', `replace=queue:${vhost}/replaced`]
    return (await warren(['plan', '--adopt', ...choices], { folder, environment: url })).stdout
  }

  const isListed = async (...path: string[]) => JSON.stringify(await api.get(path)).includes(worker.username)
  await until(() => isListed('connections'), 'the broker to list the connection')
  await until(() => isListed('consumers', vhost), 'the broker to list the consumers')
  const seen = await plan()()
  const list = /Consumers of queues that are replaced.*\n((?: {2}.*\n)+)/.exec(seen)?.[1] ?? ''
  const client = `user ${worker.username}, client "amqplib VERSION" mailer, from 127.0.0.1:PORT`
  expect(list.replace(/amqplib [\d.]+/g, 'amqplib VERSION').replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')).toBe(
    [
      `  queue:${vhost}/old`,
      `      ${client}`,
      `  queue:${vhost}/q`,
      `      ${client}, 2 consumers`,
      `  queue:${vhost}/replaced`,
      `      ${client}`,
      '',
    ].join('\n'),
  )
  expect(seen).not.toContain('unknown: too new')

  const blind = await freshUser({
    tags: 'policymaker',
    permissions: { [vhost]: { configure: '.*', write: '.*', read: '.*' } },
  })
  expect(await plan(blind)()).toMatch(/queue:\S+\/q\n {6}2 unknown: too new, or the login has no tag monitoring/)
})
