import { writeFile } from 'node:fs/promises'
import { connect } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { amqpUrl, freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { recordingProxy } from '../support/proxies/recording-proxy.ts'
import { warren } from '../support/warren-in-process.ts'
import { recordName } from '../../../src/model/generated-names.ts'

const head = (project: string, vhost: string, more = '') => `warren: 1\nproject: ${project}\nvhost: ${vhost}\n${more}`
const all = (user: string) =>
  [
    'exchanges:\n  events: { type: topic }',
    'queues:\n  bills: { type: classic, protect: true, bindings: [{ exchange: events, routingKey: "bill.#" }] }',
    'policies:\n  limit: { pattern: "^bills$", applyTo: queues, definition: { max-length: 1000 } }',
    'operatorPolicies:\n  most: { pattern: "^bills$", applyTo: queues, definition: { max-length: 5000 } }',
    `users:\n  ${user}: { permissions: { read: ".*" }, topicPermissions: { events: { read: "bill.*" } } }`,
    `globalParameters:\n  ${user}: { a: 1 }`,
    'parameters:\n  operator_policy_like: {}\n',
  ]
    .slice(0, -1)
    .join('\n')

async function place() {
  const vhost = await freshVhost()
  const { api } = await testBroker()
  const user = freshName('user')
  const [billing, shop, sales] = ['billing', 'shop', 'sales'].map((each) => freshName(each)) as [string, string, string]
  onTestFinished(async () => {
    await api.delete(['users', user])
    await api.delete(['global-parameters', user])
  })
  const folder = await files({
    'billing.yaml': `${head(billing, vhost)}${all(user)}\n`,
    'less.yaml': `${head(billing, vhost)}exchanges:\n  left: { type: topic }\n`,
    'shop.yaml': `${head(shop, vhost, `takesOver: [${billing}]\n`)}${all(user)}\n`,
    'plain.yaml': `${head(shop, vhost)}${all(user)}\n`,
    'renamed.yaml': `${head(sales, vhost, `projectRenamedFrom: ${billing}\n`)}exchanges:\n  left: { type: topic }\n`,
  })
  const recordOf = async (project: string) =>
    (await api.get<{ value: Record<string, unknown> }>(['global-parameters', recordName({ project, vhost })]))?.value
  return { vhost, api, folder, recordOf, billing, shop, sales }
}

describe('takesOver', () => {
  it('hands over objects of every kind by writing only ownership records', async () => {
    const { vhost, folder, recordOf, billing, shop } = await place()
    expect(await warren(['apply', '-y', 'billing.yaml'], { folder })).toMatchObject({ code: 0 })
    const before = await recordOf(billing)
    expect(before).toMatchObject({ owned: { length: 9 }, protected: [`queue:${vhost}/bills`] })
    const connection = await connect(await amqpUrl(vhost))
    onTestFinished(() => connection.close())
    const channel = await connection.createChannel()
    let cancelled = false
    await channel.consume('bills', (message) => (cancelled ||= message === null))
    await using proxy = await recordingProxy()
    const environment = { WARREN_URL: proxy.url }

    expect(await warren(['plan', 'plain.yaml'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining(`takesOver: ["${billing}"]`),
    })
    expect(await warren(['plan', '--detailed-exitcode', 'shop.yaml'], { folder })).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(
        new RegExp(`9 objects taken over from ${billing}\\n[^]*9 to take over, 10 unchanged`),
      ),
    })
    expect(await warren(['apply', '-y', 'shop.yaml'], { folder, environment })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Taken over 9 from ${billing}`),
    })

    expect(proxy.writes().every(({ path }) => path.startsWith('/api/global-parameters/warren.owner.'))).toBe(true)
    expect(await recordOf(shop)).toMatchObject({
      owned: before?.['owned'],
      protected: before?.['protected'],
      taken: [],
    })
    expect(await recordOf(billing)).toBeUndefined()
    expect(cancelled).toBe(false)
    expect(await channel.checkQueue('bills')).toMatchObject({ consumerCount: 1 })

    const writes = proxy.writes().length
    expect(await warren(['apply', '-y', 'shop.yaml'], { folder, environment })).toMatchObject({ code: 0 })
    expect(proxy.writes()).toHaveLength(writes)
    expect(await warren(['plan', 'billing.yaml'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining(`the project ${shop} owns it`),
    })
    expect(await warren(['apply', '-y', '--prune', 'less.yaml'], { folder })).toMatchObject({ code: 0 })
    expect(await warren(['plan', '--detailed-exitcode', 'plain.yaml'], { folder })).toMatchObject({ code: 0 })
  })

  it('is blocked while another apply of the former owner runs, and says so', async () => {
    const { vhost, folder, recordOf, billing, shop } = await place()
    expect(await warren(['apply', '-y', 'billing.yaml'], { folder })).toMatchObject({ code: 0 })
    const connection = await connect(await amqpUrl(vhost))
    onTestFinished(() => connection.close())
    const channel = await connection.createChannel()
    await channel.assertQueue(`warren.lock.${billing}`, { exclusive: true, durable: false })

    expect(await warren(['apply', '-y', 'shop.yaml'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining(`another apply of the project "${billing}" is under way`),
    })
    expect(await recordOf(shop)).toBeUndefined()
  })

  it('is carried out by a saved plan, unless the former owner has lost the objects meanwhile', async () => {
    const { vhost, api, folder, recordOf, billing, shop } = await place()
    expect(await warren(['apply', '-y', 'billing.yaml'], { folder })).toMatchObject({ code: 0 })
    expect(await warren(['plan', '--out', 'plan.json', 'shop.yaml'], { folder })).toMatchObject({ code: 0 })
    const name = recordName({ project: billing, vhost })
    const saved = await recordOf(billing)
    await api.delete(['global-parameters', name])

    expect(await warren(['apply', 'plan.json'], { folder })).toMatchObject({ code: 5 })
    await api.put(['global-parameters', name], { value: saved })
    expect(await warren(['apply', 'plan.json'], { folder })).toMatchObject({ code: 0 })
    expect(await recordOf(billing)).toBeUndefined()
    expect(await recordOf(shop)).toMatchObject({ owned: { length: 9 }, taken: [] })
  })

  it('is finished by the next apply of either project after a killed run', async () => {
    const { vhost, api, folder, recordOf, billing, shop } = await place()
    expect(await warren(['apply', '-y', 'billing.yaml'], { folder })).toMatchObject({ code: 0 })
    const theirs = await recordOf(billing)
    const addresses = theirs?.['owned'] as string[]
    const ours = { ...theirs, project: shop, taken: [{ from: billing, addresses }] }
    await api.put(['global-parameters', recordName({ project: shop, vhost })], { value: ours })

    expect(await warren(['plan', 'billing.yaml'], { folder })).toMatchObject({ code: 4 })
    expect(await warren(['plan', '--prune', 'less.yaml'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/9 objects is not finished[^]*1 to create, 9 to finish handing over/),
    })
    expect(await warren(['apply', '-y', '--prune', 'less.yaml'], { folder })).toMatchObject({ code: 0 })
    expect(await recordOf(billing)).toMatchObject({ owned: [`exchange:${vhost}/left`] })
    expect(await recordOf(shop)).toMatchObject({ owned: { length: 9 }, taken: [] })
    expect(await warren(['plan', '--detailed-exitcode', 'plain.yaml'], { folder })).toMatchObject({ code: 0 })
  })
})

describe('projectRenamedFrom', () => {
  it('moves the whole record, with undeclared and protected objects', async () => {
    const { vhost, folder, recordOf, billing, sales } = await place()
    expect(await warren(['apply', '-y', 'billing.yaml'], { folder })).toMatchObject({ code: 0 })

    expect(await warren(['apply', '-y', 'renamed.yaml'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Taken over 9 from ${billing}`),
    })
    expect(await recordOf(billing)).toBeUndefined()
    expect(await recordOf(sales)).toMatchObject({
      owned: { length: 10 },
      protected: [`queue:${vhost}/bills`],
      taken: [],
    })
    expect(await warren(['plan', '--detailed-exitcode', 'renamed.yaml'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no longer declared'),
    })
    await writeFile(`${folder}/renamed.yaml`, head(sales, vhost, 'exchanges:\n  left: { type: topic }\n'))
    expect(await warren(['plan', '--prune', 'renamed.yaml'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('it is protected'),
    })
  })
})
