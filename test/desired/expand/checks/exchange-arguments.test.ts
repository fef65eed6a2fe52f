import { expect, it } from 'vitest'
import type { QueueSection } from '../../../../src/desired/declaration/document.ts'
import { found } from '../declared.ts'

it.each([
  [
    { type: 'topic', arguments: { 'alternate-exchange': 5 } },
    ['value-refused at exchanges.e.arguments.alternate-exchange'],
  ],
  [{ arguments: { 'alternate-exchange': true } }, ['value-refused at exchanges.e.arguments.alternate-exchange']],
  [
    { type: 'x-consistent-hash', arguments: { 'hash-property': 'app_id' } },
    ['value-refused at exchanges.e.arguments.hash-property'],
  ],
  [
    { type: 'x-consistent-hash', arguments: { 'hash-header': 5 } },
    ['value-refused at exchanges.e.arguments.hash-header'],
  ],
  [
    { type: 'x-consistent-hash', arguments: { 'hash-header': 'a', 'hash-property': 'message_id' } },
    ['argument-excludes at exchanges.e.arguments.hash-header'],
  ],
  [{ type: 'x-consistent-hash', arguments: { 'hash-property': 'message_id' } }, []],
  [
    { type: 'x-recent-history', arguments: { 'x-recent-history-length': 0 } },
    ['value-refused at exchanges.e.arguments.x-recent-history-length'],
  ],
  [{ type: 'x-recent-history', arguments: { 'x-recent-history-length': 1 } }, []],
  [{ type: 'x-random', arguments: { 'hash-property': 'app_id', 'x-my-plugin': [1] } }, []],
  [{ type: 'x-consistent-hash', external: true, arguments: { 'hash-header': 5 } }, []],
])('reports an exchange with arguments that no RabbitMQ accepts: %j', (section, findings) => {
  expect(found({ exchanges: { e: section } })).toEqual(findings)
})

it.each(['', 'ten', '0', '-1', '1.5', ' 5'])(
  'reports a binding from a consistent-hash exchange without a weight: %j',
  (routingKey) => {
    const exchanges = { h: { type: 'x-consistent-hash' } }

    expect(found({ exchanges, queues: { q: { bindings: [{ exchange: 'h', routingKey }] } } })).toEqual([
      'binding-weight at queues.q.bindings.0.routingKey',
    ])
  },
)

it('reports the short form of a binding from a consistent-hash exchange, which has no weight', () => {
  const exchanges = { h: { type: 'x-consistent-hash' }, e: { type: 'fanout', bindings: ['h'] } }

  expect(found({ exchanges, queues: { q: { bindings: ['h'] } } })).toEqual([
    'binding-weight at exchanges.e.bindings.0',
    'binding-weight at queues.q.bindings.0',
  ])
})

it.each(['1', '+5', '05', '10001'])(
  'accepts the weight %s of a binding from a consistent-hash exchange',
  (routingKey) => {
    const exchanges = { h: { type: 'x-consistent-hash' } }

    expect(found({ exchanges, queues: { q: { bindings: [{ exchange: 'h', routingKey }] } } })).toEqual([])
  },
)

it('reports bindings that no x-local-random exchange accepts', () => {
  const exchanges = { local: { type: 'x-local-random' }, e: { type: 'fanout', bindings: ['local'] } }
  const queues: Record<string, QueueSection> = {
    keyed: { type: 'classic', bindings: [{ exchange: 'local', routingKey: 'k' }] },
    quorum: { type: 'quorum', bindings: ['local'] },
    classic: { type: 'classic', bindings: ['local'] },
    open: { bindings: ['local'] },
  }

  expect(found({ exchanges, queues })).toEqual([
    'binding-local-random at exchanges.e.bindings.0',
    'binding-local-random at queues.keyed.bindings.0.routingKey',
    'binding-local-random at queues.quorum.bindings.0',
  ])
})
