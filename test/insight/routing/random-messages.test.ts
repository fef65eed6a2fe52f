import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RoutingEvent, Simulation } from '../../../src/insight/routing/simulation/simulation.ts'
import { VhostModel } from '../../../src/insight/routing/vhost-model.ts'
import { arbitraryFates, publishedWithFate } from '../../builders/routing/fates.ts'
import { FeatureCounts, featuresOfFate, featuresOfRoute } from '../../builders/routing/features.ts'
import { arbitraryRouting, published, QUEUES } from '../../builders/routing/topologies.ts'

const FIXED = { seed: 16, numRuns: 100 }
const VERSION = '4.3.6'

describe('the random messages that are compared with brokers', () => {
  it('are routed by every rule', () => {
    const counts = new FeatureCounts()
    const topology = arbitraryRouting(['x-consistent-hash', 'x-random'])
    const messages = fc.array(published, { minLength: 20, maxLength: 20 })
    for (const each of fc.sample(fc.record({ topology, messages }), FIXED)) {
      const model = new VhostModel(each.topology, VERSION)
      for (const message of each.messages) counts.add(featuresOfRoute(model, message))
    }
    expect(counts.names).toEqual([
      'BCC',
      'CC',
      'alternate exchange by argument',
      'alternate exchange by policy',
      'exchange type direct',
      'exchange type fanout',
      'exchange type headers',
      'exchange type topic',
      'exchange type x-consistent-hash',
      'exchange type x-random',
      'one of two policies for the alternate exchange',
      'one of, by x-consistent-hash',
      'one of, by x-random',
      'several exchanges',
      'several queues',
      'the default exchange',
      'unroutable',
      'x-match "all"',
      'x-match "all-with-x"',
      'x-match "any"',
      'x-match "any-with-x"',
      'x-match "none"',
    ])
  })

  it('leave their queues for every possible reason', () => {
    const counts = new FeatureCounts()
    const messages = fc.array(publishedWithFate, { minLength: 5, maxLength: 5 })
    for (const { topology, messages: some } of fc.sample(fc.record({ topology: arbitraryFates, messages }), FIXED)) {
      const events: RoutingEvent<number>[] = []
      const model = new VhostModel(topology, VERSION)
      const simulation = new Simulation<number>(model, { onEvent: (event) => events.push(event) })
      for (const [at, { exchange, message }] of some.entries()) simulation.publish(exchange, message, at)
      for (const queue of QUEUES) simulation.giveUpFirst(queue, 'rejected')
      simulation.letTimePass(Infinity, 100)
      for (const [at, each] of some.entries()) {
        const own = events.filter(({ item }) => item === at)
        counts.add(featuresOfFate(model, topology, each, own))
      }
    }
    expect(counts.names).toEqual([
      'a policy',
      'a priority',
      'a time to live of its own',
      'an operator policy',
      'dead-lettered by a classic queue: expired',
      'dead-lettered by a classic queue: maxlen',
      'dead-lettered by a classic queue: rejected',
      'dead-lettered by a quorum queue: expired',
      'dead-lettered by a quorum queue: maxlen',
      'dead-lettered by a quorum queue: rejected',
      'held',
      'lost: cycle',
      'lost: dead-letter-unroutable',
      'lost: no-dead-letter-exchange',
      'lost: refused',
      'refused by a classic queue: reject-publish',
      'refused by a classic queue: reject-publish, by bytes',
      'refused by a classic queue: reject-publish-dlx',
      'refused by a classic queue: reject-publish-dlx, by bytes',
      'refused by a quorum queue: reject-publish',
      'unroutable',
    ])
  })
})
