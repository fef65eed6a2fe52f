import { describe, expect, it } from 'vitest'
import { ManagementClient } from '../../../src/broker/management/client.ts'
import { reads } from '../../../src/broker/management/reads.ts'
import { SharedReads } from '../../../src/broker/management/shared-reads.ts'
import { fakeApi } from './fake-api.ts'

const BILLS = { name: 'bills', vhost: '/', type: 'classic', durable: true, auto_delete: false, arguments: {} }

async function clients() {
  const api = await fakeApi((path) => (path === '/api/queues/%2F' ? [{ ...BILLS, messages: 3 }] : undefined))
  const shared = new SharedReads()
  const client = () => new ManagementClient(api.connection, undefined, shared)
  return { api, shared, one: client(), two: client() }
}

describe('SharedReads', () => {
  it('sends each read of several clients once', async () => {
    const { api, shared, one, two } = await clients()

    await Promise.all([reads.vhosts(one), reads.vhosts(two), reads.exchanges(one, '/'), reads.exchanges(two, 'other')])

    expect(api.requests.toSorted()).toEqual(['GET /api/exchanges/%2F', 'GET /api/exchanges/other', 'GET /api/vhosts'])
    expect(shared.requests).toBe(3)
  })

  it('answers all reads of the queues of a vhost with one request', async () => {
    const { api, one, two } = await clients()

    const [[queue], [totals], [metrics]] = await Promise.all([
      reads.queues(one, '/'),
      reads.queueTotals(two, '/'),
      reads.queueMetrics(two, '/'),
      reads.queueStatistics(one, '/'),
      reads.heldDeadLetters(one, '/'),
    ])

    expect(api.requests).toEqual(['GET /api/queues/%2F'])
    expect([queue?.name, totals?.messages, metrics?.messages]).toEqual(['bills', 3, 3])
  })

  it('requests a path again after a failure, and shares the failure of one request', async () => {
    const shared = new SharedReads()
    const answers = [Promise.reject(new Error('no answer')), Promise.resolve(['a vhost'])]
    const read = () => shared.read('broker', '/api/vhosts', () => answers.shift() ?? Promise.reject(new Error('third')))

    const failed = await Promise.allSettled([read(), read()])
    const again = await Promise.all([read(), read()])

    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(again).toEqual([['a vhost'], ['a vhost']])
    expect(shared.requests).toBe(2)
  })

  it('does not share the read of one queue', async () => {
    const { api, one } = await clients()

    await reads.queue(one, '/', 'bills').catch(() => undefined)

    expect(api.requests[0]).toBe('GET /api/queues/%2F/bills')
  })
})
