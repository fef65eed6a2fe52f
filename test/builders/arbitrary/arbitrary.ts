import fc from 'fast-check'
import type { ArgumentValue } from '../../../src/model/arguments.ts'
import type { Binding, Exchange, Queue, Topology } from '../../../src/model/topology.ts'
import { binding, exchange, queue, topology, vhost } from '../objects.ts'

/**
 * Topologies with hostile names and values, for property tests. There are few names, so that objects often refer to
 * each other.
 */

const hostileName = fc.constantFrom(
  'orders',
  'a/b',
  'a%2Fb',
  'a b',
  '~',
  '#',
  '*.#',
  '@',
  '"quoted"',
  "it's",
  'ünïcode ✓',
  '__proto__',
  'constructor',
  'x'.repeat(255),
)

const argumentValue: fc.Arbitrary<ArgumentValue> = fc.letrec<{ value: ArgumentValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(hostileName, tie('value'), { maxKeys: 2 }),
  ),
})).value

const argumentTable = fc.dictionary(
  fc.oneof(fc.constantFrom('x-message-ttl', 'x-dead-letter-exchange', 'alternate-exchange'), hostileName),
  argumentValue,
  { maxKeys: 3 },
)

const exchanges: fc.Arbitrary<Exchange[]> = fc
  .uniqueArray(
    fc.record({
      name: hostileName,
      type: fc.constantFrom('direct', 'topic', 'fanout', 'headers'),
      durable: fc.boolean(),
      arguments: argumentTable,
    }),
    { selector: ({ name }) => name, maxLength: 5 },
  )
  .map((list) => list.map(({ name, ...rest }) => exchange(name, rest)))

const queues: fc.Arbitrary<Queue[]> = fc
  .uniqueArray(
    fc.record({ name: hostileName, type: fc.constantFrom('classic', 'quorum', 'stream'), arguments: argumentTable }),
    { selector: ({ name }) => name, maxLength: 5 },
  )
  .map((list) => list.map(({ name, ...rest }) => queue(name, rest)))

/** Bindings between the given objects only, each once. */
function bindingsBetween(from: readonly Exchange[], to: readonly Queue[]): fc.Arbitrary<Binding[]> {
  if (from.length === 0 || to.length === 0) return fc.constant([])
  return fc
    .uniqueArray(
      fc.record({ source: fc.constantFrom(...from), end: fc.constantFrom(...to), routingKey: hostileName }),
      { selector: ({ source, end, routingKey }) => JSON.stringify([source.name, end.name, routingKey]), maxLength: 6 },
    )
    .map((list) => list.map(({ source, end, routingKey }) => binding(source.name, end.name, { routingKey })))
}

/** A topology of one vhost in which every reference has a target. */
export const arbitraryTopology: fc.Arbitrary<Topology> = fc
  .tuple(exchanges, queues)
  .chain(([from, to]) =>
    bindingsBetween(from, to).map((between) =>
      topology({ vhosts: [vhost('/')], exchanges: from, queues: to, bindings: between }),
    ),
  )
