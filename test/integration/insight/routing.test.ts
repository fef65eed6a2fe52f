import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayBe } from '../../../src/insight/routing/reach.ts'
import { VhostModel } from '../../../src/insight/routing/vhost-model.ts'
import { arbitraryRouting, published } from '../../builders/arbitrary/arbitrary-routing.ts'
import { testBroker } from '../support/brokers/broker.ts'
import { propertyRuns } from '../support/cases/property-runs.ts'
import { routedVhost } from '../support/routed-messages.ts'

const { seed, numRuns, timeout } = propertyRuns(3)
/** How many messages share a topology. */
const MESSAGES = 20

describe(`the routing model against the broker (seed ${seed})`, () => {
  it('names the queues that a message reaches', { timeout }, async () => {
    const { version } = await testBroker()
    await fc.assert(
      fc.asyncProperty(
        arbitraryRouting(false),
        fc.array(published, { minLength: MESSAGES, maxLength: MESSAGES }),
        async (topology, messages) => {
          const model = new VhostModel(topology, version)
          const vhost = await routedVhost(topology)
          const expected = messages.map(({ exchange, message }) => model.route(exchange, message))
          const observed = messages.map(() => new Set<string>())
          const answers: string[] = []
          for (const [at, each] of messages.entries()) answers.push(await vhost.publish(each, String(at)))
          const arrived = await vhost.drain(topology.queues.map(({ name }) => name))
          for (const [queue, ids] of arrived) for (const id of ids) observed[Number(id)]?.add(queue)
          await vhost.close()

          const differences = messages.flatMap((each, at) => {
            const reach = expected[at]
            const seen = observed[at] ?? new Set()
            const isSame =
              reach !== undefined && mayBe(reach, seen) && (answers[at] === 'returned') === (seen.size === 0)
            return isSame ? [] : [{ ...each, expected: reach, seen: [...seen].toSorted(), answer: answers[at] }]
          })
          expect(differences).toEqual([])
        },
      ),
      { seed, numRuns, endOnFailure: true },
    )
  })
})
