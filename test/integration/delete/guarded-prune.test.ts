import { writeFile } from 'node:fs/promises'
import { connect } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { amqpUrl, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { noLongerDeclared } from './no-longer-declared.ts'
import { warren } from '../support/warren-in-process.ts'

const NO_AMQP = ['--amqp-url', 'amqp://127.0.0.1:1']

/** A virtual host in which a project owned the declared objects and no longer declares them. */
async function place(declared: string, kept?: string) {
  const { vhost, folder, api } = await noLongerDeclared(declared, kept)
  const publish = (queue: string) =>
    api.post(['exchanges', vhost, 'amq.default', 'publish'], {
      properties: { delivery_mode: 2 },
      routing_key: queue,
      payload: 'one',
      payload_encoding: 'string',
    })
  const bindings = async (queue: string) =>
    ((await api.get<{ source: string; routing_key: string }[]>(['queues', vhost, queue, 'bindings'])) ?? [])
      .filter(({ source }) => source !== '')
      .map(({ source, routing_key: key }) => `${source} ${key}`)
  return { vhost, folder, api, publish, bindings }
}

const bound = (type: string) =>
  `exchanges:\n  events: { type: topic }\nqueues:\n  old: { type: ${type}, bindings: [{ exchange: events, routingKey: k }] }\n`

describe('a queue that a saved plan deletes', () => {
  it.each(['classic', 'quorum', 'stream'])(
    'is not deleted if one message has arrived in the meantime: %s',
    async (type) => {
      const { vhost, folder, api, publish, bindings } = await place(bound(type))
      expect(await warren(['plan', '--prune', '--out', 'plan.json'], { folder })).toMatchObject({ code: 0 })
      await publish('old')

      expect(await warren(['apply', 'plan.json'], { folder })).toMatchObject({
        code: 5,
        stdout: expect.stringContaining('it has 1 message, and the plan named 0'),
      })
      expect(await api.get(['queues', vhost, 'old'])).toMatchObject({ name: 'old' })
      expect(await bindings('old')).toEqual(['events k'])

      expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({
        code: 4,
        stdout: expect.stringContaining('deleting it would lose 1 message'),
      })
      const allowed = ['--allow', `delete=queue:${vhost}/old`]
      expect(await warren(['apply', '-y', '--prune', ...allowed], { folder })).toMatchObject({ code: 0 })
      expect(await api.get(['queues', vhost, 'old'])).toBeUndefined()
      expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
    },
  )

  it('is not deleted if a consumer or a binding has appeared meanwhile', async () => {
    const { vhost, folder, api, bindings } = await place(bound('classic'))
    expect(await warren(['plan', '--prune', '--out', 'plan.json'], { folder })).toMatchObject({ code: 0 })
    const connection = await connect(await amqpUrl(vhost))
    onTestFinished(() => connection.close())
    const channel = await connection.createChannel()
    const { consumerTag } = await channel.consume('old', () => undefined)

    expect(await warren(['apply', 'plan.json'], { folder })).toMatchObject({
      code: 5,
      stdout: expect.stringContaining('it has 1 consumer, and the plan named 0'),
    })
    await channel.cancel(consumerTag)
    await api.post(['bindings', vhost, 'e', 'amq.topic', 'q', 'old'], { routing_key: 'late' })
    expect(await warren(['apply', 'plan.json'], { folder })).toMatchObject({
      code: 5,
      stdout: expect.stringContaining(`the binding binding:${vhost}/amq.topic/queue/old/late was added`),
    })
    expect((await bindings('old')).toSorted()).toEqual(['amq.topic late', 'events k'])
  })
})

describe('an apply without AMQP', () => {
  it('deletes and replaces nothing, and does the rest without a lock', async () => {
    const { vhost, folder, api } = await place(bound('classic'))

    expect(await warren(['apply', '-y', '--prune', ...NO_AMQP], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(
        /the messages and consumers at risk cannot be counted: .*\n +set the AMQP address with {2}--amqp-url/,
      ),
    })
    expect(await api.get(['queues', vhost, 'old'])).toMatchObject({ name: 'old' })
    const more = `warren: 1\nproject: shop\nvhost: ${vhost}\nqueues:\n  more: { type: classic }\n`
    await writeFile(`${folder}/more.yaml`, more)
    const run = await warren(['apply', '-y', ...NO_AMQP, 'more.yaml'], { folder })
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('Lock     none: ') })
  })
})

describe('a removed delay', () => {
  const ladder = (delays: string) =>
    `queues:\n  work: { type: classic, retry: { delays: [${delays}] }, deadLetter: true }\n`

  it('is kept with its messages, which blocks nothing, and deleted when it is empty', async () => {
    const { vhost, folder, api, publish, bindings } = await place(ladder('1h, 2h'), ladder('1h'))
    await publish('work.retry.2h')

    expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Kept\n.*\n.*\n {2}queue:.*\/work\.retry\.2h\n +kept, 1 waiting/),
    })
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
    expect(await bindings('work.retry.2h')).toEqual(['work.failed 2h'])

    await api.delete(['queues', vhost, 'work.retry.2h', 'contents'])
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 2 })
    expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({ code: 0 })
    expect(await api.get(['queues', vhost, 'work.retry.2h'])).toBeUndefined()
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
  })
})

describe('the guards of the command line', () => {
  it('limit the deletes, refuse a prune of nothing, and narrow the plan', async () => {
    const queues = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((name) => `  ${name}: { type: classic }\n`)
    const { vhost, folder, api } = await place(`queues:\n${queues.join('')}`, `queues:\n${queues.slice(4).join('')}`)
    const names = async () => (await api.get<{ name: string }[]>(['queues', vhost]))?.map(({ name }) => name).join('')

    expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/4 objects of 10 owned would be deleted, and the limit is 30%\n.*--max-deletes 4/),
    })
    const part = ['--target', `queue:${vhost}/*`, '--exclude', '*/b']
    expect(await warren(['apply', '-y', '--prune', '--max-deletes', '3', ...part], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Partial  only queue:${vhost}/*, without */b`),
    })
    expect(await names()).toBe('befghij')
    expect(await warren(['apply', '-y', '--prune', '--max-deletes', '1'], { folder })).toMatchObject({ code: 0 })
    expect(await names()).toBe('efghij')
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })

    await writeFile(`${folder}/topology.yaml`, `warren: 1\nproject: shop\nvhost: ${vhost}\n`)
    expect(await warren(['apply', '-y', '--prune', '--max-deletes', '100'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('the files declare nothing'),
    })
    expect(await names()).toBe('efghij')
  })

  it('allow a destroy only with the name of the project, and of a virtual host only with its address', async () => {
    const vhost = await freshVhost()
    const { api } = await testBroker()
    const own = `${vhost}-own`
    onTestFinished(() => api.delete(['vhosts', own]))
    const text = `warren: 1\nproject: shop\nvhost: { name: ${own}, description: of a test }\nqueues:\n  q: { type: classic }\n`
    const folder = await files({ 'topology.yaml': text })
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await api.put(['queues', own, 'nobodys'], { durable: true })

    for (const [args, why] of [
      [[], 'pass --confirm shop'],
      [['-y'], '--auto-approve does not confirm a destroy: pass --confirm shop'],
      [['--confirm', 'other'], '--confirm other is not the name of the project: pass --confirm shop'],
    ] as const) {
      expect(await warren(['destroy', ...args], { folder })).toMatchObject({
        code: 8,
        stderr: expect.stringContaining(why),
      })
    }
    expect(await api.get(['queues', own])).toHaveLength(2)

    expect(await warren(['destroy', '--confirm', 'shop'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`--allow delete=vhost:${own}`),
    })
    expect(await api.get<{ name: string }[]>(['queues', own])).toMatchObject([{ name: 'nobodys' }])
    expect(await warren(['destroy', '--confirm', 'shop'], { folder })).toMatchObject({ code: 0 })
    expect(await warren(['destroy', '--confirm', 'shop', '--allow', `delete=vhost:${own}`], { folder })).toMatchObject({
      code: 0,
    })
    expect(await api.get(['vhosts', own])).toBeUndefined()
  })
})
