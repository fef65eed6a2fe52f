import fc from 'fast-check'
import type { Arguments } from '../../../src/model/arguments.ts'
import type { Queue } from '../../../src/model/topology.ts'
import { policy, queue } from '../objects.ts'
import {
  anyBinding,
  anyExchange,
  EXCHANGES,
  type Published,
  published,
  publishedKey,
  QUEUES,
  type RoutedTopology,
  unique,
} from './topologies.ts'

/** Times to live that differ so much that the order of expiry is certain. In milliseconds. */
const LIFETIMES = [600, 2_500]

/** The reasons why a message leaves a queue. */
function anyQueue(name: string): fc.Arbitrary<Queue> {
  return fc
    .record({
      type: fc.constantFrom('classic', 'classic', 'quorum'),
      exchange: fc.option(fc.constantFrom(...EXCHANGES, '', 'missing'), { freq: 5, nil: undefined }),
      routingKey: fc.option(fc.oneof(fc.constantFrom(...QUEUES), publishedKey), { nil: undefined }),
      ttl: fc.constantFrom(undefined, undefined, ...LIFETIMES),
      maxLength: fc.constantFrom(undefined, undefined, 0, 1, 2),
      // warren does not know how many bytes quorum queues count for a message.
      maxBytes: fc.constantFrom(undefined, undefined, undefined, 1, 60),
      overflow: fc.option(fc.constantFrom('drop-head', 'reject-publish', 'reject-publish-dlx'), { nil: undefined }),
      strategy: fc.boolean(),
      maxPriority: fc.option(fc.constantFrom(1, 5), { freq: 3, nil: undefined }),
    })
    .map(({ type, ...chosen }) => {
      const isQuorum = type === 'quorum'
      const overflow = isQuorum && chosen.overflow === 'reject-publish-dlx' ? 'drop-head' : chosen.overflow
      const table = {
        'x-dead-letter-exchange': chosen.exchange,
        'x-dead-letter-routing-key': chosen.exchange === undefined ? undefined : chosen.routingKey,
        'x-message-ttl': chosen.ttl,
        'x-max-length': chosen.maxLength,
        'x-max-length-bytes': isQuorum ? undefined : chosen.maxBytes,
        'x-overflow': overflow,
        'x-dead-letter-strategy':
          isQuorum && chosen.strategy && overflow === 'reject-publish' && chosen.exchange !== undefined
            ? 'at-least-once'
            : undefined,
        'x-max-priority': isQuorum ? undefined : chosen.maxPriority,
      }
      const given = Object.entries(table).filter(([, value]) => value !== undefined)
      return queue(name, { type, arguments: Object.fromEntries(given) as Arguments })
    })
}

const limitingPolicy = fc
  .record({
    pattern: fc.constantFrom('^q[0-2]$', 'q', '[13]$'),
    priority: fc.constantFrom(1, 2),
    definition: fc.record(
      {
        'message-ttl': fc.constantFrom(...LIFETIMES),
        'max-length': fc.constantFrom(1, 3),
        'dead-letter-exchange': fc.constantFrom(...EXCHANGES, ''),
        overflow: fc.constantFrom('drop-head', 'reject-publish'),
      },
      { requiredKeys: [] },
    ),
  })
  .filter(({ definition }) => Object.keys(definition).length > 0)
  .map(({ definition, ...rest }) => policy('limits', { ...rest, applyTo: 'queues', definition }))

const operatorLimits = fc
  .record({ 'message-ttl': fc.constantFrom(...LIFETIMES), 'max-length': fc.constantFrom(1, 3) }, { requiredKeys: [] })
  .filter((definition) => Object.keys(definition).length > 0)
  .map((definition) => policy('operators', { pattern: '[02]$', applyTo: 'queues', definition }))

/** Topologies in which queues give up messages: by time to live, length, or a consumer that rejects. */
export const arbitraryFates: fc.Arbitrary<RoutedTopology> = fc
  .tuple(...EXCHANGES.map((name) => anyExchange(name, fc.constantFrom('direct', 'topic', 'fanout'))))
  .chain((exchanges) =>
    fc
      .record({
        queues: fc.tuple(...QUEUES.map((name) => anyQueue(name))),
        bindings: fc.array(anyBinding(exchanges), { minLength: 8, maxLength: 16, size: 'max' }),
        policies: fc.array(limitingPolicy, { maxLength: 1 }),
        operatorPolicies: fc.array(operatorLimits, { maxLength: 1 }),
      })
      .map((rest) => ({ exchanges, ...rest, bindings: unique(rest.bindings) })),
  )

/** Messages, some of which have a time to live or a priority. */
export const publishedWithFate: fc.Arbitrary<Published> = fc
  .tuple(
    published,
    fc.record(
      { expiration: fc.constantFrom(...LIFETIMES), priority: fc.constantFrom(0, 1, 6), bytes: fc.constantFrom(1, 50) },
      { requiredKeys: [] },
    ),
  )
  .map(([{ exchange: name, message }, fate]) => ({ exchange: name, message: { ...message, ...fate } }))
