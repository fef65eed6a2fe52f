import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KnownExchanges } from '../../../../src/desired/expand/checks/known-exchanges.ts'
import { BindingsByKey } from '../../../../src/desired/expand/permissions/bindings-by-key.ts'
import { mayReach, withAnyKeyOf, withKey } from '../../../../src/desired/expand/permissions/may-reach.ts'
import type { Binding } from '../../../../src/model/topology.ts'

const COUNT = 300

/** Bindings of one exchange, each to another queue, and the number of times that their keys were read. */
function boundBy(keys: readonly string[]) {
  const counted = { reads: 0 }
  const bindings = keys.map((key, at): Binding => ({
    vhost: '/',
    source: 'events',
    destinationType: 'queue',
    destination: `queue-${at}`,
    arguments: {},
    get routingKey() {
      counted.reads += 1
      return key
    },
  }))
  return { counted, bindings, index: new BindingsByKey(() => bindings) }
}

function exchangeOf(type: string): KnownExchanges {
  return new Map([['events', { type, foreign: false }]]) as unknown as KnownExchanges
}

describe('mayReach', () => {
  it.each([
    { type: 'direct', key: (at: number) => `service-${at}`, bound: (at: number) => `service-${at}` },
    { type: 'topic', key: (at: number) => `service-${at}.created`, bound: (at: number) => `service-${at}.*` },
    { type: 'topic', key: (at: number) => `service-${at}.{id}`, bound: (at: number) => `service-${at}.created` },
  ])('reads each key of the bindings of a $type exchange at most twice for many messages', ({ type, key, bound }) => {
    const { counted, index } = boundBy(Array.from({ length: COUNT }, (_, at) => bound(at)))

    for (let at = 0; at < COUNT; at += 1) {
      const message = { exchange: 'events', routingKey: key(at), hasParameters: key(at).includes('{') }
      expect(mayReach(`queue-${at}`, message, exchangeOf(type), index)).toBe(true)
      expect(mayReach(`queue-${COUNT - 1 - at}`, message, exchangeOf(type), index)).toBe(false)
    }
    expect(counted.reads).toBeLessThanOrEqual(2 * COUNT)
  })

  it('finds the same bindings as a comparison with each of them', () => {
    const words = (...each: string[]) =>
      fc.array(fc.constantFrom(...each), { maxLength: 4 }).map((all) => all.join('.'))
    const keys = words('a', 'ab', 'b', '*', '#', '')
    fc.assert(
      fc.property(
        fc.constantFrom('direct', 'topic', 'fanout'),
        fc.uniqueArray(keys, { maxLength: 10 }),
        fc.oneof(keys, words('a', 'b', '{x}', 'a{x}', '{x}{y}')),
        (type, bound, routingKey) => {
          const { bindings, index } = boundBy(bound)
          const hasParameters = routingKey.includes('{')
          const takes = hasParameters ? withAnyKeyOf(routingKey) : withKey(routingKey)

          const found = index.matching('events', type, { routingKey, hasParameters })
          expect(found.map(({ routingKey: key }) => key).toSorted()).toEqual(
            bindings
              .map(({ routingKey: key }) => key)
              .filter((key) => takes(type, key))
              .toSorted(),
          )
        },
      ),
    )
  })
})
