import { writeFile } from 'node:fs/promises'
import { connect as connectAmqp } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { amqpUrl, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

const KEYS = ['null', 'undefined', '.', '..', '~', 'a~', '', '%6Eull', 'a/b', 'k']
const TABLES = ['', ', arguments: { x-match: any, pages: 3 }']

/** A topic and a headers exchange bound with all keys, with and without arguments, to a queue and to an exchange. */
function topologyOf(vhost: string, type: string, bound = true): string {
  const bindings = (exchange: string) =>
    KEYS.flatMap((key) =>
      TABLES.map((table) => `      - { exchange: ${exchange}, routingKey: ${JSON.stringify(key)}${table} }`),
    )
  return [
    `warren: 1\nproject: shop\nvhost: ${vhost}\nexchanges:`,
    '  topics: { type: topic }',
    '  heads: { type: headers }',
    bound ? `  sub:\n    bindings:\n${bindings('topics').join('\n')}` : '  sub: {}',
    `queues:\n  q:\n    type: ${type}`,
    ...(bound ? [`    bindings:\n${[...bindings('topics'), ...bindings('heads')].join('\n')}`] : []),
    '',
  ].join('\n')
}

async function arranged() {
  const vhost = await freshVhost()
  const { api } = await testBroker()
  const folder = await files({ 'topology.yaml': topologyOf(vhost, 'classic') })
  const run = (...args: string[]) => warren(args, { folder })
  const count = async () =>
    (await api.get<{ source: string }[]>(['bindings', vhost]))?.filter(({ source }) => source !== '').length
  expect(await run('apply', '-y')).toMatchObject({ code: 0 })
  return { vhost, folder, run, count, all: KEYS.length * TABLES.length * 3 }
}

it('bindings with awkward keys are created, and pruned', async () => {
  const { vhost, folder, run, count, all } = await arranged()
  expect(await count()).toBe(all)
  expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })

  await writeFile(`${folder}/topology.yaml`, topologyOf(vhost, 'classic', false))
  expect(await run('apply', '-y', '--prune', '--max-deletes', '100%')).toMatchObject({ code: 0 })
  expect(await count()).toBe(0)
})

it.each([
  ['replaced', '--allow', 'replace=queue:VHOST/q'],
  ['migrated', '--migrate', 'queue:VHOST/q'],
])('bindings with awkward keys survive a queue that is %s, and a destroy', async (_how, option, value) => {
  const { vhost, folder, run, count, all } = await arranged()
  await writeFile(`${folder}/topology.yaml`, topologyOf(vhost, 'quorum'))

  expect(await run('apply', '-y', option, value.replace('VHOST', vhost))).toMatchObject({ code: 0 })
  expect(await count()).toBe(all)
  expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  expect(await run('destroy', '--confirm', 'shop')).toMatchObject({ code: 0 })
  expect(await count()).toBe(0)
})

it('a binding that makes the broker answer 500 is refused, and one that exists is explained', async () => {
  const vhost = await freshVhost()
  const text = (routingKey: string) =>
    `warren: 1\nproject: shop\nvhost: ${vhost}\nqueues:\n  q: { type: classic, bindings: [{ exchange: amq.headers, routingKey: ${routingKey}, arguments: { pages: 3 } }] }\n`
  const folder = await files({ 'topology.yaml': text('a~b') })
  expect(await warren(['validate'], { folder })).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('makes RabbitMQ answer 500 to every later list of bindings'),
  })

  const connection = await connectAmqp(await amqpUrl(vhost))
  onTestFinished(() => connection.close())
  const channel = await connection.createChannel()
  await channel.assertQueue('q', { durable: true })
  await channel.bindQueue('q', 'amq.headers', 'a~b', { pages: 3 })
  await writeFile(`${folder}/topology.yaml`, text('k'))
  const plan = (...args: string[]) => warren(['plan', '--retries', '0', ...args], { folder })
  expect(await plan()).toMatchObject({ code: 6, stderr: expect.stringContaining(`list_bindings -p ${vhost}`) })

  await channel.unbindQueue('q', 'amq.headers', 'a~b', { pages: 3 })
  expect(await plan()).toMatchObject({ code: 0 })
})
