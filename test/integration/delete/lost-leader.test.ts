import { connect } from 'amqplib'
import { beforeAll, expect, it } from 'vitest'
import { countQueues } from '../../../src/apply/counting/count-queues.ts'
import { deleteIfUnchanged } from '../../../src/apply/delete/delete-if-unchanged.ts'
import { deleteEmptyQueue } from '../../../src/apply/migrate/one-queue.ts'
import { countReady } from '../../../src/broker/amqp/count-ready.ts'
import { address, canonicalJson } from '../../../src/model/address.ts'
import { SecretRegistry } from '../../../src/model/secrets/secret-registry.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { doctor } from '../../../src/operations/operate/doctor.ts'
import { observeChanges } from '../../../src/operations/operate/observe-changes.ts'
import { queue } from '../../builders/objects.ts'
import { type Cluster, startCluster } from '../support/brokers/cluster.ts'
import { until } from '../support/until.ts'

const START = 300_000
const WORK = queue('work', { vhost: '/', type: 'quorum' })
const NOTHING = { messages: 0, consumers: 0, bindings: [], undeclaredBindings: 0 }
/** How long the broker may take to answer, in milliseconds. */
const TIMEOUT = 3_000

const LOST = 'only 1 of its 3 members are online, which is not a majority'

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster(['rabbitmq_event_exchange'])
  // The leader is on the node on which the queue is declared.
  const declared = [
    { node: 2, name: 'work', messages: 0 },
    { node: 2, name: 'single', messages: 0, arguments: { 'x-single-active-consumer': true } },
    { node: 2, name: 'empty', messages: 0 },
    { node: 0, name: 'here', messages: 1 },
    ...['more', 'most'].map((name) => ({ node: 2, name, messages: 0, arguments: {} })),
  ]
  for (const { node, name, messages, arguments: table } of declared) {
    const connection = await connect(cluster.amqpUrl(node))
    const channel = await connection.createChannel()
    const common = { 'x-queue-type': 'quorum', 'x-queue-leader-locator': 'client-local' }
    await channel.assertQueue(name, { arguments: { ...common, ...table } })
    await connection.close()
    await publish(node, name, messages)
  }
}, START)

async function publish(node: number, name: string, messages: number): Promise<void> {
  const connection = await connect(cluster.amqpUrl(node))
  const channel = await connection.createConfirmChannel()
  for (let index = 0; index < messages; index += 1) channel.sendToQueue(name, Buffer.from('message'))
  await channel.waitForConfirms()
  await connection.close()
}

/** The findings of a check of the doctor. */
async function foundBy(check: string) {
  const { username: user, password } = cluster.login
  const { checks } = await doctor({ connection: { url: cluster.client(0).url, user, password: new Secret(password) } })
  return checks.find((each) => each.check === check)?.symptoms ?? []
}

it(
  'the doctor finds leaders on one node, and no critical node while all run',
  async () => {
    expect(await foundBy('unbalanced-leaders')).toMatchObject([{ numbers: { leaders: 5, total: 6, nodes: 3 } }])
    expect(await foundBy('critical-node')).toEqual([])
  },
  START,
)

it(
  'the drift service learns from the event exchange who deleted a queue, and with it its bindings',
  async () => {
    const warnings: string[] = []
    const user = cluster.login.username
    const password = new Secret(cluster.login.password)
    const changes = observeChanges(
      // The nodes are on different ports of one host.
      { connection: { url: cluster.client(0).url, user, password }, amqp: cluster.amqp(0, START).target },
      {
        vhost: '/',
        secrets: new SecretRegistry(),
        clock: { now: () => Date.now(), random: () => 0 },
        onWarning: (text) => warnings.push(text),
      },
    )
    const own = await connect(cluster.amqpUrl(0))
    const channel = await own.createChannel()
    const isObserved = async () => {
      changes.begin()
      await channel.assertQueue('bills', { arguments: { 'x-queue-type': 'classic' } })
      await channel.bindQueue('bills', 'amq.headers', '', { 'x-match': 'all', number: 1 })
      await channel.deleteQueue('bills')
      return (await changes.of(['queue:%2F/bills'], undefined)).size > 0
    }
    await until(isObserved, 'the event exchange')
    await own.close()

    const table = canonicalJson({ 'x-match': 'all', number: 1 })
    const binding = address('binding', '/', 'amq.headers', 'queue', 'bills', '', table)
    const change = { changedBy: user, changedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string }
    expect(await changes.of([binding], undefined)).toEqual(new Map([[binding, change]]))
    await changes.end()
    expect(warnings).toEqual([])
  },
  START,
)

it(
  'deletes no quorum queue with a suspended leader, although the broker reports that it is empty',
  async () => {
    const client = cluster.client(0)
    const amqp = cluster.amqp(0, TIMEOUT)
    const patient = cluster.amqp(0, START)
    // A connection that was already open.
    await countReady(amqp, '/', 'empty')
    await publish(2, 'single', 1)
    await publish(2, 'work', 5)

    await cluster.suspended(2, async () => {
      expect(await countReady(amqp, '/', 'work')).toEqual({ messages: 0, consumers: 0 })
      const refused = { message: expect.stringContaining('checking whether queue:%2F/work is empty failed') }
      const single = { message: expect.stringContaining('checking whether queue:%2F/single is empty failed') }
      await Promise.all([
        expect(deleteIfUnchanged(client, amqp, WORK, NOTHING)).rejects.toMatchObject(refused),
        expect(deleteEmptyQueue(client, amqp, WORK)).rejects.toMatchObject(refused),
        expect(deleteIfUnchanged(client, amqp, { ...WORK, name: 'single' }, NOTHING)).rejects.toMatchObject(single),
      ])
    })

    const ready = async () => {
      const [work, one] = await Promise.all(['work', 'single'].map((name) => countReady(patient, '/', name)))
      return JSON.stringify([work, one]) === JSON.stringify([MESSAGES(5), MESSAGES(1)])
    }
    await until(ready, 'the messages to be seen again, those included that were got too late')
    const empty = (name: string) => ({ ...WORK, name })
    expect(await deleteIfUnchanged(client, patient, empty('empty'), NOTHING)).toBeUndefined()
    expect(await countReady(patient, '/', 'empty')).toBe('missing')
  },
  START,
)

const MESSAGES = (messages: number) => ({ messages, consumers: 0 })

it(
  'deletes no quorum queue that has lost its majority, regardless of the allowed addresses',
  async () => {
    const client = cluster.client(0)
    const amqp = cluster.amqp(0, START)
    await publishPersistent(1)
    await cluster.control(1, 'stop_app')
    expect((await foundBy('critical-node')).map(({ numbers }) => numbers)).toEqual([{ queues: 5 }, { queues: 5 }])
    await cluster.control(2, 'stop_app')

    const names = ['work', 'here', 'missing']
    const counts = await countQueues({ amqp, client, vhost: '/', names })
    expect([...counts.keys()].toSorted()).toEqual(['here', 'work'])
    expect(counts.get('here')).toMatchObject({ uncounted: expect.stringContaining(LOST) })
    // Its leader was on a stopped node, so the API may not even list it.
    expect(counts.get('work')).toMatchObject({ uncounted: expect.any(String) })
    const all = { ...NOTHING, messages: 5 }
    await expect(deleteIfUnchanged(client, amqp, { ...WORK, name: 'here' }, all)).rejects.toThrow(LOST)
    await expect(deleteIfUnchanged(client, amqp, WORK, all)).rejects.toThrow('queue:%2F/work')

    // The doctor sees the same.
    expect(await foundBy('node-down')).toHaveLength(2)
    expect((await foundBy('quorum-majority')).map((each) => each.address)).toContain('queue:%2F/here')

    await Promise.all([1, 2].map((node) => cluster.control(node, 'start_app')))
    await until(async () => {
      const ready = await countReady(amqp, '/', 'work').catch(() => 'missing' as const)
      return ready !== 'missing' && ready.messages === 5
    }, 'the messages to be seen again')
    // The rule persistent-into-transient of lint.
    expect(await countReady(amqp, '/', 'durable')).toMatchObject({ messages: 1 })
    expect(await countReady(amqp, '/', 'transient')).toBe('missing')
  },
  START,
)

/** Publishes a persistent message to a durable and to a transient queue of a node. */
async function publishPersistent(node: number): Promise<void> {
  const connection = await connect(cluster.amqpUrl(node))
  const channel = await connection.createConfirmChannel()
  for (const name of ['durable', 'transient']) {
    await channel.assertQueue(name, { durable: name === 'durable', arguments: { 'x-queue-type': 'classic' } })
    channel.sendToQueue(name, Buffer.from('message'), { persistent: true })
  }
  await channel.waitForConfirms()
  await connection.close()
}

// The rule guest-user of lint. A login from another machine needs a network, so the test asks the broker for its
// decision.
it('accepts a user in loopback_users, such as guest, from localhost only', async () => {
  const answers = [
    ['guest', '{127,0,0,1}'],
    ['guest', '{192,0,2,1}'],
    ['other', '{192,0,2,1}'],
  ].map(([user, address]) => `rabbit_access_control:check_user_loopback(<<"${user}">>, ${address})`)

  const { stdout } = (await cluster.control(0, 'eval', `[${answers.join(', ')}].`)) as { stdout: string }
  expect(stdout.trim()).toBe('[ok,not_allowed,ok]')
})
