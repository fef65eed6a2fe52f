import { describe, expect, it, onTestFinished } from 'vitest'
import { loadTopology } from '../../../../src/desired/load/load-topology.ts'
import { connect, type HandlerDelivery } from '../../../../src/runtime/index.ts'
import type { Routes } from '../../../guides/message-versions/topology.d.ts'
import { writeInvoices } from '../../../guides/message-versions/write-invoices.ts'
import { deadLetterPlace } from '../../dead-letters/dead-letters.ts'
import { amqpUrl } from '../../support/brokers/broker.ts'
import { keep, runtimeVhost } from '../runtime-vhost.ts'
import { until } from '../../support/until.ts'

const FILE = 'test/guides/message-versions/topology.yaml'

/** Messages that fail are retried once and are then dead letters. */
const SHOP = `
warren: 1
project: shop
vhost: VHOST
exchanges:
  orders: { type: topic }
queues:
  invoices:
    type: quorum
    bindings: [{ exchange: orders, routingKey: order.placed }]
    retry: { delays: [50ms] }
    deadLetter: true
publications:
  order-placed: { exchange: orders, routingKey: order.placed, message: { version: 2 } }
subscriptions:
  invoices: { queue: invoices, message: { version: 2, accepts: [1, 2] } }
`

/** The routes of the guide, with a queue and its ladder on the broker. */
async function guide() {
  const here = await runtimeVhost()
  const { desired } = await loadTopology({ paths: [FILE], environment: {} })
  if (desired === undefined) throw new Error('the topology of the guide is wrong')
  const failure = await here.ladder({ queue: 'invoices', delays: [50] })
  const publications = desired.routes.publications.map((each) => ({
    ...each,
    exchange: 'tasks',
    routingKey: 'invoices',
  }))
  const subscriptions = desired.routes.subscriptions.map((each) => ({ ...each, failure }))
  return { here, runtime: await here.connect<Routes>({ publications, subscriptions }) }
}

describe('messages with versions', () => {
  it('reach the handler in the current version, also after a retry', async () => {
    const { here, runtime } = await guide()
    const retried = keep(runtime, 'retried')
    const written: unknown[] = []
    await writeInvoices(runtime, (...invoice) => {
      if (retried.length < 2) throw new Error('the printer is busy')
      written.push(invoice)
    })

    // Other programs publish the old version, with the header or without it.
    here.channel.publish('tasks', 'invoices', Buffer.from('{"id":"1","total":5}'))
    here.channel.publish('tasks', 'invoices', Buffer.from('{"id":"2","total":6}'), {
      headers: { 'message-version': 1 },
    })
    await until(async () => retried.length >= 2, 'two retries')
    await runtime.publish('order-placed', { id: '3', total: { amount: 7, currency: 'CHF' } })
    await until(async () => written.length >= 3, 'three invoices')

    expect(written).toHaveLength(3)
    expect(written).toEqual(
      expect.arrayContaining([
        ['1', 5, 'EUR'],
        ['2', 6, 'EUR'],
        ['3', 7, 'CHF'],
      ]),
    )
  })

  it('keep their version in retries, dead letters and replays', async () => {
    const { file, vhost, channel, dlq, ready } = await deadLetterPlace(SHOP)
    const runtime = await connect({ topology: file, url: await amqpUrl(vhost), logger: false })
    onTestFinished(() => runtime.close({ deadline: 100 }).then(() => undefined))
    const [failed, read]: [unknown[], unknown[]] = [[], []]
    let isBroken = true
    const handler = (body: unknown, { headers }: HandlerDelivery): void => {
      ;(isBroken ? failed : read).push([headers['message-version'], body])
      if (isBroken) throw new Error('the printer is busy')
    }
    await runtime.consume('invoices', handler, { upcast: { 1: (total: number) => ({ total, currency: 'EUR' }) } })

    await runtime.publish('order-placed', { total: 7, currency: 'CHF' })
    channel.publish('orders', 'order.placed', Buffer.from('5'), { headers: { 'message-version': 1 } })
    await until(async () => (await ready('invoices.dead')) === 2, 'two dead letters')
    isBroken = false
    expect(await dlq('replay', 'invoices', '-y')).toMatchObject({ code: 0 })
    await until(async () => read.length === 2, 'two replayed messages')

    const both = [
      [1, { total: 5, currency: 'EUR' }],
      [2, { total: 7, currency: 'CHF' }],
    ]
    const sorted = (all: unknown[]) => all.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    expect(sorted(failed)).toEqual([both[0], both[0], both[1], both[1]])
    expect(sorted(read)).toEqual(both)
  })

  it('go to the dead letters if the subscription does not accept their version, with the header that says which', async () => {
    const { here, runtime } = await guide()
    await writeInvoices(runtime, () => undefined)

    here.channel.publish('tasks', 'invoices', Buffer.from('{"id":"1"}'), { headers: { 'message-version': 3 } })

    const { content, properties } = await here.take('invoices.dead')
    expect(content.toString()).toBe('{"id":"1"}')
    expect(properties.headers).toMatchObject({
      'message-version': 3,
      'x-warren-reason': 'invalid',
      'x-warren-error': 'Error: its version 3 is not accepted; accepted: 1, 2',
    })
  })
})
