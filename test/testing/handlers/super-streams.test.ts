import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestRuntime } from '../../../src/testing/handlers/create-test-runtime.ts'
import { publication, subscription } from '../../runtime/routes.ts'

const offsets = { read: () => Promise.resolve(undefined), write: () => Promise.resolve() }

async function shop() {
  const sharing = {
    partitions: [
      { queue: 'orders-0', lock: 'orders.lock.ship-0' },
      { queue: 'orders-1', lock: 'orders.lock.ship-1' },
    ],
    workers: 'orders.workers.ship',
    waiting: 'orders.waiting.ship',
  }
  const key = { routingKey: '{partitionKey}', parameters: ['partitionKey'], partitionKeys: ['0', '1'] }
  const routes = {
    publications: [publication({ name: 'placed', exchange: 'orders', ...key })],
    subscriptions: [subscription({ name: 'ship', queue: 'orders', queueType: 'stream', sharing })],
  }
  const runtime = await createTestRuntime({ routes })
  onTestFinished(async () => void (await runtime.close()))
  return runtime
}

describe('a test runtime with a super stream', () => {
  it('delivers from a partition, to a consumer that has a store of offsets', async () => {
    const runtime = await shop()
    const queues: string[] = []
    await expect(runtime.consume('ship', () => undefined)).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    await runtime.consume('ship', (_, { queue }) => void queues.push(queue), { offsets })

    expect(await runtime.deliver('ship', { body: 1 })).toMatchObject({ outcome: 'done' })
    expect(queues).toEqual(['orders-0'])
  })

  it('publishes to the partition of the key', async () => {
    const runtime = await shop()
    // 3591948756 and 1772425613, modulo 2
    await runtime.publish('placed', 1, { parameters: { partitionKey: 'rabbit' } })
    await runtime.publish('placed', 2, { parameters: { partitionKey: 'd4c39ae6-2fc3-41a2-8771-161251e57d1a' } })

    expect(runtime.published('placed').map(({ routingKey }) => routingKey)).toEqual(['0', '1'])
  })
})
