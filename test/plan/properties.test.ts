import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOf } from '../../src/model/address.ts'
import { KINDS, objectsOf, type Topology } from '../../src/model/topology.ts'
import { isWrite } from '../../src/plan/steps/subject.ts'
import { orderInWaves } from '../../src/plan/order/waves.ts'
import { arbitraryTopology } from '../builders/arbitrary/arbitrary.ts'
import { topology } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'

const addresses = (from: Topology) =>
  KINDS.flatMap((kind) => objectsOf(kind, from).map((object) => addressOf(kind, object)))

describe('any plan', () => {
  it('is empty for a topology against itself', () => {
    fc.assert(
      fc.property(arbitraryTopology, (any) => {
        expect(planOf(any, any).changes).toEqual([])
      }),
    )
  })

  it('creates exactly the missing objects, each once', () => {
    fc.assert(
      fc.property(arbitraryTopology, (desired) => {
        const created = planOf(topology(), desired).changes.map(({ address }) => address)

        expect(created.toSorted()).toEqual(
          addresses(desired)
            .filter((each) => each !== 'vhost:%2F')
            .toSorted(),
        )
      }),
    )
  })

  it('never makes a change before the changes that it requires', () => {
    fc.assert(
      fc.property(arbitraryTopology, arbitraryTopology, (live, desired) => {
        const changes = planOf(live, desired).changes.filter(isWrite)
        const { waves, requires } = orderInWaves(changes)
        const made = new Set<string>()
        for (const wave of waves) {
          for (const { address } of wave) {
            const planned = (requires.get(address) ?? []).filter((each) =>
              changes.some((change) => change.address === each),
            )
            expect(planned.filter((each) => !made.has(each))).toEqual([])
          }
          for (const { address } of wave) made.add(address)
        }

        expect(made.size).toBe(changes.length)
      }),
    )
  })

  it('does not depend on the order in which anything is listed', () => {
    fc.assert(
      fc.property(arbitraryTopology, arbitraryTopology, (live, desired) => {
        const turned = (any: Topology): Topology => ({
          ...any,
          exchanges: any.exchanges.toReversed(),
          queues: any.queues.toReversed(),
          bindings: any.bindings.toReversed(),
        })

        expect(planOf(turned(live), turned(desired))).toEqual(planOf(live, desired))
      }),
    )
  })
})

describe('addressOf', () => {
  it('gives different objects different addresses', () => {
    fc.assert(
      fc.property(arbitraryTopology, (any) => {
        expect(new Set(addresses(any)).size).toBe(addresses(any).length)
      }),
    )
  })

  it('returns addresses that need no quotes in a shell and lead back to the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
        const address = addressOf('vhost', { name, claimed: false })

        expect(address).toMatch(/^[\p{L}\p{N}._:=+@,%-]+$/u)
        expect(decodeURIComponent(address.slice('vhost:'.length))).toBe(name)
      }),
    )
  })
})
