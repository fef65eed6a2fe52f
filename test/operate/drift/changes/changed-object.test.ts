import { describe, expect, it } from 'vitest'
import { addressOf } from '../../../../src/model/address.ts'
import { changedObject, destinationQueue } from '../../../../src/operate/drift/changes/changed-object.ts'

const event = (key: string, headers: object) => ({ key, headers: { ...headers }, at: 0 })
const OF_QUEUE = { vhost: '/', source_name: 'x', destination_kind: 'queue', destination_name: 'q', routing_key: 'a.*' }

describe('changedObject', () => {
  // The headers that RabbitMQ 3.10.8, 4.0.5 and 4.3.6 send.
  it.each([
    ['queue.deleted', { vhost: '/', name: 'q' }, 'queue:%2F/q'],
    ['exchange.created', { vhost: 'v', name: 'x', type: 'topic', arguments: [] }, 'exchange:v/x'],
    ['binding.deleted', { ...OF_QUEUE, arguments: [] }, 'binding:%2F/x/queue/q/a.%2A'],
    ['policy.set', { vhost: 'v', name: 'p', pattern: '^q' }, 'policy:v/p'],
    ['parameter.set', { vhost: 'v', component: 'operator_policy', name: 'o' }, 'operator-policy:v/o'],
    ['parameter.cleared', { vhost: 'v', component: 'shovel', name: 's' }, 'parameter:v/shovel/s'],
    ['parameter.set', { component: 'global', name: 'g', value: { a: 1 } }, 'global-parameter:g'],
    ['parameter.set', { vhost: 'v', component: 'vhost-limits', name: 'limits', value: [] }, 'vhost:v'],
    ['permission.created', { vhost: 'v', user: 'u', configure: '' }, 'permission:v/u'],
    ['topic.permission.created', { vhost: 'v', user: 'u', exchange: 'x' }, 'topic-permission:v/u/x'],
    ['topic.permission.deleted', { vhost: 'v', user: 'u' }, undefined],
    ['vhost.created', { name: 'v' }, 'vhost:v'],
    ['user.tags.set', { name: 'u', tags: ['monitoring'] }, 'user:u'],
    ['user.password.changed', { name: 'u' }, 'user:u'],
    ['alarm.set', { name: 'disk' }, undefined],
  ])('reads the address of %s', (key, headers, expected) => {
    expect(changedObject(event(key, headers))).toBe(expected)
  })

  it('reads the arguments of a binding from terms of Erlang, and is undefined if they are not simple', () => {
    const terms = [
      '{<<"b">>,bool,true}',
      '{<<"f">>,double,1.5}',
      '{<<"n">>,long,-1}',
      '{<<"x-match">>,longstr,<<"all">>}',
    ]
    const binding = { vhost: '/', source: 'x', destinationType: 'queue', destination: 'q', routingKey: 'a.*' } as const
    const table = { 'x-match': 'all', n: -1, f: 1.5, b: true }

    expect(changedObject(event('binding.created', { ...OF_QUEUE, arguments: terms }))).toBe(
      addressOf('binding', { ...binding, arguments: table }),
    )
    expect(
      changedObject(event('binding.created', { ...OF_QUEUE, arguments: ['{<<"t">>,longstr,<<"a\\"b">>}'] })),
    ).toBeUndefined()
  })
})

describe('destinationQueue', () => {
  it('is the queue of a binding', () => {
    expect(destinationQueue(event('binding.deleted', OF_QUEUE))).toBe('queue:%2F/q')
    expect(destinationQueue(event('binding.deleted', { ...OF_QUEUE, destination_kind: 'exchange' }))).toBeUndefined()
    expect(destinationQueue(event('queue.deleted', { vhost: '/', name: 'q' }))).toBeUndefined()
  })
})
