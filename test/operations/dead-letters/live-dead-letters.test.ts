import { describe, expect, it } from 'vitest'
import { snapshotOfDefinitions } from '../../../src/broker/snapshot/snapshot-of-definitions.ts'
import { liveDeadLetterQueues, unreadForDeadLetters } from '../../../src/operations/dead-letters/live-dead-letters.ts'

const deadLettersTo = (exchange: string, routingKey?: string) => ({
  'x-dead-letter-exchange': exchange,
  ...(routingKey !== undefined && { 'x-dead-letter-routing-key': routingKey }),
})

/** Finds the dead-letter queues of a broker with these queues and bindings. */
function found(
  queues: Readonly<Record<string, object>>,
  bindings: readonly (readonly [string, string, string])[] = [],
) {
  const snapshot = snapshotOfDefinitions(
    {
      rabbitmq_version: '4.3.6',
      vhosts: [{ name: '/' }],
      exchanges: [...new Set(bindings.map(([source]) => source))].map((name) => ({
        vhost: '/',
        name,
        type: 'direct',
        durable: true,
        auto_delete: false,
        internal: false,
        arguments: {},
      })),
      queues: Object.entries(queues).map(([name, table]) => {
        return { vhost: '/', name, durable: true, auto_delete: false, arguments: table }
      }),
      bindings: bindings.map(([source, destination, key]) => ({
        vhost: '/',
        source,
        destination,
        destination_type: 'queue',
        routing_key: key,
        arguments: {},
      })),
    },
    { path: 'd.json' },
  )
  if ('finding' in snapshot) throw new Error(snapshot.finding.code)
  return liveDeadLetterQueues(snapshot)
}

describe('liveDeadLetterQueues', () => {
  it('finds a queue that receives dead letters, and returns them by the name of the queue that failed', () => {
    expect(found({ orders: deadLettersTo('', 'rejected'), rejected: {} })).toEqual([
      {
        vhost: '/',
        name: 'rejected',
        routes: [
          {
            vhost: '/',
            queue: 'orders',
            deadLetterQueue: 'rejected',
            exchange: '',
            routingKey: 'rejected',
            back: { exchange: '', routingKey: 'orders' },
          },
        ],
      },
    ])
  })

  it('uses the return route of warren if it exists', () => {
    const [queue] = found({ orders: deadLettersTo('orders.failed', 'dead'), 'orders.dead': {} }, [
      ['orders.failed', 'orders.dead', 'dead'],
      ['orders.failed', 'orders', 'back'],
    ])

    expect(queue?.routes.map(({ back }) => back)).toEqual([{ exchange: 'orders.failed', routingKey: 'back' }])
  })

  it('lists every source queue of dead letters that keep their own routing key', () => {
    const [queue] = found({ a: deadLettersTo('dlx'), b: deadLettersTo('dlx'), all: {} }, [['dlx', 'all', 'x']])

    expect(queue?.routes.map(({ queue: from, routingKey }) => [from, routingKey])).toEqual([
      ['a', undefined],
      ['b', undefined],
    ])
  })

  it.each(['orders.dead', 'orders_error', 'orders-dlq', 'dead-letters', 'Orders.DLQ', 'parking-lot', 'error'])(
    'takes %s for a dead-letter queue by its name, with an unknown origin',
    (name) => {
      expect(found({ [name]: {} })).toEqual([{ vhost: '/', name, routes: [] }])
    },
  )

  it('leaves out streams, delay queues, targets of delay queues, and queues whose names only look similar', () => {
    const queues = {
      'stream.dead': { 'x-queue-type': 'stream' },
      'delay.failed': { ...deadLettersTo('', 'orders'), 'x-message-ttl': 1_000 },
      orders: {},
      deadline: {},
      'errors.of.today': {},
    }

    expect(found(queues)).toEqual([])
  })
})

describe('unreadForDeadLetters', () => {
  it('names only the missing data that hides queues or their sources', () => {
    expect(
      unreadForDeadLetters([
        { what: 'policies', vhost: 'shop', reason: 'needs-policymaker' },
        { what: 'vhost', vhost: 'closed', reason: 'no-permission' },
        { what: 'users', reason: 'needs-administrator' },
      ]),
    ).toEqual(['the policies of vhost "shop"', 'the queues of vhost "closed"'])
  })
})
