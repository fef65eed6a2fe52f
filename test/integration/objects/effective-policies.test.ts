import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from '../../../src/model/address.ts'
import { settingsChangedBy } from '../../../src/model/policies/effective-settings.ts'
import { WinningPolicies } from '../../../src/model/policies/winning-policies.ts'
import type { Policy, Queue } from '../../../src/model/topology.ts'
import { policy, queue } from '../../builders/objects.ts'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { until } from '../support/until.ts'

interface LiveQueue {
  readonly name: string
  readonly policy?: string | null
  readonly operator_policy?: string | null
  readonly effective_policy_definition?: Readonly<Record<string, unknown>>
}

const limit = fc.nat(9)
const definition = fc
  .record(
    {
      'max-length': limit,
      'max-length-bytes': limit,
      overflow: fc.constantFrom('drop-head', 'reject-publish', 'reject-publish-dlx'),
      'message-ttl': limit,
      expires: fc.integer({ min: 9_000_000, max: 9_000_009 }),
      'delivery-limit': limit,
    },
    { requiredKeys: [] },
  )
  .filter((each) => Object.keys(each).length > 0)

/** A queue with its policies and operator policies, some of which have the same priority. */
const meeting = fc.record({
  type: fc.constantFrom('classic', 'classic', 'quorum', 'quorum', 'stream'),
  own: fc.array(fc.record({ priority: fc.nat(1), definition }), { minLength: 1, maxLength: 3 }),
  operators: fc.array(fc.record({ priority: fc.nat(1), definition }), { maxLength: 2 }),
})

it('the policies that hold for a queue, and their settings, are those that the broker reports', async () => {
  const { api } = await testBroker()
  const vhost = await freshVhost()
  const put = async (
    kind: 'policies' | 'operator-policies',
    { name, pattern, priority, definition: table }: Policy,
  ) => {
    const body = { pattern, priority, 'apply-to': 'queues', definition: table }
    // Which keys an operator policy may have differs by version.
    return await api.put([kind, vhost, name], body).then(
      () => true,
      () => false,
    )
  }
  const meetings = fc.sample(meeting, { numRuns: 40, seed: 11 })
  const planned = await Promise.all(
    meetings.map(async ({ type, own, operators }, at) => {
      const of = async (kind: 'policies' | 'operator-policies', list: typeof own) => {
        const policies = list.map((each, index) =>
          policy(`${kind}-${at}-${index}`, {
            pattern: `^q${at}$`,
            applyTo: 'queues',
            ...each,
          }),
        )
        const isThere = await Promise.all(policies.map((each) => put(kind, each)))
        return policies.filter((_, index) => isThere[index])
      }
      const [policies, operatorPolicies] = [await of('policies', own), await of('operator-policies', operators)]
      await api.put(['queues', vhost, `q${at}`], { durable: true, arguments: { 'x-queue-type': type } })
      return {
        queue: queue(`q${at}`, { type }),
        possible: possibleOf(queue(`q${at}`, { type }), policies, operatorPolicies),
      }
    }),
  )

  const list = await until(async () => {
    const all = (await api.get<readonly LiveQueue[]>(['queues', vhost])) ?? []
    const isKnown = ({ name, effective_policy_definition: effective }: LiveQueue) => {
      const { possible = [] } = planned.find((each) => each.queue.name === name) ?? {}
      return (
        effective !== undefined &&
        (Object.keys(effective).length > 0 || possible.some((each) => Object.keys(each).length === 0))
      )
    }
    return all.length === planned.length && all.every(isKnown) && all
  }, 'the policies to hold')

  expect(planned.filter(({ possible }) => possible.length > 1).length).toBeGreaterThan(2)
  const wrong = planned.flatMap(({ queue: { name }, possible }) => {
    const live = list.find((each) => each.name === name)?.effective_policy_definition
    return possible.some((each) => canonicalJson(each) === canonicalJson(live)) ? [] : [{ name, possible, live }]
  })
  expect(wrong).toEqual([])
})

/** The possible effective policies of a queue, one for each choice among policies of the same priority. */
function possibleOf(of: Queue, policies: readonly Policy[], operatorPolicies: readonly Policy[]) {
  const winners = (list: readonly Policy[]) => {
    const found = new WinningPolicies(list).of(of).map((each) => each.policy)
    return found.length === 0 ? [undefined] : found
  }
  return winners(policies).flatMap((own) =>
    winners(operatorPolicies).map((operators) => {
      const settings = settingsChangedBy(of, {
        ...(own && { policy: own }),
        ...(operators && { operatorPolicy: operators }),
      })
      return Object.fromEntries(settings.map(({ key, effective }) => [key, effective]))
    }),
  )
}
