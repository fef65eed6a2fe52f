import { describe, expect, it } from 'vitest'
import { type Late, type RoutingEvent, Simulation } from '../../../../src/insight/routing/simulation/simulation.ts'
import { VhostModel } from '../../../../src/insight/routing/vhost-model.ts'
import type { Queue } from '../../../../src/model/topology.ts'
import { binding, exchange, queue, topology } from '../../../builders/objects.ts'

const toDead = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' }

function simulate(queues: readonly Queue[], version = '4.0.5') {
  const events: RoutingEvent<string>[] = []
  const model = new VhostModel(topology({ queues: [...queues, queue('dead')] }), version)
  const simulation = new Simulation<string>(model, { onEvent: (event) => events.push(event) })
  const publish = (name: string, ...items: readonly string[]) => {
    for (const item of items) simulation.publish('', { routingKey: name }, item)
  }
  return { simulation, events, publish }
}

describe('Simulation', () => {
  it('drops the oldest message of a queue that is too long', () => {
    const { simulation, publish } = simulate([queue('work', { arguments: { ...toDead, 'x-max-length': 1 } })])
    publish('work', 'first', 'second')

    expect(simulation.itemsIn('work')).toEqual(['second'])
    expect(simulation.itemsIn('dead')).toEqual(['first'])
  })

  it('refuses one more message on a classic queue than on a quorum queue', () => {
    const table = { 'x-max-length': 1, 'x-overflow': 'reject-publish' }
    const { events, publish } = simulate([
      queue('classic', { arguments: table }),
      queue('quorum', { type: 'quorum', arguments: table }),
    ])
    publish('classic', '1', '2')
    publish('quorum', '3', '4', '5')

    expect(events.filter(({ kind }) => kind === 'refused')).toEqual([
      { kind: 'refused', item: '2', queue: 'classic' },
      { kind: 'refused', item: '5', queue: 'quorum' },
    ])
  })

  it('lets a message expire only when it is the first of its queue', () => {
    const { simulation } = simulate([queue('work', { arguments: toDead })])
    simulation.publish('', { routingKey: 'work' }, 'stays')
    simulation.publish('', { routingKey: 'work', expiration: 10 }, 'waits behind it')
    simulation.letTimePass()
    simulation.letTimePass(simulation.now + 100)

    expect(simulation.itemsIn('work')).toEqual(['stays', 'waits behind it'])

    simulation.takeFirst('work')
    expect(simulation.itemsIn('work')).toEqual([])
    expect(simulation.itemsIn('dead')).toEqual(['waits behind it'])
  })

  it('reports a message that its queue drops because it has no dead-letter exchange', () => {
    const { simulation, events, publish } = simulate([queue('work', { arguments: { 'x-message-ttl': 5 } })])
    publish('work', 'lost')
    simulation.letTimePass()

    expect(events.at(-1)).toEqual({
      kind: 'lost',
      item: 'lost',
      queue: 'work',
      because: { kind: 'no-dead-letter-exchange', reason: 'expired' },
    })
    expect(simulation.now).toBe(5)
  })

  it('keeps a dead letter without a destination if dead-lettering is at-least-once', () => {
    const table = {
      'x-dead-letter-exchange': 'missing',
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    }
    const { simulation, events, publish } = simulate([queue('work', { type: 'quorum', arguments: table })])
    publish('work', 'held')
    simulation.giveUpFirst('work', 'rejected')

    expect(events.at(-1)).toEqual({ kind: 'held', item: 'held', queue: 'work' })
  })

  it('ends after the maximum number of steps if messages circulate forever', () => {
    const round = (next: string) => ({
      'x-message-ttl': 1,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': next,
    })
    const { simulation, publish } = simulate(
      [queue('a', { arguments: round('b') }), queue('b', { arguments: round('a') })],
      '3.10.8',
    )
    publish('a', 'comes back once')

    expect(simulation.letTimePass(Infinity, 1)).toBe(true)
    expect(simulation.letTimePass()).toBe(false)
  })

  it('does not predict the size that a quorum queue counts', () => {
    const { events, publish } = simulate([queue('work', { type: 'quorum', arguments: { 'x-max-length-bytes': 10 } })])
    publish('work', 'any')

    expect(events).toEqual([
      { kind: 'uncertain', item: 'any', because: [{ kind: 'byte-limit', address: 'queue:%2F/work' }] },
    ])
  })

  it('evicts by 32 priorities from a quorum queue of 4.3, where a message without one has 4', () => {
    const limited = queue('work', { type: 'quorum', arguments: { ...toDead, 'x-max-length': 2 } })
    const { simulation, publish } = simulate([limited], '4.3.6')
    simulation.publish('', { routingKey: 'work', priority: 3 }, 'three')
    simulation.publish('', { routingKey: 'work', priority: 0 }, 'zero')
    publish('work', 'without')

    expect(simulation.itemsIn('work')).toEqual(['three', 'zero'])
    expect(simulation.itemsIn('dead')).toEqual(['without'])
  })

  it.each([
    ['4.3.6', ['waits forever'], ['expires']],
    ['4.2.0', ['waits forever', 'expires'], []],
  ])('lets the first message of each priority of a quorum queue expire in RabbitMQ %s', (version, work, dead) => {
    const { simulation } = simulate([queue('work', { type: 'quorum', arguments: toDead })], version)
    simulation.publish('', { routingKey: 'work', priority: 6 }, 'waits forever')
    simulation.publish('', { routingKey: 'work', priority: 0, expiration: 10 }, 'expires')
    simulation.letTimePass()
    simulation.letTimePass(simulation.now + 100)

    expect(simulation.itemsIn('work')).toEqual(work)
    expect(simulation.itemsIn('dead')).toEqual(dead)
  })

  it('delivers every third message of a quorum queue of 4.0 ahead of the important ones', () => {
    const { simulation, publish } = simulate([queue('work', { type: 'quorum' })], '4.0.5')
    publish('work', 'a', 'b')
    for (const item of ['1', '2', '3', '4']) simulation.publish('', { routingKey: 'work', priority: 5 }, item)
    const expected = ['1', '2', 'a', '3', '4', 'b']

    expect(simulation.itemsIn('work')).toEqual(expected)
    expect(expected.map(() => simulation.takeFirst('work'))).toEqual(expected)
  })

  it('keeps an earlier important message ahead of the others', () => {
    const { simulation, publish } = simulate([queue('work', { type: 'quorum' })], '4.0.5')
    for (const item of ['1', '2', '3']) simulation.publish('', { routingKey: 'work', priority: 5 }, item)
    publish('work', 'a', 'b')

    expect(simulation.itemsIn('work')).toEqual(['1', '2', '3', 'a', 'b'])
  })

  it('delivers an expired message that overtook the others of a classic queue, because the queue has not checked it', () => {
    const { simulation, publish } = simulate([queue('work', { arguments: { ...toDead, 'x-max-priority': 1 } })])
    publish('work', 'waits forever')
    for (const item of ['overtakes', 'overtakes too']) {
      simulation.publish('', { routingKey: 'work', priority: 1, expiration: 10 }, item)
    }
    simulation.letTimePass(100)

    expect(simulation.itemsIn('work')).toEqual(['overtakes', 'overtakes too', 'waits forever'])

    expect(simulation.takeFirst('work')).toBe('overtakes')
    expect(simulation.itemsIn('work')).toEqual(['waits forever'])
    expect(simulation.itemsIn('dead')).toEqual(['overtakes too'])
  })

  it('lets a message that overtook others of a classic queue expire when the queue checks it, after it evicts one', () => {
    const limited = { ...toDead, 'x-max-priority': 1, 'x-max-length': 3 }
    const { simulation, publish } = simulate([queue('work', { arguments: limited })])
    publish('work', 'waits forever')
    for (const item of ['is evicted', 'expires']) {
      simulation.publish('', { routingKey: 'work', priority: 1, expiration: 10 }, item)
    }
    publish('work', 'evicts one')
    simulation.letTimePass(100)

    expect(simulation.itemsIn('work')).toEqual(['waits forever', 'evicts one'])
    expect(simulation.itemsIn('dead')).toEqual(['is evicted', 'expires'])
  })

  it('lets a dead letter overtake a late copy of the same message that is routed directly', () => {
    const given = topology({
      exchanges: [exchange('both', { type: 'fanout' })],
      queues: [
        queue('full', { arguments: { ...toDead, 'x-max-length': 0 } }),
        queue('dead', { type: 'quorum', arguments: { 'x-max-length': 0, 'x-overflow': 'reject-publish' } }),
      ],
      bindings: [binding('both', 'dead'), binding('both', 'full')],
    })
    const publish = (late: boolean) => {
      const events: RoutingEvent<string>[] = []
      const options = { onEvent: (event: RoutingEvent<string>) => events.push(event) }
      let asked = 0
      // The first step concerns the queue "dead".
      const lateness = (of: Late) => (late && of === 'publish' && asked++ === 0 ? 10 : 0)
      const simulation = new Simulation<string>(new VhostModel(given, '3.10.8'), { ...options, lateness })
      simulation.publish('both', { routingKey: '' }, 'message')
      return events.map(({ kind }) => kind)
    }

    expect(publish(false)).toEqual(['arrived', 'arrived', 'dead-lettered', 'arrived'])
    expect(publish(true)).toEqual(['arrived', 'dead-lettered', 'arrived', 'refused'])
  })

  it.each([
    ['at-most-once', ['1', '2', 'dead letter']],
    ['at-least-once', ['1', '2']],
  ])('lets a full quorum queue accept a dead letter that is %s only without a confirm', (strategy, expected) => {
    const source = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'full' }
    const { simulation, events, publish } = simulate([
      queue('work', {
        type: 'quorum',
        arguments: { ...source, 'x-dead-letter-strategy': strategy, 'x-overflow': 'reject-publish' },
      }),
      queue('full', { type: 'quorum', arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } }),
    ])
    publish('full', '1', '2')
    publish('work', 'dead letter')
    simulation.giveUpFirst('work', 'rejected')

    expect(simulation.itemsIn('full')).toEqual(expected)
    expect(events.some(({ kind }) => kind === 'held')).toBe(strategy === 'at-least-once')
  })
})
