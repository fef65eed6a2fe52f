import { join } from 'node:path'
import { connect as connectAmqp } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { OffsetStore } from '../../../../src/runtime/offsets/index.ts'
import { connect } from '../../../../src/runtime/index.ts'
import type { Runtime } from '../../../../src/runtime/index.ts'
import { useTopology } from '../../../../src/testing/index.ts'
import { fulfilOrders } from '../../../guides/super-streams/fulfil-orders.ts'
import { placeOrder } from '../../../guides/super-streams/place-order.ts'
import type { OpenConnection } from '../../../../src/broker/amqp/connections/open-connection.ts'
import { PartitionLock } from '../../../../src/runtime/super-streams/partition-lock.ts'
import { amqpUrl, testBroker } from '../../support/brokers/broker.ts'
import { ownLogin, runtimeVhost } from '../runtime-vhost.ts'
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

/** An order as a worker handled it. */
interface HandledOrder {
  readonly id: number
  readonly customer: string
  readonly worker: string
}

async function shop() {
  const broker = await testBroker()
  const fixture = await useTopology(TOPOLOGY, { broker })
  onTestFinished(() => fixture.cleanup())
  const open = async (url: string): Promise<Runtime> => {
    const runtime = await connect({ topology: fixture.topology, url, logger: false })
    onTestFinished(async () => void (await runtime.close({ deadline: 100 })))
    return runtime
  }
  const publisher = await open(fixture.url({ user: 'shop' }))
  const handled: HandledOrder[] = []
  const offsets = sharedOffsets()
  let next = 0
  return {
    handled,
    vhost: publisher.vhost,
    open: () => open(fixture.url({ user: 'fulfilment' })),
    /** Starts a worker. Its set of partitions follows the events of its runtime. */
    work: async (worker: string, url = fixture.url({ user: 'fulfilment' }), before = () => Promise.resolve()) => {
      const runtime = await open(url)
      const partitions = new Set<string>()
      runtime.on('consumerUp', ({ queue }) => partitions.add(queue))
      runtime.on('partitionReleased', ({ queue }) => partitions.delete(queue))
      await fulfilOrders(runtime, offsets, async (order) => {
        await before()
        handled.push({ ...(order as { id: number; customer: string }), worker })
      })
      return { runtime, partitions }
    },
    /** Places orders of all customers in turn. */
    place: async (count: number) => {
      const last = next + count
      for (; next < last; next++) {
        await placeOrder(publisher, { id: next, customer: CUSTOMERS[next % CUSTOMERS.length] ?? '' })
      }
    },
    /** Waits until the workers have handled all orders so far at least once. */
    all: () => until(() => new Set(handled.map(({ id }) => id)).size === next, `${next} orders`),
    /** Closes the connections of a login from the outside, as a broken network does. */
    cut: async (username = fixture.user('fulfilment').name) => {
      const path = ['connections', 'username', username]
      await until(async () => ((await broker.api.get<unknown[]>(path)) ?? []).length >= 2, 'the connections')
      await broker.api.delete(path)
    },
    /** Lets a login fail from now on. */
    lockOut: (username: string) => broker.api.put(['users', username], { password: 'another', tags: '' }),
  }
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, n) => from + n)
}

/** The ids from one on as often as they were handled, ascending. */
function idsFrom(handled: readonly HandledOrder[], first: number): readonly number[] {
  return handled.flatMap(({ id }) => (id >= first ? [id] : [])).toSorted((a, b) => a - b)
}

/** The ids of a customer in the order in which they were first handled. */
function firstOf(handled: readonly HandledOrder[], customer: string): readonly number[] {
  return [...new Set(handled.filter((each) => each.customer === customer).map(({ id }) => id))]
}

describe('workers of a super stream', () => {
  it('share its partitions, and consume each at one place, also after their connections were lost', async () => {
    const { handled, work, place, all, cut } = await shop()
    const first = await work('first')
    expect([...first.partitions].toSorted()).toEqual(PARTITIONS)
    await place(16)
    await all()

    const second = await work('second')
    await until(() => first.partitions.size === 2 && second.partitions.size === 2, 'equal shares')
    expect([...first.partitions, ...second.partitions].toSorted()).toEqual(PARTITIONS)
    await place(16)
    await all()
    // A worker stores the offset before it gives a partition up, so the next one repeats nothing.
    expect(idsFrom(handled, 0)).toEqual(range(0, 32))

    await cut()
    await until(() => first.partitions.size + second.partitions.size < PARTITIONS.length, 'the loss')
    await until(() => first.partitions.size + second.partitions.size === PARTITIONS.length, 'all partitions')
    await place(16)
    await all()
    await first.runtime.close()
    await place(8)
    await all()

    // Only messages from before the loss are repeated. A consumer without its lock would repeat others.
    expect(idsFrom(handled, 32)).toEqual(range(32, 56))
    expect(new Set(handled.map(({ worker }) => worker))).toEqual(new Set(['first', 'second']))
    for (const customer of CUSTOMERS) {
      expect(firstOf(handled, customer)).toEqual(range(0, 56).filter((id) => CUSTOMERS[id % 8] === customer))
    }
  })

  it('take over from a worker that dies within a handler, in order and without a gap', async () => {
    const { handled, vhost, work, place, all, cut, lockOut } = await shop()
    const { login, url } = await ownLogin(vhost)
    let stuck = 0
    const dying = await work(
      'dying',
      url,
      () => (stuck++, stuck > 4 ? new Promise(() => undefined) : Promise.resolve()),
    )
    const heir = await work('heir')
    await until(() => dying.partitions.size === 2 && heir.partitions.size === 2, 'equal shares')
    await place(32)
    await until(() => stuck > 4, 'a handler that never ends')

    await lockOut(login.username)
    await cut(login.username)
    await all()
    await until(() => heir.partitions.size === PARTITIONS.length, 'the partitions of the dead worker')

    for (const customer of CUSTOMERS) {
      expect(firstOf(handled, customer)).toEqual(range(0, 32).filter((id) => CUSTOMERS[id % 8] === customer))
    }
    expect(dying.runtime.isReady).toBe(false)
    expect(heir.runtime.isReady).toBe(true)
  })

  it('cannot start while a queue by which they share the partitions is missing', async () => {
    const { open, vhost } = await shop()
    const connection = await connectAmqp(await amqpUrl(vhost))
    onTestFinished(() => connection.close())
    await (await connection.createChannel()).deleteQueue('orders.lock.fulfilment-1')

    await expect(open()).rejects.toThrow(
      'subscription "fulfilment" uses the queue "orders.lock.fulfilment-1", which does not exist',
    )
  })
})

describe('the lock of a partition', () => {
  it('has one holder among those that try at once, and is free when its connection ends', async () => {
    const { url, channel } = await runtimeVhost()
    await channel.assertQueue('lock', { arguments: { 'x-queue-type': 'classic' } })
    const [one, two] = await Promise.all([connectAmqp(url), connectAmqp(url)])
    onTestFinished(() => two.close())
    const acquire = (model: typeof one) => PartitionLock.acquire({ model } as unknown as OpenConnection, 'lock')

    const holder = await acquire(one)
    expect(holder).toBeDefined()
    expect([await acquire(one), await acquire(two)]).toEqual([undefined, undefined])

    await one.close()
    expect(await holder?.lost).toBeTypeOf('string')
    expect(await until(() => acquire(two), 'the free lock')).toBeDefined()
  })
})
