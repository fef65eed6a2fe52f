import fc from 'fast-check'
import type { Arguments } from '../../../src/model/arguments.ts'
import type { Queue } from '../../../src/model/topology.ts'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import { hostileName, ownArguments, routingKey } from './arbitrary-values.ts'
import { queue } from '../objects.ts'

/** Queues of every type with arguments that a broker of the given version accepts. */
export function anyQueue(version: string): fc.Arbitrary<Queue> {
  return fc
    .oneof(classicQueue(version), quorumQueue(version), streamQueue(version))
    .map(({ name, ...properties }) => queue(name, properties))
}

const count = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const milliseconds = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const bytes = fc.integer({ min: 0, max: 10 ** 12 })
/** Nothing may expire while a test reads it. */
const anHourOrMore = fc.integer({ min: 3_600_000, max: 2 ** 32 - 1 })
const locator = fc.constantFrom('client-local', 'balanced')

const COMMON = {
  'x-message-ttl': milliseconds,
  'x-expires': anHourOrMore,
  'x-max-length': count,
  'x-max-length-bytes': bytes,
  'x-single-active-consumer': fc.boolean(),
}

function some(known: Readonly<Record<string, fc.Arbitrary<string | number | boolean>>>): fc.Arbitrary<Arguments> {
  return fc.record(known, { requiredKeys: [] }).map((table) => table as Arguments)
}

const deadLetter: fc.Arbitrary<Arguments> = fc.oneof(
  fc.constant({}),
  fc.record(
    { 'x-dead-letter-exchange': fc.oneof(hostileName, fc.constant('')), 'x-dead-letter-routing-key': routingKey },
    { requiredKeys: ['x-dead-letter-exchange'] },
  ),
)

function joined(...tables: readonly fc.Arbitrary<Arguments>[]): fc.Arbitrary<Arguments> {
  return fc.tuple(...tables).map((all) => Object.fromEntries(all.flatMap((table) => Object.entries(table))))
}

function classicQueue(version: string) {
  return fc.record({
    name: hostileName,
    type: fc.constant('classic'),
    durable: fc.boolean(),
    autoDelete: fc.boolean(),
    arguments: joined(
      some({
        ...COMMON,
        'x-max-priority': fc.integer({ min: 0, max: 255 }),
        'x-overflow': fc.constantFrom('drop-head', 'reject-publish', 'reject-publish-dlx'),
        'x-queue-version': isAtLeast(version, '4.3.0') ? fc.constant(2) : fc.constantFrom(1, 2),
        'x-queue-mode': fc.constantFrom('default', 'lazy'),
        // From 4.3 on, refused unless the configuration permits it.
        ...(!isAtLeast(version, '4.3.0') && {
          'x-queue-master-locator': fc.constantFrom('min-masters', 'client-local', 'random'),
        }),
      }),
      deadLetter,
      ownArguments,
    ),
  })
}

function quorumQueue(version: string) {
  return fc.record({
    name: hostileName,
    type: fc.constant('quorum'),
    arguments: joined(
      some({
        ...COMMON,
        'x-overflow': fc.constantFrom('drop-head', 'reject-publish'),
        'x-delivery-limit': fc.integer({ min: isAtLeast(version, '4.0.0') ? -1 : 0, max: 2 ** 31 - 1 }),
        'x-quorum-initial-group-size': fc.integer({ min: 1, max: 5 }),
        'x-queue-leader-locator': locator,
        'x-dead-letter-strategy': fc.constantFrom('at-most-once', 'at-least-once'),
      }),
      deadLetter,
      ownArguments,
    ),
  })
}

function streamQueue(version: string) {
  return fc.record({
    // The broker names the folder of a stream after its vhost and its name.
    name: hostileName.filter((name) => Buffer.byteLength(name) <= 200),
    type: fc.constant('stream'),
    arguments: joined(
      some({
        'x-max-length-bytes': bytes,
        'x-max-age': fc.constantFrom('7D', '1Y', '3600s'),
        'x-stream-max-segment-size-bytes': fc.integer({ min: 1_000, max: 2_000_000_000 }),
        'x-initial-cluster-size': fc.integer({ min: 1, max: 5 }),
        'x-queue-leader-locator': locator,
        ...(isAtLeast(version, '3.13.0') && { 'x-stream-filter-size-bytes': fc.integer({ min: 16, max: 255 }) }),
      }),
      ownArguments,
    ),
  })
}
