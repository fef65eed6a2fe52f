import { describe, expect, it } from 'vitest'
import { mayBe } from '../../../src/insight/routing/reach.ts'
import { VhostModel } from '../../../src/insight/routing/vhost-model.ts'
import type { Topology } from '../../../src/model/topology.ts'
import { binding, exchange, policy, queue, topology } from '../../builders/objects.ts'

function model(objects: Partial<Topology>, version = '4.0.5'): VhostModel {
  return new VhostModel(topology(objects), version)
}

const QUEUES = [queue('a'), queue('b')]

describe('VhostModel', () => {
  it('delivers one copy to a queue that several bindings and keys lead to', () => {
    const given = model({
      queues: QUEUES,
      exchanges: [exchange('x', { type: 'topic' })],
      bindings: [binding('x', 'a', { routingKey: '#' }), binding('x', 'a', { routingKey: 'k' })],
    })

    expect(given.route('x', { routingKey: 'k', headers: { CC: ['other'] } }).queues).toEqual(['a'])
  })

  it('routes by the name of the queue through the default exchange, including CC', () => {
    const message = { routingKey: 'a', headers: { CC: ['b', 'missing'] } }

    expect(model({ queues: QUEUES }).route('', message).queues).toEqual(['a', 'b'])
  })

  it('ends at an exchange that it has already passed', () => {
    const given = model({
      queues: QUEUES,
      exchanges: [exchange('x', { type: 'fanout' }), exchange('y', { type: 'fanout' })],
      bindings: [
        binding('x', 'y', { destinationType: 'exchange' }),
        binding('y', 'x', { destinationType: 'exchange' }),
        binding('y', 'a'),
      ],
    })

    expect(given.route('x', { routingKey: '' }).queues).toEqual(['a'])
  })

  it('uses the alternate exchange only if the own bindings match nothing', () => {
    const given = model({
      queues: QUEUES,
      exchanges: [
        exchange('x', { arguments: { 'alternate-exchange': 'other' } }),
        exchange('dead-end'),
        exchange('other', { type: 'fanout' }),
      ],
      bindings: [binding('x', 'dead-end', { destinationType: 'exchange', routingKey: 'k' }), binding('other', 'a')],
    })

    expect(given.route('x', { routingKey: 'k' }).queues).toEqual([])
    expect(given.route('x', { routingKey: 'unknown' }).queues).toEqual(['a'])
  })

  it('prefers the alternate exchange of the argument to that of a policy', () => {
    const given = model({
      queues: QUEUES,
      exchanges: [exchange('x', { arguments: { 'alternate-exchange': '' } }), exchange('other', { type: 'fanout' })],
      bindings: [binding('other', 'a')],
      policies: [policy('p', { definition: { 'alternate-exchange': 'other' } })],
    })

    expect(given.route('x', { routingKey: 'k' }).queues).toEqual([])
  })

  it('names the options of a consistent-hash exchange', () => {
    const given = model({
      queues: QUEUES,
      exchanges: [exchange('x', { type: 'x-consistent-hash' })],
      bindings: [binding('x', 'a', { routingKey: '1' }), binding('x', 'b', { routingKey: '2' })],
    })
    const reach = given.route('x', { routingKey: 'k' })

    expect(reach).toEqual({
      queues: [],
      choices: [
        {
          options: [
            { queues: ['a'], choices: [], doubts: [] },
            { queues: ['b'], choices: [], doubts: [] },
          ],
          because: { kind: 'hash-target', address: 'exchange:%2F/x' },
        },
      ],
      doubts: [],
    })
    expect(mayBe(reach, new Set(['a']))).toBe(true)
    expect(mayBe(reach, new Set(['a', 'b']))).toBe(false)
  })

  it('says that the type of an exchange is unknown', () => {
    const given = model({ exchanges: [exchange('x', { type: 'x-of-a-plugin' })] })

    expect(given.route('x', { routingKey: '' }).doubts).toEqual([{ kind: 'exchange-type', address: 'exchange:%2F/x' }])
  })

  it('does not decide which of two policies of equal priority applies', () => {
    const given = model({
      queues: QUEUES,
      policies: [
        policy('p', { applyTo: 'queues', definition: { 'max-length': 1 } }),
        policy('q', { applyTo: 'queues', definition: { 'max-length': 2 } }),
      ],
    })

    expect(given.settings('a')).toMatchObject({
      options: [{ maxLength: 1 }, { maxLength: 2 }],
      because: { kind: 'equal-policies', address: 'queue:%2F/a' },
    })
  })

  it.each([
    ['3.10.8', undefined],
    ['4.0.5', 20],
  ])('knows the default delivery limit of quorum queues in RabbitMQ %s', (version, deliveryLimit) => {
    const given = model({ queues: [queue('a', { type: 'quorum' })] }, version)

    expect(given.settings('a')?.options[0]?.deliveryLimit).toBe(deliveryLimit)
  })

  it('drops a dead letter for a queue to which it returns without having been rejected', () => {
    const given = model({ queues: [queue('a', { arguments: { 'x-dead-letter-exchange': '' } })] })
    const [settings] = given.settings('a')?.options ?? []
    if (settings === undefined) throw new Error('the queue has settings')

    expect(given.deadLetter('a', { routingKey: 'a' }, 'expired', settings)).toMatchObject({
      reach: { queues: [] },
      cycles: ['a'],
    })
    expect(given.deadLetter('a', { routingKey: 'a' }, 'rejected', settings)?.reach.queues).toEqual(['a'])
  })
})
