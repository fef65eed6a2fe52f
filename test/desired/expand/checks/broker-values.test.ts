import { expect, it } from 'vitest'
import { found } from '../declared.ts'

it.each([
  [{ type: 'classic', arguments: { 'x-message-ttl': '60000' } }, ['value-refused at queues.q.arguments.x-message-ttl']],
  [{ type: 'classic', arguments: { 'x-expires': 0 } }, ['value-refused at queues.q.arguments.x-expires']],
  [{ arguments: { 'x-message-ttl': 1.5 } }, ['value-refused at queues.q.arguments.x-message-ttl']],
  [{ arguments: { 'x-queue-type': 'lazy' } }, ['queue-type-unknown at queues.q.arguments.x-queue-type']],
  [{ arguments: { 'x-queue-type': 'CLASSIC' } }, ['queue-type-unknown at queues.q.arguments.x-queue-type']],
  [{ arguments: { 'x-queue-type': 'quorun' } }, ['queue-type-unknown at queues.q.arguments.x-queue-type']],
  [
    { type: 'quorum', arguments: { 'x-queue-mode': 'lazy' } },
    ['property-not-of-type at queues.q.arguments.x-queue-mode'],
  ],
  [
    { type: 'quorum', arguments: { 'x-max-priority': 5 } },
    ['property-not-of-type at queues.q.arguments.x-max-priority'],
  ],
  [
    { type: 'classic', arguments: { 'x-dead-letter-routing-key': 'k' } },
    ['argument-needs at queues.q.arguments.x-dead-letter-routing-key'],
  ],
  [{ type: 'classic', external: true, arguments: { 'x-message-ttl': '60000' } }, []],
  [{ type: 'classic', arguments: { 'x-my-plugin': 'anything', 'x-consumer-timeout': 5 } }, []],
] as const)('reports a queue with arguments that no RabbitMQ accepts: %j', (section, findings) => {
  expect(found({ queues: { q: section } })).toEqual(findings)
})

it.each([
  [{ 'message-ttl': '60000' }, ['value-refused at policies.p.definition.message-ttl']],
  [{ 'x-message-ttl': 60_000 }, ['policy-key-prefixed at policies.p.definition.x-message-ttl']],
  [{ 'max-priority': 5 }, ['policy-key-is-argument at policies.p.definition.max-priority']],
  [{ 'ha-params': 2 }, ['argument-needs at policies.p.definition.ha-params']],
  [{ 'delayed-retry-type': 'all' }, ['argument-needs at policies.p.definition.delayed-retry-type']],
  [{ 'delayed-retry-min': 10, 'delayed-retry-max': 9 }, ['key-below-other at policies.p.definition.delayed-retry-max']],
  [{ 'delayed-retry-min': 10, 'delayed-retry-max': 10 }, []],
  [{ 'routing-key': 'k' }, ['argument-needs at policies.p.definition.routing-key']],
  [{ 'routing-key': 'k', 'shards-per-node': 2 }, []],
  [{ 'delivery-limit': -1 }, []],
  [{ 'my-plugin': 'anything' }, []],
  [{ messageTtl: 60_000 }, ['policy-key-misspelt at policies.p.definition.messageTtl']],
  [{ 'max-lenght': 60_000 }, ['policy-key-misspelt at policies.p.definition.max-lenght']],
  [{ max_length: 60_000 }, ['policy-key-misspelt at policies.p.definition.max_length']],
  [{}, ['policy-empty at policies.p.definition']],
])('reports a policy that no RabbitMQ accepts: %j', (definition, findings) => {
  expect(found({ policies: { p: { pattern: '^a', definition } } })).toEqual(findings)
})
