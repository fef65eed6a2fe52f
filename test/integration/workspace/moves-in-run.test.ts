import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { recordName } from '../../../src/model/generated-names.ts'
import { amqpUrl, freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { recordingProxy } from '../support/proxies/recording-proxy.ts'
import { warren } from '../support/warren-in-process.ts'

/** Objects of most of the kinds that warren records. */
const movable = (user: string) =>
  [
    'exchanges: { events: { type: topic } }',
    'queues: { bills: { type: classic, protect: true, bindings: [{ exchange: events, routingKey: "bill.#" }] } }',
    'policies: { limit: { pattern: "^bills$", applyTo: queues, definition: { max-length: 1000 } } }',
    `users: { ${user}: { permissions: { read: ".*" } } }`,
    '',
  ].join('\n')

/** A repository of two projects in one vhost, and a program that consumes from the moved queue. */
async function repository() {
  const vhost = await freshVhost()
  const { api } = await testBroker()
  const user = freshName('user')
  const [billing, shop] = [freshName('billing'), freshName('shop')]
  onTestFinished(async () => {
    await api.delete(['users', user])
  })
  const proxy = await recordingProxy()
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  const folder = await files({
    '.git/HEAD': '',
    'warren.config.yaml': `warrenConfig: 1
projects: { ${billing}: { paths: [billing.yaml] }, ${shop}: { paths: [shop.yaml] } }
environments: { one: { url: "\${env:ONE}" } }
`,
  })
  const declare = async (bodies: { readonly billing: string; readonly shop: string }) => {
    const names = { billing, shop }
    for (const each of ['billing', 'shop'] as const) {
      const text = `warren: 1\nproject: ${names[each]}\nvhost: ${vhost}\n${bodies[each]}`
      await writeFile(join(folder, `${each}.yaml`), text)
    }
  }
  const run = (...args: readonly string[]) =>
    warren([...args, '--environment', 'one'], { folder, environment: { ONE: proxy.url } })
  const ownedBy = async (project: string) => {
    const record = await api.get<{ value: { owned: string[] } }>(['global-parameters', recordName({ project, vhost })])
    return record?.value.owned.length
  }
  return { api, vhost, user, billing, shop, proxy, declare, run, ownedBy }
}

async function consume(vhost: string, queue: string) {
  const connection = await connect(await amqpUrl(vhost))
  onTestFinished(() => connection.close())
  const channel = await connection.createChannel()
  let isCancelled = false
  await channel.consume(queue, (message) => (isCancelled ||= message === null))
  return { isCancelled: () => isCancelled, check: () => channel.checkQueue(queue) }
}

it('objects that move to another project of the run are handed over by writes to ownership records alone', async () => {
  const { vhost, user, billing, shop, proxy, declare, run, ownedBy } = await repository()
  const plain = (name: string) => `exchanges: { ${name}: { type: topic } }\n`
  await declare({ billing: movable(user), shop: plain('shops') })
  expect(await run('apply', '-y')).toMatchObject({ code: 0 })
  const owned = await ownedBy(billing)
  const consumer = await consume(vhost, 'bills')

  await declare({ billing: plain('shops'), shop: movable(user) })
  const before = proxy.writes().length
  expect(await run('plan', '--prune', '--detailed-exitcode')).toMatchObject({
    code: 2,
    stdout: expect.stringContaining(`taken over from ${billing}`),
  })
  expect(await run('apply', '-y', '--prune')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`Taken over ${owned} from ${billing}`),
  })

  const writes = proxy.writes().slice(before)
  expect(writes.length).toBeGreaterThan(0)
  expect(writes.filter(({ path }) => !path.startsWith('/api/global-parameters/warren.owner.'))).toEqual([])
  expect(consumer.isCancelled()).toBe(false)
  expect(await consumer.check()).toMatchObject({ consumerCount: 1 })
  expect([await ownedBy(billing), await ownedBy(shop)]).toEqual([1, owned])
  expect(await run('plan', '--prune', '--detailed-exitcode')).toMatchObject({ code: 0 })
})

it('two projects of a run may take over from each other, with `takesOver` and without', async () => {
  const { vhost, billing, shop, declare, run, ownedBy } = await repository()
  const queue = (name: string) => `queues: { ${name}: { type: classic } }\n`
  await declare({ billing: queue('bills'), shop: queue('orders') })
  expect(await run('apply', '-y')).toMatchObject({ code: 0 })
  const consumer = await consume(vhost, 'bills')

  await declare({ billing: queue('orders'), shop: `takesOver: [${billing}]\n${queue('bills')}` })
  expect(await run('apply', '-y', '--prune')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      new RegExp(
        `Taken over 1 from ${billing}[^]*Taken over 1 from ${shop}|Taken over 1 from ${shop}[^]*Taken over 1 from ${billing}`,
      ),
    ),
  })

  expect(consumer.isCancelled()).toBe(false)
  expect(await consumer.check()).toMatchObject({ consumerCount: 1 })
  expect([await ownedBy(billing), await ownedBy(shop)]).toEqual([1, 1])
  expect(await run('plan', '--prune', '--detailed-exitcode')).toMatchObject({ code: 0 })
})
