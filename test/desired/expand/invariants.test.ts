/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeadLetterSection, QueueSection, RetrySection } from '../../../src/desired/declaration/document.ts'
import { explainFinding as sentence } from '../../../src/diagnostics/findings/finding.ts'
import { expand } from '../../../src/desired/expand/expand.ts'
import type { Desired } from '../../../src/model/desired.ts'
import { declared } from './declared.ts'

const duration = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }),
  fc.tuple(fc.integer({ min: 0, max: 300 }), fc.constantFrom('ms', 's', 'm', 'h', 'd')).map((parts) => parts.join('')),
)
const delays: fc.Arbitrary<RetrySection> = fc.oneof(
  fc.record({ delays: fc.array(duration, { minLength: 1, maxLength: 5 }) }),
  fc.record({ delay: duration, attempts: fc.integer({ min: 1, max: 20 }) }),
  fc.record({
    initial: fc.integer({ min: 1, max: 60_000 }),
    factor: fc.double({ min: 1, max: 10, noNaN: true }),
    attempts: fc.integer({ min: 1, max: 20 }),
  }),
)
const deadLetter: fc.Arbitrary<true | DeadLetterSection> = fc.oneof(
  fc.constant(true as const),
  fc.record(
    {
      exchange: fc.constantFrom('direct', 'topic', 'fanout'),
      maxLength: fc.integer({ min: 0, max: 10 }),
      strategy: fc.constant('at-most-once' as const),
    },
    { requiredKeys: [] },
  ),
)
const type = fc.constantFrom('classic' as const, 'quorum' as const)
const queue: fc.Arbitrary<QueueSection> = fc.oneof(
  fc.record({ type }),
  fc.record({ type, deadLetter }),
  fc.record({ type, deadLetter, retry: delays }),
  fc.record({ type, retry: delays.map((each) => ({ ...each, then: 'discard' as const })) }),
)
const name = fc
  .string({ unit: fc.constantFrom('a', 'b', '/', '%', '~', 'é', ' ', '"', '_'), minLength: 1, maxLength: 60 })
  .filter((each) => each.trim() !== '')

/** A topology without mistakes, in which a user may consume every queue. */
const topology = fc.dictionary(name, queue, { minKeys: 1, maxKeys: 6 }).map((queues) => {
  const subscriptions = Object.fromEntries(Object.keys(queues).map((each) => [each, { queue: each }]))
  return {
    exchanges: { direct: {}, topic: { type: 'topic' }, fanout: { type: 'fanout' } },
    queues,
    subscriptions,
    users: { u: { can: { consume: Object.keys(subscriptions) } } },
  }
})

function desiredOf(sections: Parameters<typeof declared>[0][string]): Desired {
  const { desired, findings } = expand(declared({ '/': sections }), () => ({ schema: true }))
  expect(findings.filter((each) => sentence(each).severity === 'error').map((each) => sentence(each))).toEqual([])
  return desired
}

describe('any topology', () => {
  it('contains everything that it refers to, once', () => {
    fc.assert(
      fc.property(topology, (sections) => {
        const { exchanges, queues, bindings } = desiredOf(sections).topology
        const exchangeNames = exchanges.map((each) => each.name)
        const queueNames = queues.map((each) => each.name)

        expect(new Set(exchangeNames).size).toBe(exchangeNames.length)
        expect(new Set(queueNames).size).toBe(queueNames.length)
        for (const { source, destination } of bindings) {
          expect(exchangeNames).toContain(source)
          expect(queueNames).toContain(destination)
        }
        for (const { arguments: table } of queues) {
          const deadLetterExchange = table['x-dead-letter-exchange']
          expect([...exchangeNames, undefined]).toContain(deadLetterExchange)
        }
      }),
    )
  })

  it('routes each failed message to a queue that delays it, and back', () => {
    fc.assert(
      fc.property(topology, (sections) => {
        const {
          topology: { queues, bindings },
          routes,
        } = desiredOf(sections)
        const leads = (exchange: string, key: string): string[] =>
          bindings
            .filter(({ source, routingKey }) => source === exchange && (routingKey === key || source === 'fanout'))
            .map(({ destination }) => destination)

        for (const { queue: own, failure } of routes.subscriptions) {
          if (failure.kind !== 'ladder') continue
          expect(leads(failure.exchange, 'back')).toEqual([own])
          for (const { delay, routingKey, queue: waiting } of failure.delays) {
            expect(leads(failure.exchange, routingKey)).toEqual([waiting])
            if (waiting === own) continue
            expect(queues.find((each) => each.name === waiting)?.arguments).toMatchObject({
              'x-message-ttl': delay,
              'x-dead-letter-exchange': failure.exchange,
              'x-dead-letter-routing-key': 'back',
            })
          }
          if (failure.last === 'discard') continue
          expect(leads(failure.last.exchange, failure.last.routingKey)).toContain(`${own}.dead`)
          expect(queues.find((each) => each.name === own)?.arguments).toMatchObject({
            'x-dead-letter-exchange': failure.last.exchange,
            'x-dead-letter-routing-key': failure.last.routingKey,
          })
        }
      }),
    )
  })

  it('gives a consumer of every queue the rights to read it and to write to the exchange for failures, and no others', () => {
    fc.assert(
      fc.property(topology, (sections) => {
        const {
          topology: { exchanges, queues, permissions },
          routes,
        } = desiredOf(sections)
        const { configure, write, read } = permissions[0] ?? { configure: '', write: '', read: '' }
        const consumed = new Set(routes.subscriptions.map((each) => each.queue))
        const written = new Set(
          routes.subscriptions.flatMap(({ failure }) =>
            failure.kind === 'ladder'
              ? [failure.exchange, ...(failure.last === 'discard' ? [] : [failure.last.exchange])]
              : [],
          ),
        )
        const matching = (pattern: string, names: readonly string[]): Set<string> =>
          new Set(pattern === '' ? [] : names.filter((each) => new RegExp(pattern).test(each)))

        expect(configure).toBe('')
        expect(
          matching(
            read,
            queues.map((each) => each.name),
          ),
        ).toEqual(consumed)
        expect(
          matching(
            write,
            exchanges.map((each) => each.name),
          ),
        ).toEqual(written)
      }),
    )
  })
})
