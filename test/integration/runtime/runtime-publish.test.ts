import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { PublishError } from '../../../src/runtime/index.ts'
import { publication, subscription } from '../../runtime/routes.ts'
import { amqpUrl, freshUser } from '../support/brokers/broker.ts'
import { ownLogin, runtimeVhost, send } from './runtime-vhost.ts'
import type { RuntimeVhost } from './runtime-vhost.ts'
import { until } from '../support/until.ts'

async function vhostWithQueue(options: object = {}): Promise<RuntimeVhost> {
  const here = await runtimeVhost()
  await here.channel.assertQueue('email', options)
  await here.channel.bindQueue('email', 'tasks', 'email')
  return here
}

/** The error of a rejected publish, by its outcome. */
async function outcomeOf(published: Promise<unknown>): Promise<string> {
  try {
    await published
    return 'confirmed'
  } catch (error) {
    if (!(error instanceof PublishError)) throw error
    return `${error.outcome}${error.maybePublished ? ', maybe published' : ''}`
  }
}

describe('publishing', () => {
  it('resolves when the broker has the message, as the publication declares it (pitfall 9)', async () => {
    const here = await vhostWithQueue()
    const runtime = await here.connect({ publications: [send('email', { headers: { kind: 'mail' } })] })

    const confirmed = await runtime.publish('send-email', { to: 'a' }, { messageId: 'm-1', headers: { trace: 't' } })

    expect(confirmed).toEqual({ messageId: 'm-1', exchange: 'tasks', routingKey: 'email' })
    const { content, properties } = await here.take('email')
    expect(JSON.parse(content.toString())).toEqual({ to: 'a' })
    expect(properties).toMatchObject({ messageId: 'm-1', deliveryMode: 2, contentType: 'application/json' })
    expect(properties.headers).toMatchObject({ kind: 'mail', trace: 't' })
  })

  it('compresses the body where the publication says so, and a consumer decompresses it at each attempt', async () => {
    const here = await runtimeVhost()
    const message = { encoding: 'gzip' } as const
    const failure = await here.ladder({ queue: 'email', delays: [0] })
    const emails = subscription({ failure, message })
    const runtime = await here.connect({ publications: [send('email', { message })], subscriptions: [emails] })
    const seen: unknown[] = []
    await runtime.consume('emails', (body) => {
      seen.push(body)
      throw new Error('not today')
    })

    await runtime.publish('send-email', { text: 'hello '.repeat(1000) })

    const { content, properties } = await here.take('email.dead')
    expect(seen).toEqual([{ text: 'hello '.repeat(1000) }, { text: 'hello '.repeat(1000) }])
    expect([properties.contentEncoding, content.length < 200]).toEqual(['gzip', true])
    expect(JSON.parse(gunzipSync(content).toString())).toEqual(seen[0])
  })

  it('rejects exactly those messages that reached no queue, among many at once (pitfalls 1, 2)', async () => {
    const here = await vhostWithQueue()
    const word = publication({ name: 'send', routingKey: '{to}', parameters: ['to'] })
    const runtime = await here.connect({ publications: [word] })

    const outcomes = await Promise.all(
      Array.from({ length: 300 }, (_, n) =>
        outcomeOf(runtime.publish('send', n, { parameters: { to: n % 3 === 0 ? 'nobody' : 'email' } })),
      ),
    )

    expect(outcomes).toEqual(Array.from({ length: 300 }, (_, n) => (n % 3 === 0 ? 'unroutable' : 'confirmed')))
    expect(await here.ready('email')).toBe(200)
  })

  it('keeps the order of messages that have to wait for a free slot in the window', async () => {
    const here = await vhostWithQueue()
    const runtime = await here.connect({ publications: [send('email')] }, { window: { messages: 3, bytes: 1_000 } })

    await Promise.all(Array.from({ length: 200 }, (_, n) => runtime.publish('send-email', n)))

    const received: unknown[] = []
    for (let n = 0; n < 200; n++) received.push(JSON.parse((await here.take('email')).content.toString()))
    expect(received).toEqual(Array.from({ length: 200 }, (_, n) => n))
  })

  it('rejects what a full queue refuses (pitfall 7)', async () => {
    const here = await vhostWithQueue({ arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } })
    const runtime = await here.connect({ publications: [send('email')] })

    await runtime.publish('send-email', 1)
    await expect(runtime.publish('send-email', 2)).rejects.toMatchObject({
      outcome: 'refused',
      // A broker does not report whether another queue of the exchange accepted it.
      maybePublished: true,
    })
  })

  it("rejects with the user's missing right, and does not affect other exchanges", async () => {
    const here = await vhostWithQueue()
    await here.channel.assertExchange('secret', 'fanout')
    const login = await freshUser({ permissions: { [here.vhost]: { configure: '', write: '^tasks$', read: '' } } })
    const runtime = await here.connect(
      { publications: [send('email'), publication({ name: 'tell', exchange: 'secret', routingKey: '' })] },
      { url: await amqpUrl(here.vhost, login) },
    )

    const outcomes = Promise.all(Array.from({ length: 50 }, (_, n) => outcomeOf(runtime.publish('send-email', n))))
    const forbidden = await runtime.publish('tell', 1).catch((error: unknown) => error)

    expect(forbidden).toMatchObject({ outcome: 'refused', maybePublished: false, publication: 'tell' })
    expect(String(forbidden)).toContain("access to exchange 'secret'")
    expect(String(forbidden)).not.toContain(login.username)
    expect(new Set(await outcomes)).toEqual(new Set(['confirmed']))
    await expect(runtime.publish('send-email', 1)).resolves.toBeDefined()
  })

  it('reports a deleted exchange, and publishes again when it exists again (pitfall 5)', async () => {
    const here = await vhostWithQueue()
    const runtime = await here.connect({ publications: [send('email')] })
    await runtime.publish('send-email', 1)
    await here.channel.deleteExchange('tasks')

    await expect(runtime.publish('send-email', 2)).rejects.toMatchObject({
      outcome: 'unroutable',
      maybePublished: false,
      message: 'publication "send-email": the exchange "tasks" does not exist',
    })
    await expect(runtime.publish('send-email', 3)).rejects.toMatchObject({ outcome: 'unroutable' })

    await here.channel.assertExchange('tasks', 'direct')
    await here.channel.bindQueue('email', 'tasks', 'email')
    await runtime.publish('send-email', 4)
    expect(await here.ready('email')).toBe(2)
  })

  it('checks the schema before anything goes over the wire', async () => {
    const here = await vhostWithQueue()
    const schema = { type: 'object', required: ['task_id'], properties: { task_id: { type: 'string' } } }
    const runtime = await here.connect({ publications: [send('email', { message: { schema } })] })

    await expect(runtime.publish('send-email', { task_id: 7 })).rejects.toMatchObject({
      outcome: 'invalid',
      message:
        'publication "send-email": the message does not match its schema: /task_id must be string — ' +
        'correct the message, or the schema that the publication declares',
    })
    await runtime.publish('send-email', { task_id: '7' })
    expect(await here.ready('email')).toBe(1)
  })

  it('refuses a header that is not a number and an invalid expiration, and continues to publish', async () => {
    const here = await vhostWithQueue()
    const runtime = await here.connect({ publications: [send('email')] })

    await expect(runtime.publish('send-email', 1, { headers: { n: Number.NaN } })).rejects.toMatchObject({
      outcome: 'invalid',
      message: expect.stringContaining('the header "n" holds a number that is not finite'),
    })
    await expect(runtime.publish('send-email', 1, { headers: { n: Infinity } })).rejects.toMatchObject({
      outcome: 'invalid',
    })
    await expect(runtime.publish('send-email', 1, { expiration: 1e20 })).rejects.toMatchObject({ outcome: 'invalid' })
    await runtime.publish('send-email', 1)
    expect(await here.ready('email')).toBe(1)
  })

  it('refuses a publication that does not exist', async () => {
    const here = await vhostWithQueue()
    const runtime = await here.connect({ publications: [send('email')] })

    await expect(runtime.publish('send-mail', 1)).rejects.toMatchObject({
      outcome: 'invalid',
      message: 'the topology has no publication "send-mail" — it has: "send-email"',
      hint: 'it has: "send-email"',
    })
  })

  it('refuses unknown options', async () => {
    const here = await vhostWithQueue()
    const runtime = await here.connect({ publications: [send('email')] })
    const options: object = { messageID: 'm-1' }

    await expect(runtime.publish('send-email', 1, options)).rejects.toMatchObject({
      outcome: 'invalid',
      message: 'publication "send-email": publish() has no option "messageID" — did you mean "messageId"?',
    })
    expect(await here.ready('email')).toBe(0)
  })

  it('reports a lost message without confirm by an event', async () => {
    const here = await vhostWithQueue()
    const lost = send('nobody', { confirm: false })
    const failures: string[] = []
    const runtime = await here.connect(
      { publications: [lost] },
      { on: { publishFailed: ({ error }) => failures.push(error.message) } },
    )

    await expect(runtime.publish('send-nobody', 1)).resolves.toMatchObject({ routingKey: 'nobody' })
    await until(() => failures.length > 0, 'the event')
    expect(failures).toEqual([
      'publication "send-nobody": no queue is bound to the exchange "tasks" for the routing key "nobody" — ' +
        'no queue received the message; compare the bindings with `warren plan`',
    ])
  })

  it('reports every lost message while its connections are closed (pitfall 6)', async () => {
    const here = await vhostWithQueue()
    const { login, url, closeConnections } = await ownLogin(here.vhost)
    const runtime = await here.connect({ publications: [send('email')] }, { url })
    const outcomes = new Map<number, string>()
    const stop = new AbortController()

    const publishing = (async () => {
      for (let n = 0; !stop.signal.aborted; n++) {
        void outcomeOf(runtime.publish('send-email', n)).then((outcome) => outcomes.set(n, outcome))
        if (n % 20 === 0) await runtime.publish('send-email', -1).catch(() => undefined)
      }
    })()
    // A connection may close while no message is in flight.
    const isAnyUnknown = () => [...outcomes.values()].some((outcome) => outcome !== 'confirmed')
    for (let times = 0; times < 5 || (times < 50 && !isAnyUnknown()); times++) {
      const before = outcomes.size
      await until(() => outcomes.size > before + 100, `messages of ${login.username}`)
      await closeConnections(1)
    }
    stop.abort()
    await publishing
    await runtime.close()

    const there = new Set<number>()
    for (let left = await here.ready('email'); left > 0; left--)
      there.add(Number((await here.take('email')).content.toString()))
    const confirmed = [...outcomes].filter(([, outcome]) => outcome === 'confirmed').map(([n]) => n)
    expect(confirmed.length).toBeGreaterThan(0)
    expect(confirmed.filter((n) => !there.has(n))).toEqual([])
    const others = [...outcomes.values()].filter((outcome) => outcome !== 'confirmed')
    expect(new Set(others)).toEqual(new Set(['unknown, maybe published']))
  })
})
