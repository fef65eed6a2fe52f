import { connect as connectAmqp } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { moveQueue } from '../../../src/apply/migrate/move-queue.ts'
import type { AmqpTarget } from '../../../src/broker/amqp/connections/amqp-target.ts'
import { Amqp } from '../../../src/broker/amqp/connections/amqp.ts'
import { holdLock } from '../../../src/broker/amqp/hold-lock.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { apply } from '../../../src/operations/change/apply.ts'
import { replayDeadLetters } from '../../../src/operations/dead-letters/replay-dead-letters.ts'
import { queue } from '../../builders/objects.ts'
import { amqpProxy, type AmqpProxy } from '../support/proxies/amqp-proxy.ts'
import { amqpTarget } from '../support/brokers/amqp-target.ts'
import { amqpUrl, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, startWarren, warren } from '../support/command-line.ts'
import { deadLetterPlace, idsOf, numbered } from '../dead-letters/dead-letters.ts'
import { type AtEnd, moveRun } from './migration.ts'
import { until } from '../support/until.ts'

/** Replaces the limit of 30 seconds, in milliseconds. It is not shorter, so that a busy machine can answer in time. */
const LIMIT = 3_000
const SWALLOWED = ['confirms', 'all but heartbeats'] as const

interface Place {
  readonly vhost: string
  readonly proxy: AmqpProxy
  readonly target: AmqpTarget
  /** warren's connections, over the proxy. */
  readonly amqp: Amqp
  /** Creates a queue with this many messages. */
  readonly fill: (queue: string) => Promise<void>
  /** The ids in a queue, through a connection that loses nothing. */
  readonly idsIn: (queue: string) => Promise<string[]>
}

const IDS = Array.from({ length: 30 }, (_, index) => `m${index}`)

/** A vhost with a queue `orders` of thirty messages, behind a network that can lose frames. */
async function place(atEnd: AtEnd): Promise<Place> {
  const vhost = await freshVhost(atEnd)
  const connection = await connectAmqp(await amqpUrl(vhost))
  atEnd(async () => {
    await connection.close()
  })
  const channel = await connection.createConfirmChannel()
  await channel.assertExchange('events', 'topic')
  const fill = async (name: string): Promise<void> => {
    await channel.assertQueue(name)
    await channel.bindQueue(name, 'events', name)
    for (const messageId of IDS) channel.publish('events', name, Buffer.from(messageId), { messageId })
    await channel.waitForConfirms()
  }
  await fill('orders')

  const proxy = await amqpProxy(Number(new URL((await testBroker()).amqpUrl).port))
  atEnd(async () => {
    await proxy[Symbol.asyncDispose]()
  })
  const target = { ...(await amqpTarget()), port: proxy.port, answerLimit: LIMIT, timeout: 120_000 }
  const amqp = new Amqp(target)
  atEnd(() => amqp.close())
  return {
    vhost,
    proxy,
    target,
    amqp,
    fill,
    async idsIn(name) {
      const ids: string[] = []
      for (;;) {
        const message = await channel.get(name, { noAck: true })
        if (message === false) return ids
        ids.push(String(message.properties.messageId))
      }
    },
  }
}

/** The order of a move, and what it reports. */
async function move(at: Place, atEnd: AtEnd, signal?: AbortSignal) {
  const progress: string[] = []
  const onProgress = (text: string) => void progress.push(text)
  const run = await moveRun(atEnd, { amqp: at.amqp, onProgress, ...(signal && { signal }) })
  const declared = (more: object) => queue('orders', { vhost: at.vhost, type: 'classic', arguments: { ...more } })
  return { progress, run, order: { from: declared({}), to: declared({ 'x-max-length': 1_000 }) } }
}

describe.concurrent('a migration over a network that drops frames', () => {
  it.for(SWALLOWED)(
    'begins again on a new connection, and ends with every message: %s',
    async (what, { onTestFinished, expect }) => {
      const at = await place(onTestFinished)
      const { progress, run, order } = await move(at, onTestFinished)
      await at.amqp.opened(at.vhost)
      at.proxy.swallow(what, 'existing')

      const { moved, duplicates } = await moveQueue(run, order)

      expect(moved + duplicates.atMost).toBeGreaterThanOrEqual(IDS.length)
      expect(progress).toContainEqual(expect.stringMatching(/on a new connection \(attempt 2 of 3\)/))
      expect(new Set(await at.idsIn('orders'))).toEqual(new Set(IDS))
    },
  )

  it('begins again for all queues that share the connection', async ({ onTestFinished, expect }) => {
    const at = await place(onTestFinished)
    const { run, order } = await move(at, onTestFinished)
    const names = ['one', 'two', 'three']
    for (const name of names) await at.fill(name)
    await at.amqp.opened(at.vhost)
    at.proxy.swallow('confirms', 'existing')

    const renamed = names.map((name) => ({
      from: { ...order.from, name },
      to: { ...order.to, name },
    }))
    await Promise.all(renamed.map((each) => moveQueue(run, each)))

    for (const name of names) expect(new Set(await at.idsIn(name))).toEqual(new Set(IDS))
  })

  it('gives up after three attempts without confirms, reports the progress, and loses nothing', async ({
    onTestFinished,
    expect,
  }) => {
    const at = await place(onTestFinished)
    const { progress, run, order } = await move(at, onTestFinished)
    at.proxy.swallow('confirms')

    await expect(moveQueue(run, order)).rejects.toMatchObject({
      code: 'PARTIALLY_APPLIED',
      message: expect.stringMatching(
        /30 of 30 messages published to \S+orders.moving are not confirmed after \d+ m?s; \S+orders reports \d+ ready messages, \S+orders.moving reports \d+ ready messages; given up after 3 attempts/,
      ),
    })
    expect(progress).toContainEqual(expect.stringMatching(/30 of 30 .* are not confirmed after \d+ m?s/))
    expect(new Set(await at.idsIn('orders'))).toEqual(new Set(IDS))
  })

  it.for(SWALLOWED)('ends at a signal: %s', async (what, { onTestFinished, expect }) => {
    const at = await place(onTestFinished)
    const stop = new AbortController()
    const target = { ...at.target, answerLimit: 60_000, timeout: 60_000 }
    const amqp = new Amqp({ ...target, stopGrace: 100 }, stop.signal)
    onTestFinished(() => amqp.close())
    const { run, order } = await move({ ...at, amqp }, onTestFinished, stop.signal)
    await amqp.opened(at.vhost)
    at.proxy.swallow(what)
    const moving = moveQueue(run, order).catch((error: unknown) => error)
    await until(() => at.proxy.swallowed() > 0, 'the first frame that is lost')
    stop.abort()

    expect(await moving).toMatchObject({
      code: 'INTERRUPTED',
      hint: 'no message is lost; run the command again to continue',
    })
    // The broker requeues the messages as soon as it notices that the connection is lost.
    const ids = new Set<string>()
    await until(
      async () => {
        for (const id of await at.idsIn('orders')) ids.add(id)
        return ids.size >= IDS.length
      },
      'the requeued messages',
      30_000,
    )
    expect(ids).toEqual(new Set(IDS))
  })
})

describe.concurrent('a replacement over a network that drops frames', () => {
  it.for([
    ['confirms', { status: 'done' }, []],
    [
      'all but heartbeats',
      { status: 'failed', code: 'NO_ANSWER', reason: expect.stringContaining('did not answer') },
      IDS,
    ],
  ] as const)(
    'ends, and deletes no queue whose contents are unknown: %s',
    async ([what, outcome, left], { onTestFinished, expect }) => {
      const at = await place(onTestFinished)
      const { managementUrl, username, password } = await testBroker()
      const text = `warren: 1\nproject: shop\nvhost: ${at.vhost}\nqueues:\n  orders: { type: classic, arguments: { x-max-length: 1000 } }\n`
      const folder = await files({ 'topology.yaml': text }, onTestFinished)
      const { report } = await apply({
        paths: [`${folder}/topology.yaml`],
        connection: { url: managementUrl, user: username, password: new Secret(password) },
        amqp: at.target,
        adopt: true,
        allowReplace: [`queue:${at.vhost}/orders`],
        confirm: () => {
          at.proxy.swallow(what)
          return Promise.resolve(true)
        },
      })

      expect(report?.outcomes).toMatchObject([outcome])
      expect(new Set(await at.idsIn('orders'))).toEqual(new Set(left))
    },
  )
})

it.concurrent('one of several moves drops the shared connection only when the connection does not answer', async ({
  onTestFinished,
  expect,
}) => {
  const { vhost, amqp, proxy } = await place(onTestFinished)
  const reason = new Error('one of the moves got no answer')
  const shared = await amqp.connection(vhost)

  await amqp.dropIfSilent(vhost, reason)
  expect(await amqp.connection(vhost)).toBe(shared)

  proxy.swallow('all but heartbeats', 'existing')
  await amqp.dropIfSilent(vhost, reason)
  expect(await amqp.connection(vhost)).not.toBe(shared)
})

describe.concurrent('a lock', () => {
  it('is reported as refused when its declare is not answered', async ({ onTestFinished, expect }) => {
    const at = await place(onTestFinished)
    at.proxy.swallow('declares')
    expect(await holdLock(at.amqp, at.vhost, 'lock')).toEqual({
      refused: expect.stringMatching(/^the queue lock in vhost .* could not be declared: .*did not answer assertQueue/),
    })
  })

  it('is reported as refused when only heartbeats arrive', async ({ onTestFinished, expect }) => {
    const at = await place(onTestFinished)
    at.proxy.swallow('all but heartbeats')
    const amqp = new Amqp({ ...at.target, timeout: 300 })
    expect(await holdLock(amqp, at.vhost, 'lock')).toEqual({
      refused: expect.stringContaining('did not accept the connection within 300 ms'),
    })
  })
})

describe('a replay of dead letters over a network that swallows frames', () => {
  const unconfirmed = expect.stringMatching(/^20 of 20 messages published to .* are not confirmed after \d+ m?s$/)

  it.each([
    ['confirms', { result: { stopped: { by: 'error', reason: unconfirmed } } }, [unconfirmed, unconfirmed]],
    ['all but heartbeats', { code: 'NO_ANSWER', message: expect.stringContaining('did not answer') }, []],
  ] as const)('ends, and loses none: %s', async (what, outcome, waiting) => {
    const here = await deadLetterPlace(
      'warren: 1\nproject: shop\nvhost: VHOST\nqueues:\n  email: { type: classic, deadLetter: true }\n',
    )
    const ids = numbered(20).map(({ messageId }) => messageId)
    await here.fail('email', numbered(20))
    const { managementUrl, username, password, amqpUrl: url } = await testBroker()
    const proxy = await amqpProxy(Number(new URL(url).port))
    onTestFinished(async () => {
      await proxy[Symbol.asyncDispose]()
    })
    const progress: string[] = []
    const replayed = await replayDeadLetters({
      paths: [here.file],
      queue: 'email',
      connection: { url: managementUrl, user: username, password: new Secret(password) },
      amqp: { ...(await amqpTarget()), port: proxy.port, answerLimit: LIMIT, timeout: 120_000 },
      onWaiting: (text) => progress.push(text),
      confirm: () => {
        proxy.swallow(what)
        return Promise.resolve(true)
      },
    }).catch((error: unknown) => error)

    expect(replayed).toMatchObject(outcome)
    expect(progress.slice(0, 2)).toEqual(waiting)
    await until(async () => (await here.ready('email.dead')) === 20, 'the dead letters')
    expect(idsOf(await here.takeAll('email.dead'))).toEqual(ids)
  })
})

describe('a command that waits for a silent broker', () => {
  it('exits some seconds after SIGTERM with 143, and says that the next run continues', async () => {
    const at = await place(onTestFinished)
    const { username, password } = await testBroker()
    const head = `warren: 1\nproject: shop\nvhost: ${at.vhost}\nqueues:\n`
    const folder = await files(
      {
        'before.yaml': `${head}  orders: { type: classic }\n`,
        'after.yaml': `${head}  orders: { type: quorum }\n`,
      },
      onTestFinished,
    )
    const environment = {
      WARREN_AMQP_URL: `amqp://${username}:${password}@127.0.0.1:${at.proxy.port}`,
    }
    expect(await warren(['apply', '-y', '--adopt', 'before.yaml'], { folder, environment })).toMatchObject({ code: 0 })
    at.proxy.swallow('confirms')
    const migrate = ['apply', '-y', '--migrate', `queue:${at.vhost}/orders`, 'after.yaml']
    const child = await startWarren(migrate, { folder, environment })
    await until(() => at.proxy.swallowed() > 0, 'the first confirm that is lost')
    await child.tellToStop('SIGTERM')

    // It does not wait until the answer is late, because it would then begin again.
    expect(await child.ended).toMatchObject({
      code: 143,
      stderr: expect.not.stringContaining('on a new connection'),
      stdout: expect.stringMatching(
        /stopped {2}replace queue:\S+orders, because the run was interrupted; no message is lost/,
      ),
    })
    at.proxy.heal()
    expect(await warren(migrate, { folder, environment })).toMatchObject({ code: 0 })
    expect(new Set(await at.idsIn('orders'))).toEqual(new Set(IDS))
  })
})
