import { connect as connectAmqp } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Publication, Subscription } from '../../../../src/model/routes.ts'
import { publication, subscription } from '../../../runtime/routes.ts'
import { amqpUrl, freshUser } from '../../support/brokers/broker.ts'
import { until } from '../../support/until.ts'
import { keep, ownLogin, runtimeVhost } from '../runtime-vhost.ts'
import type { RuntimeVhost } from '../runtime-vhost.ts'

const QUOTE = {
  type: 'object',
  required: ['price'],
  properties: { price: { type: 'number' } },
}

function quote(overrides: Partial<Publication> = {}, timeout = 30_000): Publication {
  const reply = { timeout, subscription: 'quotes', message: { schema: QUOTE } }
  return publication({ name: 'quote', routingKey: 'quotes', persistent: false, reply, ...overrides })
}

function quotes(overrides: Partial<Subscription> = {}): Subscription {
  return subscription({ name: 'quotes', queue: 'quotes', queueType: 'classic', ...overrides })
}

async function vhostWithQuotes(): Promise<RuntimeVhost> {
  const here = await runtimeVhost()
  await here.channel.assertQueue('quotes')
  await here.channel.bindQueue('quotes', 'tasks', 'quotes')
  return here
}

/** The code and the message of a rejection. */
async function failureOf(settled: Promise<unknown>): Promise<{ code: unknown; message: string }> {
  return settled.then(
    (value) => ({ code: 'none', message: JSON.stringify(value) }),
    (error: Error & { code?: unknown }) => ({ code: error.code, message: error.message }),
  )
}

describe('requests', () => {
  it('are answered by what the handler of another program returns, many at once and each with its own reply', async () => {
    const here = await vhostWithQuotes()
    const routes = { publications: [quote()], subscriptions: [quotes()] }
    const [asking, answering] = [await here.connect(routes), await here.connect(routes)]
    await answering.respond('quote', (body, { headers }) => ({ price: Number(body) + Number(headers['added']) }))

    const all = Array.from({ length: 50 }, (_, n) => asking.request('quote', n, { headers: { added: 1 } }))

    expect(await Promise.all(all)).toEqual(Array.from({ length: 50 }, (_, n) => ({ price: n + 1 })))
    expect(await here.ready('quotes')).toBe(0)
  })

  it('work with the rights that `can` derives, also where one user asks and another answers', async () => {
    const here = await vhostWithQuotes()
    const routes = { publications: [quote()], subscriptions: [quotes()] }
    const as = async (write: string, read: string) => {
      const user = await freshUser({ permissions: { [here.vhost]: { configure: '', write, read } } })
      return here.connect(routes, { url: await amqpUrl(here.vhost, user), routes: [] })
    }
    const asking = await as('^tasks$', '')
    const answering = await as('^amq\\.default$', '^quotes$')
    const notAllowed = await as('', '^quotes$')
    const refused = await notAllowed.respond('quote', () => ({ price: 1 }))
    const failed = keep(notAllowed, 'requestFailed')

    void asking.request('quote', 0).catch(() => undefined)
    await until(() => failed.length > 0, 'a refused reply')
    await refused.stop()
    await answering.respond('quote', () => ({ price: 2 }))

    expect(failed[0]?.error).toMatchObject({ code: 'PUBLISH_REFUSED' })
    expect(await asking.request('quote', 0)).toEqual({ price: 2 })
  })

  it('reject at once if no queue takes them, and after their timeout if no program answers', async () => {
    const here = await vhostWithQuotes()
    const unbound = quote({ name: 'unbound', routingKey: 'nobody' })
    const asking = await here.connect({ publications: [quote(), unbound], subscriptions: [quotes()] })

    expect(await failureOf(asking.request('unbound', 1))).toMatchObject({ code: 'PUBLISH_UNROUTABLE' })
    expect(await failureOf(asking.request('quote', 1, { timeout: 50 }))).toEqual({
      code: 'REPLY_TIMEOUT',
      message:
        'request "quote": no reply arrived within 50ms — check that a program responds to it; ' +
        'repeat the request only if doing its work twice does no harm',
    })
    await until(async () => (await here.ready('quotes')) === 0, 'the request to expire')
  })

  it('drop a reply that arrives after the timeout or the signal of its request', async () => {
    const here = await vhostWithQuotes()
    const runtime = await here.connect({ publications: [quote()], subscriptions: [quotes()] })
    const cancelled = new AbortController()
    const held: (() => void)[] = []
    await runtime.respond('quote', (body) =>
      body === 'at once' ? { price: 0 } : new Promise((resolve) => held.push(() => resolve({ price: 1 }))),
    )

    const late = failureOf(runtime.request('quote', 'late', { timeout: 1_000 }))
    const aborted = failureOf(runtime.request('quote', 'aborted', { signal: cancelled.signal }))
    await until(() => held.length === 2, 'both requests')
    cancelled.abort(new Error('the page was closed'))

    expect(await aborted).toMatchObject({ code: 'REPLY_CANCELLED' })
    expect(await late).toMatchObject({ code: 'REPLY_TIMEOUT' })
    for (const release of held) release()
    expect(await runtime.request('quote', 'at once')).toEqual({ price: 0 })
  })

  it('report the failure of a handler at once, and on a queue with a ladder after the last attempt', async () => {
    const here = await vhostWithQuotes()
    const failure = await here.ladder({ queue: 'slow', delays: [0] })
    const slow = quote({ name: 'slow', routingKey: 'slow', reply: { timeout: 30_000, subscription: 'slows' } })
    const runtime = await here.connect({
      publications: [quote(), slow],
      subscriptions: [quotes(), subscription({ name: 'slows', queue: 'slow', failure })],
    })
    const attempts: number[] = []
    await runtime.respond('quote', () => {
      throw new Error('no stock')
    })
    await runtime.respond('slow', (_, { attempt }) => {
      attempts.push(attempt)
      throw new Error('still no stock')
    })

    expect(await failureOf(runtime.request('quote', 1))).toEqual({
      code: 'REPLY_FAILED',
      message: 'request "quote": the responder failed: Error: no stock',
    })
    expect(await failureOf(runtime.request('slow', 1))).toMatchObject({ code: 'REPLY_FAILED' })
    expect(attempts).toEqual([1, 2])
    expect((await here.take('slow.dead')).content.toString()).toBe('1')
  })

  it('refuse an invalid reply: the responder does not send it, and the sender does not accept it', async () => {
    const here = await vhostWithQuotes()
    const runtime = await here.connect({ publications: [quote()], subscriptions: [quotes()] })
    const responder = await runtime.respond('quote', () => ({ price: 'high' }))

    expect(await failureOf(runtime.request('quote', 1))).toMatchObject({
      code: 'REPLY_FAILED',
      message: expect.stringContaining('reply to request "quote": the message does not match its schema') as string,
    })
    await responder.stop()
    await here.channel.consume('quotes', (asked) => {
      const { replyTo, correlationId } = asked?.properties ?? {}
      here.channel.sendToQueue(String(replyTo), Buffer.from('{"price":"high"}'), {
        correlationId: String(correlationId),
      })
    })
    expect(await failureOf(runtime.request('quote', 1))).toMatchObject({
      code: 'REPLY_INVALID',
      message: expect.stringContaining('the reply is invalid: the message does not match its schema: /price') as string,
    })
  })

  it('reject when the connection is lost, and work again after it was restored', async () => {
    const here = await vhostWithQuotes()
    const { url, closeConnections } = await ownLogin(here.vhost)
    const routes = { publications: [quote()], subscriptions: [quotes()] }
    const asking = await here.connect(routes, { url })
    const answering = await here.connect(routes)
    const asked: unknown[] = []
    await answering.respond('quote', (body) => {
      asked.push(body)
      return body === 'again' ? { price: 1 } : new Promise(() => undefined)
    })
    const waiting = [1, 2].map((body) => failureOf(asking.request('quote', body)))
    await until(() => asked.length === 2, 'both requests')

    await closeConnections(1)

    for (const failure of await Promise.all(waiting)) expect(failure).toMatchObject({ code: 'REPLY_LOST' })
    expect(await asking.request('quote', 'again')).toEqual({ price: 1 })
  })

  it('of programs in other languages are answered at a queue of their own, failures included', async () => {
    const here = await vhostWithQuotes()
    await here.channel.assertQueue('answers')
    const answering = await here.connect({ publications: [quote()], subscriptions: [quotes()] })
    await answering.respond('quote', (body) => {
      if (body === 0) throw new Error('no stock')
      return { price: Number(body) }
    })
    const ask = async (body: string, correlationId: string) => {
      here.channel.publish('tasks', 'quotes', Buffer.from(body), { replyTo: 'answers', correlationId })
      const { content, properties } = await here.take('answers')
      return [content.toString(), properties.correlationId, properties.headers?.['reply-error']]
    }

    expect(await ask('5', 'a')).toEqual(['{"price":5}', 'a', undefined])
    expect(await ask('0', 'b')).toEqual(['', 'b', 'Error: no stock'])
  })

  it('are acknowledged when the sender is gone, and an event says so', async () => {
    const here = await vhostWithQuotes()
    const answering = await here.connect({ publications: [quote()], subscriptions: [quotes()] })
    const dropped = keep(answering, 'replyDropped')
    const handled = keep(answering, 'handled')
    const connection = await connectAmqp(here.url)
    onTestFinished(() => connection.close().catch(() => undefined))
    const channel = await connection.createConfirmChannel()
    await channel.consume('amq.rabbitmq.reply-to', () => undefined, { noAck: true })
    const ask = (replyTo: string | undefined) =>
      channel.publish('tasks', 'quotes', Buffer.from('1'), {
        ...(replyTo !== undefined && { replyTo }),
        messageId: 'm',
      })
    ask('amq.rabbitmq.reply-to')
    ask('a queue that does not exist')
    ask(undefined)
    await channel.waitForConfirms()
    await channel.close()

    await answering.respond('quote', () => ({ price: 1 }))

    await until(() => dropped.length === 3 && handled.length === 3, 'three events')
    expect(dropped.map(({ request, cause }) => [request, cause])).toEqual(
      expect.arrayContaining([
        ['quote', 'sender gone'],
        ['quote', 'sender gone'],
        ['quote', 'no replyTo'],
      ]),
    )
    expect(handled.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done'])
  })
})
