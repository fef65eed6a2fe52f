import { describe, expect, it } from 'vitest'
import { loadTopology } from '../../../src/desired/load/load-topology.ts'
import type { Routes } from '../../guides/message-versions/topology.d.ts'
import { writeInvoices } from '../../guides/message-versions/write-invoices.ts'
import { keep, runtimeVhost } from './runtime-vhost.ts'
import { until } from '../support/until.ts'

const FILE = 'test/guides/message-versions/topology.yaml'

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
  it('reach the handler in the current version, also after a retry, and keep their version in copies', async () => {
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
