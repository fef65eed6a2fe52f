import { connect as connectAmqp } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { policy, queue, topology, vhost } from '../../builders/objects.ts'
import { amqpUrl, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { converge, withClient } from '../support/converge.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

/** Messages that a queue keeps because no queue accepts its dead letters. */
const KEEPING = {
  'message-ttl': 1,
  'dead-letter-exchange': 'nowhere',
  'dead-letter-strategy': 'at-least-once',
  overflow: 'reject-publish',
}

it.each([{ overflow: 'drop-head' }, { 'dead-letter-strategy': 'at-most-once' }])(
  'reports that a policy with %j makes the broker drop the dead letters that it holds (pitfall 63)',
  async (change) => {
    const name = await freshVhost()
    const { api } = await testBroker()
    const withPolicy = (definition: object) =>
      topology({
        vhosts: [vhost(name)],
        queues: [queue('work', { vhost: name, type: 'quorum' })],
        policies: [policy('letters', { vhost: name, applyTo: 'queues', definition: { ...definition } })],
      })
    const messages = async () => (await api.get<{ messages?: number }>(['queues', name, 'work']))?.messages ?? -1
    const connection = await connectAmqp(await amqpUrl(name))
    onTestFinished(() => connection.close())
    const channel = await connection.createConfirmChannel()

    await withClient(async (client) => {
      const { plan } = await converge(client, withPolicy(KEEPING))
      expect(plan.notes).toEqual([])
      for (let n = 0; n < 5; n++) channel.sendToQueue('work', Buffer.from('1'))
      await channel.waitForConfirms()
      await until(async () => (await messages()) === 5, 'the broker to report the messages')
      // They expired long ago, and the queue still holds them.
      expect((await channel.checkQueue('work')).messageCount).toBe(0)

      const { plan: edit } = await converge(client, withPolicy({ ...KEEPING, ...change }))
      const at = encodeURIComponent(name)
      expect(edit.notes).toEqual([
        { note: 'dead-letters-dropped', policy: `policy:${at}/letters`, addresses: [`queue:${at}/work`] },
      ])
      await until(async () => (await messages()) === 0, 'the broker to delete them')
    })
  },
)

it('names the queue that holds dead letters because nothing is bound to their exchange', async () => {
  const name = await freshVhost()
  const head = `warren: 1\nproject: shop\nvhost: ${name}\n`
  const letters =
    'x-message-ttl: 1, x-overflow: reject-publish, x-dead-letter-exchange: dead, x-dead-letter-strategy: at-least-once'
  const declared = `exchanges:\n  dead: { type: fanout }\nqueues:\n  work: { type: quorum, arguments: { ${letters} } }\n`
  const folder = await files({ 'topology.yaml': head + declared })
  expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
  const connection = await connectAmqp(await amqpUrl(name))
  onTestFinished(() => connection.close())
  const channel = await connection.createConfirmChannel()
  for (let n = 0; n < 5; n++) channel.sendToQueue('work', Buffer.from('1'))
  await channel.waitForConfirms()
  const { api } = await testBroker()
  const held = async () => (await api.get<{ messages_dlx?: number }>(['queues', name, 'work']))?.messages_dlx
  await until(async () => (await held()) === 5, 'the statistics of what is held')

  expect(await warren(['plan', '--detailed-exitcode'], { folder })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`queue:${encodeURIComponent(name)}/work holds 5 dead letters`),
  })
})
