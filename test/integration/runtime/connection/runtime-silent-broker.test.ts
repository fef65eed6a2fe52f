import { connect as connectAmqp } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { publishFrames, nestedTable, textHeader } from '../../../broker/amqp/raw-frames.ts'
import { amqpProxy } from '../../support/proxies/amqp-proxy.ts'
import { keep, routesOf, runtimeVhost } from '../runtime-vhost.ts'
import { until } from '../../support/until.ts'

/** Replaces the limit of 30 seconds, in milliseconds. It is not shorter, so that a busy machine can answer in time. */
const LIMIT = 3_000
const SWALLOWED = ['confirms', 'all but heartbeats'] as const

/** A queue `email` with its ladder, and a runtime that reaches it over a network that can lose frames. */
async function deafRuntime() {
  const here = await runtimeVhost()
  const failure = await here.ladder({ queue: 'email', type: 'classic', delays: [50] })
  const url = new URL(here.url)
  const proxy = await amqpProxy(Number(url.port))
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]()
  })
  url.port = String(proxy.port)
  const routes = routesOf('email', failure, { queueType: 'classic' })
  const runtime = await here.connect(routes, { url: url.href, answerTimeout: LIMIT, publishTimeout: 120_000 })
  const idsIn = async (queue: string) => {
    const ids: string[] = []
    while (ids.length < (await here.ready(queue)) + ids.length) {
      ids.push(String((await here.take(queue)).properties.messageId))
    }
    return ids
  }
  return { ...here, proxy, runtime, idsIn }
}

describe.each(SWALLOWED)('a runtime over a network that swallows %s', (what) => {
  it('reports unconfirmed messages as unknown, and publishes over another channel', async () => {
    const { runtime, proxy, idsIn } = await deafRuntime()
    await runtime.publish('send-email', 1, { messageId: 'before' })
    proxy.swallow(what, 'existing')

    await expect(runtime.publish('send-email', 2, { messageId: 'lost' })).rejects.toMatchObject({
      outcome: 'unknown',
      maybePublished: true,
    })
    if (what === 'confirms') proxy.heal()
    await runtime.publish('send-email', 3, { messageId: 'after' })

    expect((await idsIn('email')).filter((id) => id !== 'lost')).toEqual(['before', 'after'])
  })

  it('keeps a message whose copy is not confirmed, and moves it on afterwards', async () => {
    const { runtime, proxy, idsIn } = await deafRuntime()
    const ids = ['1', '2', '3']
    for (const messageId of ids) await runtime.publish('send-email', messageId, { messageId })
    const held = keep(runtime, 'held')
    const down = keep(runtime, 'connectionDown')
    proxy.swallow(what, 'existing')
    await runtime.consume('emails', () => {
      throw new Error('no')
    })

    await until(() => held.length > 0 || down.length > 0, 'a copy that is not confirmed')
    proxy.heal()
    const dead = new Set<string>()
    await until(async () => {
      for (const id of await idsIn('email.dead')) dead.add(id)
      return dead.size === ids.length
    }, 'the dead letters')
    expect(dead).toEqual(new Set(ids))
  })
})

describe('a message with headers that are nested 6,000 deep', () => {
  it('is consumed without them, and its copies name the missing headers', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', type: 'classic' })
    const raw = await connectAmqp(here.url)
    onTestFinished(() => raw.close())
    const channel = await raw.createConfirmChannel()
    const { ch } = channel as unknown as { ch: number }
    const { stream } = raw.connection as unknown as { stream: { write(bytes: Buffer): void } }
    const headers = [textHeader('kept', 'unchanged'), nestedTable('deep', 6_000)]
    stream.write(publishFrames('email', headers, 'm1', ch))
    await until(async () => (await here.ready('email')) === 1, 'the message')
    const runtime = await here.connect(routesOf('email', failure, { queueType: 'classic' }))
    const down = keep(runtime, 'connectionDown')
    const seen: unknown[] = []
    await runtime.consume('emails', (_body, delivery) => {
      seen.push(delivery.headers['deep'], delivery.headers['kept'])
      throw new Error('no')
    })

    const { properties } = await here.take('email.dead')
    expect(properties.headers).toMatchObject({ kept: 'unchanged', 'x-warren-dropped': 'deep' })
    expect(seen).toEqual([{ reason: 'its tables are nested more than 500 deep' }, 'unchanged'])
    expect(down).toEqual([])
  })
})
