import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { OffsetStore } from '../../../../src/runtime/offsets/index.ts'
import { connect } from '../../../../src/runtime/index.ts'
import type { Runtime } from '../../../../src/runtime/index.ts'
import { useTopology } from '../../../../src/testing/index.ts'
import { fulfilOrders } from '../../../guides/super-streams/fulfil-orders.ts'
import { placeOrder } from '../../../guides/super-streams/place-order.ts'
import { testBroker } from '../../support/brokers/broker.ts'
import { until } from '../../support/until.ts'

const TOPOLOGY = join(import.meta.dirname, '../../../guides/super-streams/topology.yaml')
const PARTITIONS = ['orders-0', 'orders-1', 'orders-2', 'orders-3']
const CUSTOMERS = ['ada', 'bob', 'cleo', 'dan', 'eve', 'fay', 'gus', 'hal']

/** A store that several workers share, and that ignores a smaller offset like the stores of warren. */
function sharedOffsets(): OffsetStore {
  const offsets = new Map<string, number>()
  return {
    read: (name) => Promise.resolve(offsets.get(name)),
    write: (name, next) => Promise.resolve(void offsets.set(name, Math.max(next, offsets.get(name) ?? 0))),
  }
}

/** The ids of the orders of each customer, as the workers handled them. */
class Orders {
  readonly handled: { readonly id: number; readonly customer: string; readonly worker: string }[] = []

  handler(worker: string): (order: unknown) => Promise<void> {
    return (order) => {
      this.handled.push({ ...(order as { id: number; customer: string }), worker })
      return Promise.resolve()
    }
  }

  /** Each id where it appears first, so that repetitions after a handover do not count. */
  firstOf(customer: string): readonly number[] {
    return [...new Set(this.handled.filter((each) => each.customer === customer).map(({ id }) => id))]
  }
}

async function shop() {
  const broker = await testBroker()
  const fixture = await useTopology(TOPOLOGY, { broker })
  onTestFinished(() => fixture.cleanup())
  const open = async (login: 'shop' | 'fulfilment'): Promise<Runtime> => {
    const runtime = await connect({ topology: fixture.topology, url: fixture.url({ user: login }), logger: false })
    onTestFinished(async () => void (await runtime.close({ deadline: 100 })))
    return runtime
  }
  const publisher = await open('shop')
  const orders = new Orders()
  const offsets = sharedOffsets()
  let next = 0
  return {
    orders,
    /** Starts a worker, and returns the partitions that it has, by the events of its runtime. */
    work: async (name: string) => {
      const runtime = await open('fulfilment')
      const partitions = new Set<string>()
      runtime.on('consumerUp', ({ queue }) => partitions.add(queue))
      runtime.on('partitionReleased', ({ queue }) => partitions.delete(queue))
      await fulfilOrders(runtime, offsets, orders.handler(name))
      return { runtime, partitions }
    },
    /** Places orders of all customers, in turn. Resolves when all are handled. */
    place: async (count: number) => {
      const last = next + count
      for (; next < last; next++)
        await placeOrder(publisher, { id: next, customer: CUSTOMERS[next % CUSTOMERS.length] ?? '' })
      await until(() => new Set(orders.handled.map(({ id }) => id)).size === last, `${last} orders`)
    },
    /** Closes the connections of all workers from the outside, as a broken network does. */
    cutConnections: async () => {
      const path = ['connections', 'username', fixture.user('fulfilment').name]
      await until(async () => ((await broker.api.get<unknown[]>(path)) ?? []).length > 0, 'the connections')
      await broker.api.delete(path)
    },
  }
}

function expected(customer: string, count: number): readonly number[] {
  return Array.from({ length: count }, (_, id) => id).filter((id) => CUSTOMERS[id % CUSTOMERS.length] === customer)
}

describe('workers of a super stream', () => {
  it('share the partitions, and take over those of a worker that has ended, in order and without a gap', async () => {
    const { orders, work, place, cutConnections } = await shop()
    const first = await work('first')
    expect([...first.partitions].toSorted()).toEqual(PARTITIONS)
    await place(16)

    const second = await work('second')
    await until(() => first.partitions.size === 2 && second.partitions.size === 2, 'equal shares')
    expect([...first.partitions, ...second.partitions].toSorted()).toEqual(PARTITIONS)
    await place(16)

    await cutConnections()
    await place(16)
    await until(() => first.partitions.size + second.partitions.size === PARTITIONS.length, 'all partitions')

    await first.runtime.close()
    await place(16)
    await until(() => second.partitions.size === PARTITIONS.length, 'the partitions of the first worker')

    for (const customer of CUSTOMERS) expect(orders.firstOf(customer)).toEqual(expected(customer, 64))
    expect(new Set(orders.handled.map(({ worker }) => worker))).toEqual(new Set(['first', 'second']))
  })
})
