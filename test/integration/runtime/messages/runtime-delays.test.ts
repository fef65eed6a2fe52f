import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectAmqp } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect, type HandlerDelivery } from '../../../../src/runtime/index.ts'
import { useTopology } from '../../../../src/testing/index.ts'
import type { Routes } from '../../../guides/delayed-publishing/topology.d.ts'
import { remindLater } from '../../../guides/delayed-publishing/remind.ts'
import { testBroker } from '../../support/brokers/broker.ts'
import { ownLogin } from '../runtime-vhost.ts'
import { until } from '../../support/until.ts'

const GUIDE = 'test/guides/delayed-publishing/topology.yaml'

/** The topology of the guide with shorter delays, on the broker. */
async function shop() {
  const folder = await mkdtemp(join(tmpdir(), 'warren-delays-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'topology.yaml')
  const text = (await readFile(GUIDE, 'utf8')).replace('delays: [1s, 30s]', 'delays: [50ms]')
  await writeFile(path, text.replace('[10m, 1h]', '[10m, 1h, 300ms]'))
  const fixture = await useTopology(path, { broker: await testBroker() })
  onTestFinished(() => fixture.cleanup())
  return fixture
}

describe('delayed messages', () => {
  it('arrive after their delay with key, headers and body, are retried like others, and may only use the declared delays', async () => {
    const fixture = await shop()
    const publisher = await connect({ topology: fixture.topology, url: fixture.url({ user: 'shop' }), logger: false })
    onTestFinished(() => void publisher.close({ deadline: 100 }))
    const mailer = await connect({ topology: fixture.topology, url: fixture.url({ user: 'mailer' }), logger: false })
    onTestFinished(() => void mailer.close({ deadline: 100 }))
    const seen: { body: unknown; delivery: HandlerDelivery; at: number }[] = []
    await mailer.consume('reminders', (body, delivery) => {
      seen.push({ body, delivery, at: performance.now() })
      if (delivery.attempt === 1) throw new Error('the mail server is busy')
    })

    const begin = performance.now()
    const options = { parameters: { id: 'a%2F ü' }, headers: { trace: 't-1' }, messageId: 'm-1' }
    const confirmed = await publisher.publish('order-unpaid', { id: '7' }, { ...options, delay: '300ms' })

    expect(confirmed).toEqual({ messageId: 'm-1', exchange: 'orders.delay.300ms', routingKey: 'order.a%2F ü.unpaid' })
    await until(() => seen.length === 2, 'both attempts')
    expect((seen[0]?.at ?? 0) - begin).toBeGreaterThan(290)
    expect(seen.map(({ delivery }) => delivery.attempt)).toEqual([1, 2])
    for (const { body, delivery } of seen) {
      expect(body).toEqual({ id: '7' })
      expect(delivery).toMatchObject({ messageId: 'm-1', routingKey: 'order.a%2F ü.unpaid' })
      expect(delivery.headers).toMatchObject({ trace: 't-1' })
    }
    await expect(publisher.publish('order-unpaid', {}, { parameters: { id: '7' }, delay: '7m' })).rejects.toMatchObject(
      {
        code: 'PUBLISH_INVALID',
        message: expect.stringContaining('it declares no delay "7m", and has 300ms, 10m, 1h') as string,
      },
    )
  })

  it('of the guide wait in their queue, and its publisher may use no other routing key', async () => {
    const fixture = await shop()
    const publisher = await connect<Routes>({
      topology: fixture.topology,
      url: fixture.url({ user: 'shop' }),
      logger: false,
    })
    onTestFinished(() => void publisher.close({ deadline: 100 }))

    await remindLater(publisher, '7')

    const administrator = await connectAmqp(fixture.url())
    onTestFinished(() => administrator.close())
    const reader = await administrator.createChannel()
    expect((await reader.checkQueue('orders.delay.10m')).messageCount).toBe(1)

    const other = await connectAmqp(fixture.url({ user: 'shop' }))
    onTestFinished(() => other.close().catch(() => undefined))
    const channel = await other.createConfirmChannel()
    const refused = new Promise<Error>((resolve) => channel.once('error', resolve))
    channel.publish('orders.delay.10m', 'order.7.paid', Buffer.from('{}'))
    expect((await refused).message).toMatch(/ACCESS_REFUSED|403/)
  })

  it('are not lost when connections break while they are published and while they wait', async () => {
    const fixture = await shop()
    const { url, closeConnections } = await ownLogin(fixture.vhost())
    const runtime = await connect({ topology: fixture.topology, url, logger: false })
    onTestFinished(() => void runtime.close({ deadline: 100 }))
    const seen = new Set<string>()
    await runtime.consume('reminders', (_body, { messageId = '' }) => void seen.add(messageId))

    const confirmed: string[] = []
    for (let round = 0; round < 5; round += 1) {
      const published = Array.from({ length: 20 }, (_, index) =>
        runtime
          .publish('order-unpaid', {}, { parameters: { id: '7' }, messageId: `m-${round}-${index}`, delay: '300ms' })
          .then(
            ({ messageId }) => void confirmed.push(messageId),
            () => undefined,
          ),
      )
      await closeConnections(1)
      await Promise.all(published)
    }

    await until(() => confirmed.every((id) => seen.has(id)), 'every confirmed message')
    expect(confirmed.length).toBeGreaterThan(0)
  })
})
