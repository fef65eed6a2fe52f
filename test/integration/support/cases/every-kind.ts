import { Secret } from '../../../../src/model/secrets/secret.ts'
import type { Topology } from '../../../../src/model/topology.ts'
import { binding, exchange, permission, queue, topology, user, vhost } from '../../../builders/objects.ts'

/**
 * Objects of every kind that a broker has without further plugins, in one vhost, with their own user and global
 * parameter.
 */
export function everyKind({
  name,
  login,
  parameter,
}: {
  readonly name: string
  readonly login: string
  readonly parameter: string
}): Topology {
  const at = { vhost: name }
  return topology({
    vhosts: [vhost(name, { claimed: true, description: 'of a test', tags: ['a', 'b'], limits: { maxQueues: 50 } })],
    exchanges: [
      exchange('direct', at),
      exchange('topic', { ...at, type: 'topic', arguments: { 'alternate-exchange': 'gone soon' } }),
      exchange('headers', { ...at, type: 'headers', durable: false }),
      exchange('hidden', { ...at, type: 'topic', internal: true }),
      exchange('gone soon', { ...at, type: 'fanout', autoDelete: true }),
    ],
    queues: [
      queue('classic', { ...at, arguments: { 'x-max-priority': 5, 'x-message-ttl': 60_000 } }),
      queue('quorum', { ...at, type: 'quorum', arguments: { 'x-delivery-limit': 10 } }),
      queue('stream', { ...at, type: 'stream', arguments: { 'x-max-age': '7D' } }),
      queue('own argument', { ...at, arguments: { 'x-of-mine': { list: [1, 'two', true], table: { deep: 'yes' } } } }),
    ],
    bindings: [
      binding('direct', 'classic', { ...at, routingKey: 'k' }),
      binding('amq.topic', 'classic', { ...at, routingKey: '~' }),
      binding('topic', 'hidden', { ...at, routingKey: 'a.#', destinationType: 'exchange' }),
      binding('hidden', 'quorum', { ...at, routingKey: '' }),
      binding('headers', 'stream', { ...at, arguments: { 'x-match': 'any', pages: 3 } }),
      binding('headers', 'stream', { ...at, arguments: { 'x-match': 'any', pages: '3' } }),
    ],
    users: [
      user(login, {
        credential: {
          kind: 'password',
          secret: new Secret('päss ✓ "word"'),
          written: { location: { file: 'f', line: 1, column: 1 } },
        },
        tags: ['management'],
        limits: { maxConnections: 3, maxChannels: 7 },
      }),
    ],
    permissions: [permission(login, { ...at, read: '^quorum$', write: '^(direct|topic)$' })],
    topicPermissions: [{ ...at, user: login, exchange: 'topic', write: String.raw`^a\.`, read: '' }],
    policies: [
      { ...at, name: 'p', pattern: '^cl', applyTo: 'queues', priority: 3, definition: { 'max-length': 100_000 } },
    ],
    operatorPolicies: [
      { ...at, name: 'o', pattern: '', applyTo: 'queues', priority: 0, definition: { 'max-length': 1_000_000 } },
    ],
    globalParameters: [{ name: parameter, value: { list: [1, null, 'x'], uri: 'amqp://joe:sesame@mq.example' } }],
  })
}
