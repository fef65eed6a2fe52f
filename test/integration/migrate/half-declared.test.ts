import { connect as connectAmqp } from 'amqplib'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { socketOf } from '../../../src/broker/amqp/connections/socket.ts'
import { journalValue, NOTHING_YET } from '../../../src/broker/records/move-journal.ts'
import { journalName } from '../../../src/model/generated-names.ts'
import { holdingQueue } from '../../../src/plan/migration/holding-queue.ts'
import { amqpUrl, freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { answers, halfDeclare } from '../support/half-declared.ts'
import { faultProxy } from '../support/proxies/fault-proxy.ts'
import { recordingProxy } from '../support/proxies/recording-proxy.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'
import { everything, PROJECT, type Shop, shop, workArguments } from './migration.ts'

const MESSAGES = 20
const BOUND = [
  { source: 'events', routingKey: 'order.#', arguments: {} },
  { source: 'orders.failed', routingKey: 'back', arguments: {} },
]

const topology = (vhost: string, type: string) =>
  `warren: 1\nproject: ${PROJECT}\nvhost: ${vhost}\nexchanges:\n  events: { type: topic }\nqueues:\n  orders:\n    type: ${type}\n` +
  `    bindings: [{ exchange: events, routingKey: 'order.#' }]\n    retry: { delays: [1s] }\n    deadLetter: true\n`

/** A migration from classic to quorum that was killed in one of its steps. */
async function killedAt(step: 'check' | 'fill') {
  const place = await shop({ from: 'classic', to: 'quorum' }, onTestFinished)
  const { vhost, channel } = place
  const { api } = await testBroker()
  const folder = await files({ 'before.yaml': topology(vhost, 'classic'), 'after.yaml': topology(vhost, 'quorum') })
  expect(await warren(['apply', '-y', 'before.yaml'], { folder })).toMatchObject({ code: 0 })
  const { name: holding, arguments: table } = holdingQueue({ vhost, name: 'orders' })
  if (step === 'fill') {
    await channel.deleteQueue('orders')
    await channel.assertQueue(holding, { arguments: { ...table, 'x-queue-type': 'quorum' } })
    for (const each of BOUND) await channel.bindQueue(holding, each.source, each.routingKey)
  }
  for (let index = 0; index < MESSAGES; index += 1) {
    const messageId = `waiting-${index}`
    channel.publish('events', 'order.placed', Buffer.from(messageId), { messageId })
    place.published.add(messageId)
  }
  await channel.waitForConfirms()
  const move = { from: 'orders', to: 'orders', holding, step, bindings: BOUND, tally: NOTHING_YET }
  await api.put(['global-parameters', journalName({ project: PROJECT, vhost })], {
    value: journalValue({ project: PROJECT, vhost, moves: [move], exchanges: [] }),
  })
  return { place, api, folder, holding, vhost }
}

async function expectEverything(place: Shop, folder: string): Promise<void> {
  expect(await warren(['plan', '--detailed-exitcode', 'after.yaml'], { folder })).toMatchObject({ code: 0 })
  const ids = new Set(await everything(place, 'orders.dead'))
  expect([...place.published].filter((id) => !ids.has(id))).toEqual([])
}

const migrate = (vhost: string) => ['apply', '-y', '--migrate', `queue:${vhost}/orders`, 'after.yaml']

it('a migration recreates a queue if an earlier run was killed while it declared the queue', async () => {
  const { place, folder, vhost } = await killedAt('fill')
  await halfDeclare(vhost, 'orders', workArguments('quorum', 'orders'))

  const run = await warren(migrate(vhost), { folder })

  expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining(`moved ${MESSAGES} messages`) })
  expect(run.stdout + run.stderr).toContain(`deleting queue:${vhost}/orders: an earlier run was killed while`)
  await expectEverything(place, folder)
})

it('a migration that was killed while it tried the new definition begins again', async () => {
  const { place, folder, vhost, holding } = await killedAt('check')
  await halfDeclare(vhost, holding, workArguments('quorum', 'orders'))

  expect(await warren(migrate(vhost), { folder })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`moved ${MESSAGES} messages`),
  })
  await expectEverything(place, folder)
})

it('a queue that does not answer is kept if it may have worked, and the report names the command that deletes it', async () => {
  const { place, folder, vhost, api } = await killedAt('fill')
  await halfDeclare(vhost, 'orders', workArguments('quorum', 'orders'))
  await api.post(['bindings', vhost, 'e', 'events', 'q', 'orders'], { routing_key: 'order.#' })

  const stopped = await warren(migrate(vhost), { folder })

  expect(stopped.code).toBe(7)
  expect(stopped.stdout).toMatch(/orders was being declared when an earlier run was killed, and does not answer/)
  expect(stopped.stdout).toContain('it has 1 binding,')
  expect(stopped.stdout).toContain(`rabbitmqctl delete_queue -p ${vhost} orders`)
  expect(await api.get(['queues', vhost, 'orders'])).toBeDefined()

  await api.delete(['queues', vhost, 'orders'])
  expect(await warren(migrate(vhost), { folder })).toMatchObject({ code: 0 })
  await expectEverything(place, folder)
})

it('quorum queues are declared and deleted over AMQP, and classic queues over the API', async () => {
  const vhost = await freshVhost()
  const head = `warren: 1\nproject: many\nvhost: ${vhost}\nqueues:\n  kept: { type: classic }\n`
  const folder = await files({ 'both.yaml': `${head}  work: { type: quorum }\n`, 'one.yaml': head })
  const sent: string[] = []
  await using proxy = await faultProxy((_count, { method, path }) => {
    if (method !== 'GET' && path.startsWith('/api/queues/')) sent.push(`${method} ${path}`)
    return undefined
  })
  const options = { folder, environment: { WARREN_URL: proxy.url } }

  expect(await warren(['apply', '-y', 'both.yaml'], options)).toMatchObject({ code: 0 })
  expect(await answers(vhost, 'work')).toBe(true)
  expect(await warren(['apply', '-y', '--prune', 'one.yaml'], options)).toMatchObject({ code: 0 })

  const { api } = await testBroker()
  expect(await api.get(['queues', vhost, 'work'])).toBeUndefined()
  expect(sent).toEqual([`PUT /api/queues/${vhost}/kept`])
})

it('quorum queues are declared over AMQP in a vhost that the same run creates', async () => {
  const vhost = freshName('vhost')
  const { api } = await testBroker()
  onTestFinished(() => api.delete(['vhosts', vhost]))
  const text = `warren: 1\nproject: new\nvhost: ${vhost}\nqueues:\n  work: { type: quorum }\n`
  const folder = await files({ 'new.yaml': text })
  await using proxy = await recordingProxy()
  const environment = { WARREN_URL: proxy.url }

  expect(await warren(['apply', '-y', 'new.yaml'], { folder, environment })).toMatchObject({ code: 0 })

  expect(await answers(vhost, 'work')).toBe(true)
  expect(proxy.writes().filter(({ path }) => path.startsWith('/api/queues/'))).toEqual([])
})

it.each(['assertQueue', 'deleteQueue'] as const)(
  'the broker finishes the %s of a quorum queue whose AMQP connection is lost meanwhile',
  async (method) => {
    const vhost = await freshVhost()
    const { api } = await testBroker()
    const table = { 'x-queue-type': 'quorum' }
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const name = `work-${attempt}`
      if (method === 'deleteQueue') await api.put(['queues', vhost, name], { durable: true, arguments: table })
      const connection = await connectAmqp(await amqpUrl(vhost))
      connection.on('error', () => undefined)
      const channel = await connection.createChannel()
      channel.on('error', () => undefined)
      const asked =
        method === 'assertQueue' ? channel.assertQueue(name, { arguments: table }) : channel.deleteQueue(name)
      asked.catch(() => undefined)
      await sleep(attempt)
      socketOf(connection)?.destroy()
    }
    const listed = async () => ((await api.get<{ name: string }[]>(['queues', vhost])) ?? []).map(({ name }) => name)
    if (method === 'deleteQueue') await until(async () => (await listed()).length === 0, 'the queues to be deleted')
    const silent: string[] = []
    for (const name of await listed()) if (!(await answers(vhost, name))) silent.push(name)
    expect(silent).toEqual([])
  },
)
