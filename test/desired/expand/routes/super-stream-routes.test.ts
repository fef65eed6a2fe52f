import { describe, expect, it } from 'vitest'
import { coordinationQueues } from '../../../../src/model/routes.ts'
import { at, expanded, found, type Sections } from '../declared.ts'

const ORDERS: Sections = {
  superStreams: { orders: { partitions: 2 } },
  publications: { placed: { superStream: 'orders' } },
  subscriptions: { ship: { superStream: 'orders' } },
}

describe('a subscription to a super stream', () => {
  it('names its partitions with their locks, and begins at the first message', () => {
    expect(expanded(ORDERS).routes.subscriptions).toEqual([
      {
        name: 'ship',
        vhost: '/',
        queue: 'orders',
        queueType: 'stream',
        sharing: {
          partitions: [
            { queue: 'orders-0', lock: 'orders.lock.ship-0' },
            { queue: 'orders-1', lock: 'orders.lock.ship-1' },
          ],
          workers: 'orders.workers.ship',
          waiting: 'orders.waiting.ship',
        },
        offset: { kind: 'first' },
        failure: { kind: 'onFailure', action: 'requeue' },
        origin: at('subscriptions.ship'),
      },
    ])
  })

  it('creates its queues as durable classic queues, each subscription its own', () => {
    const both = { ...ORDERS, subscriptions: { ship: { superStream: 'orders' }, bill: { superStream: 'orders' } } }
    const { topology, routes } = expanded(both)
    const made = topology.queues.filter(({ role }) => role?.kind === 'coordination')

    expect(made.map(({ name }) => name).toSorted()).toEqual(routes.subscriptions.flatMap(coordinationQueues).toSorted())
    expect(made.find(({ name }) => name === 'orders.lock.ship-0')).toEqual({
      vhost: '/',
      name: 'orders.lock.ship-0',
      type: 'classic',
      durable: true,
      autoDelete: false,
      arguments: {},
      role: { kind: 'coordination', of: 'orders' },
      origin: at('subscriptions.ship'),
    })
  })

  it('keeps a time as its beginning, and what happens to failed messages', () => {
    const s = { superStream: 'orders', offset: '2026-01-31', onFailure: 'stop' } as const

    expect(expanded({ ...ORDERS, subscriptions: { s } }).routes.subscriptions[0]).toMatchObject({
      offset: { kind: 'time', time: Date.UTC(2026, 0, 31) },
      failure: { kind: 'onFailure', action: 'stop' },
    })
  })

  it.each(['next', 'last', 5])('cannot begin at %j, where a handover could leave messages out', (offset) => {
    expect(found({ ...ORDERS, subscriptions: { s: { superStream: 'orders', offset } } })).toEqual([
      'super-stream-offset at subscriptions.s.offset',
    ])
  })

  it('needs a declared super stream, and no queue besides', () => {
    const subscriptions = { other: { superStream: 'order' }, both: { superStream: 'orders', queue: 'q' }, none: {} }

    expect(found({ ...ORDERS, queues: { q: {} }, subscriptions })).toEqual([
      'unknown-super-stream at subscriptions.other.superStream',
      'subscription-source at subscriptions.both',
      'subscription-source at subscriptions.none',
    ])
  })

  it('reports names of its queues that are taken, by a declared queue or by a partition', () => {
    const superStreams = { orders: { partitions: 2 }, 'orders.lock.ship': { partitions: 1 } }
    const queues = { 'orders.workers.ship': {} }

    expect(found({ ...ORDERS, superStreams, queues })).toEqual([
      'derived-name-taken at subscriptions.ship',
      'derived-name-taken at subscriptions.ship, declared queues.orders.workers.ship',
    ])
  })

  it('grants its user exactly the partitions and the queues by which workers share them', () => {
    const u = { can: { consume: ['ship'] } }
    const [rights] = expanded({ ...ORDERS, users: { u } }).topology.permissions
    const read = new RegExp(rights?.read ?? '')

    expect(rights).toMatchObject({ configure: '', write: '' })
    const needed = ['orders-0', 'orders-1', 'orders.lock.ship-0', 'orders.lock.ship-1']
    for (const name of [...needed, 'orders.workers.ship', 'orders.waiting.ship']) expect(name).toMatch(read)
    for (const name of ['orders', 'orders-2', 'orders.lock.bill-0', 'orders.workers.bill'])
      expect(name).not.toMatch(read)
  })

  it('has a permission that RabbitMQ 4.3 accepts with a hundred partitions', () => {
    const u = { can: { consume: ['ship'] } }
    const [rights] = expanded({ ...ORDERS, superStreams: { orders: { partitions: 100 } }, users: { u } }).topology
      .permissions

    expect(rights?.read.length).toBeLessThanOrEqual(1_024)
  })
})

describe('a publication to a super stream', () => {
  it('has the partition key as its only parameter, and the binding keys of the partitions in order', () => {
    const superStreams = { orders: { bindingKeys: ['us', 'eu'] } }

    expect(expanded({ ...ORDERS, superStreams }).routes.publications[0]).toMatchObject({
      exchange: 'orders',
      routingKey: '{partitionKey}',
      parameters: ['partitionKey'],
      partitionKeys: ['us', 'eu'],
    })
  })

  it('has no routing key, no exchange and no queue, and needs a declared super stream', () => {
    const publications = {
      key: { superStream: 'orders', routingKey: 'x' },
      both: { superStream: 'orders', exchange: 'amq.direct' },
      unknown: { superStream: 'order' },
    }

    expect(found({ ...ORDERS, publications })).toEqual([
      'routing-key-with-super-stream at publications.key.routingKey',
      'publication-route at publications.both',
      'unknown-super-stream at publications.unknown.superStream',
    ])
  })
})
