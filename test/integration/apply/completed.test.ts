import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

const PLAN = ['plan', '--detailed-exitcode']

async function declared(text: string) {
  const vhost = await freshVhost()
  const folder = await files({ 'topology.yaml': `warren: 1\nproject: shop\nvhost: ${vhost}\n${text}` })
  const { api } = await testBroker()
  const publish = (key: string) =>
    api.post(['exchanges', vhost, 'amq.default', 'publish'], {
      properties: {},
      routing_key: key,
      payload: 'one',
      payload_encoding: 'string',
    })
  const take = (queue: string) =>
    api.post(['queues', vhost, queue, 'get'], { count: 9, ackmode: 'ack_requeue_false', encoding: 'auto' })
  const names = async (...path: string[]) => ((await api.get(path)) as { name: string }[]).map(({ name }) => name)
  return { vhost, folder, publish, take, names }
}

describe('an object that deletes itself', () => {
  it('as a one-off shovel runs once, and again when that is allowed or its declaration changes', async () => {
    const { vhost, folder, publish, take, names } = await declared(
      'queues:\n  a: { type: classic }\n  b: { type: classic }\n',
    )
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    const at = `parameter:${vhost}/shovel/move`
    const file = `${folder}/topology.yaml`
    const uri = `amqp:///${encodeURIComponent(vhost)}`
    const shovel = `shovels:\n  move: { src-uri: "${uri}", src-queue: a, dest-uri: "${uri}", dest-queue: b, src-delete-after: queue-length }\n`
    await writeFile(file, (await readFile(file, 'utf8')) + shovel)
    const ended = () =>
      until(async () => !(await names('parameters', 'shovel', vhost)).includes('move'), 'the end of the shovel')
    const moved = async () => {
      await ended()
      await until(async () => ((await take('b')) as unknown[]).length === 1, 'the message that was moved')
    }

    await publish('a')
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await moved()
    await publish('a')
    expect(await warren(PLAN, { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`add --allow create=${at}`),
    })
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    expect(await names('parameters', 'shovel', vhost)).toEqual([])
    expect(await take('b')).toEqual([])
    expect(await warren(['apply', '-y', '--allow', `create=${at}`], { folder })).toMatchObject({ code: 0 })
    await moved()

    await publish('a')
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replace('src-queue: a,', 'src-queue: a, ack-mode: on-publish,'),
    )
    expect(await warren(PLAN, { folder })).toMatchObject({ code: 2 })
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await moved()
    expect(await warren(PLAN, { folder })).toMatchObject({ code: 0 })
  })

  it('as a queue expires with its bindings, and is not recreated by an apply until that is allowed', async () => {
    const { vhost, folder, names } = await declared(
      'exchanges:\n  x: { type: topic }\nqueues:\n  q: { type: classic, arguments: { x-expires: 1500 }, bindings: [{ exchange: x, routingKey: k }] }\n',
    )
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await until(async () => (await names('queues', vhost)).length === 0, 'the end of the queue')

    expect(await warren(PLAN, { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`queue:${vhost}/q deleted itself (nothing used it before it expired)`),
    })
    const allowed = ['--allow', `create=queue:${vhost}/q`]
    expect(await warren([...PLAN, ...allowed], { folder })).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/2 to create/),
    })
  })

  it('as an exchange is deleted by a saved plan with its last binding, and the plan applied again has nothing to do', async () => {
    const exchanges = (e: string) => `exchanges:\n  s: { type: topic }\n  e: { type: topic, autoDelete: true${e} }\n`
    const queue = (q: string) => `queues:\n  q: { type: classic${q} }\n`
    const { vhost, folder, names } = await declared(
      exchanges('') + queue(', bindings: [{ exchange: e, routingKey: k }]'),
    )
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    const before = await readFile(`${folder}/topology.yaml`, 'utf8')
    const header = before.slice(0, before.indexOf('exchanges:'))
    const after = exchanges(', bindings: [{ exchange: s, routingKey: k }]') + queue('')
    await writeFile(`${folder}/topology.yaml`, header + after)
    expect(await warren(['plan', '--prune', '--out', 'plan.json'], { folder })).toMatchObject({ code: 0 })

    expect(await warren(['apply', 'plan.json'], { folder })).toMatchObject({ code: 0 })
    expect(await names('exchanges', vhost)).not.toContain('e')
    expect(await warren(['apply', 'plan.json'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing to do'),
    })
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
  })
})
