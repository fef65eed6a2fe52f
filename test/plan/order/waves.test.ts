import { describe, expect, it } from 'vitest'
import type { Topology } from '../../../src/model/topology.ts'
import { isWrite } from '../../../src/plan/steps/subject.ts'
import { orderInWaves } from '../../../src/plan/order/waves.ts'
import { binding, exchange, permission, queue, topology, user, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

const wavesOf = (desired: Topology, live: Topology = topology()) =>
  orderInWaves(planOf(live, desired).changes.filter(isWrite)).waves.map((wave) => wave.map(({ address }) => address))

describe('orderInWaves', () => {
  it('creates a vhost before its objects, and a user before its permissions', () => {
    const desired = topology({
      vhosts: [vhost('v')],
      users: [user('u')],
      permissions: [permission('u', { vhost: 'v' })],
    })

    expect(wavesOf(desired)).toEqual([['vhost:v', 'user:u'], ['permission:v/u']])
  })

  it('makes a dead-letter route before the queue that sends its dead letters there (pitfall 39)', () => {
    const desired = topology({
      exchanges: [exchange('work.failed')],
      queues: [
        queue('work', { arguments: { 'x-dead-letter-exchange': 'work.failed', 'x-dead-letter-routing-key': 'dead' } }),
        queue('work.dead'),
        queue('work.retry.5s', {
          arguments: { 'x-dead-letter-exchange': 'work.failed', 'x-dead-letter-routing-key': 'back' },
        }),
      ],
      bindings: [
        binding('work.failed', 'work.dead', { routingKey: 'dead' }),
        binding('work.failed', 'work', { routingKey: 'back' }),
        binding('work.failed', 'work.retry.5s', { routingKey: '5s' }),
      ],
    })

    expect(wavesOf(desired)).toEqual([
      ['exchange:%2F/work.failed', 'queue:%2F/work.dead'],
      ['binding:%2F/work.failed/queue/work.dead/dead'],
      ['queue:%2F/work'],
      ['binding:%2F/work.failed/queue/work/back'],
      ['queue:%2F/work.retry.5s'],
      ['binding:%2F/work.failed/queue/work.retry.5s/5s'],
    ])
  })

  it('uses any binding of the dead-letter exchange if none has exactly the key', () => {
    const desired = topology({
      exchanges: [exchange('dlx', { type: 'fanout' })],
      queues: [
        queue('work', { arguments: { 'x-dead-letter-exchange': 'dlx', 'x-dead-letter-routing-key': 'k' } }),
        queue('dead'),
      ],
      bindings: [binding('dlx', 'dead')],
    })

    expect(wavesOf(desired).at(-1)).toEqual(['queue:%2F/work'])
  })

  it('orders queues that dead-letter to each other, which the broker allows, and unrelated objects', () => {
    const deadLetterTo = (exchangeName: string) => ({
      'x-dead-letter-exchange': exchangeName,
      'x-dead-letter-routing-key': 'k',
    })
    const desired = topology({
      exchanges: [exchange('x'), exchange('y')],
      queues: [
        queue('a', { arguments: deadLetterTo('x') }),
        queue('b', { arguments: deadLetterTo('y') }),
        queue('c', { arguments: deadLetterTo('x') }),
      ],
      bindings: [binding('x', 'b', { routingKey: 'k' }), binding('y', 'a', { routingKey: 'k' })],
    })
    const waves = wavesOf(desired)

    expect(waves.flat()).toHaveLength(7)
    expect(waves.at(-1)).toEqual(['queue:%2F/c'])
  })

  it('names what a change requires', () => {
    const desired = topology({ exchanges: [exchange('x')], queues: [queue('q')], bindings: [binding('x', 'q')] })
    const { requires } = orderInWaves(planOf(topology(), desired).changes.filter(isWrite))

    expect(requires.get('binding:%2F/x/queue/q/')).toEqual(['vhost:%2F', 'exchange:%2F/x', 'queue:%2F/q'])
  })
})
