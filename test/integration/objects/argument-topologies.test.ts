import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ArgumentValue } from '../../../src/model/arguments.ts'
import { argumentProblem } from '../../../src/model/broker-tables/argument-problem.ts'
import { neededKey, POLICY_KEYS } from '../../../src/model/broker-tables/policy-keys.ts'
import {
  QUEUE_ARGUMENTS,
  QUEUE_TYPES,
  queueArgument,
  type QueueType,
} from '../../../src/model/broker-tables/queue-arguments.ts'
import { stepAt } from '../../../src/model/broker-tables/support.ts'
import type { ValueRule } from '../../../src/model/broker-tables/value-rule.ts'
import { unsupportedPolicy } from '../../../src/plan/broker-support/unsupported-policy.ts'
import { policy } from '../../builders/objects.ts'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { propertyRuns } from '../support/cases/property-runs.ts'
import { warren } from '../support/warren-in-process.ts'

type Definition = Readonly<Record<string, ArgumentValue>>

interface RandomQueue {
  readonly type: QueueType
  readonly arguments: Definition
}

/** Long enough that a queue does not expire while the test runs. */
const SHORTEST_EXPIRY = 3_600_000

const { seed, numRuns, timeout } = propertyRuns(2)

/** A value at the limit of a rule, or an invalid one. */
function valueFor(rule: ValueRule): fc.Arbitrary<ArgumentValue> {
  switch (rule.form) {
    case 'integer': {
      const { minimum = -1, maximum = 3_000_000_000 } = rule
      return fc.constantFrom<ArgumentValue>(minimum, maximum, minimum - 1, minimum + 0.5, '60000', true)
    }
    case 'text':
      return fc.constantFrom<ArgumentValue>('amq.direct', 'a key', 5)
    case 'boolean':
      return fc.constantFrom<ArgumentValue>(true, false, 'true')
    case 'one-of':
      return fc.constantFrom<ArgumentValue>(...rule.values, 'something else')
    case 'age':
      return fc.constantFrom<ArgumentValue>('7D', '24h', '0D', '5x')
    case 'number':
    case 'uris':
    case 'table':
    case 'either':
      throw new Error('no argument of a queue and no policy key has such a value')
    case 'any':
      return fc.constantFrom<ArgumentValue>('a string')
  }
}

/** Arguments and keys with a random value each; most of them follow the rules. */
function tableOf(rows: readonly { readonly name: string; readonly value: ValueRule }[]): fc.Arbitrary<Definition> {
  return fc
    .subarray([...rows], { minLength: 1, maxLength: 4 })
    .chain((chosen) =>
      fc.tuple(...chosen.map(({ name, value }) => valueFor(value).map((each) => [name, each] as const))),
    )
    .map((entries) => Object.fromEntries(entries))
}

const argumentRows = QUEUE_ARGUMENTS
  // Whether a broker accepts it also depends on its configuration, and not on its version alone.
  .filter(({ name }) => name !== 'x-queue-master-locator')
  .map(({ name, value }) => ({
    name,
    value: name === 'x-expires' ? ({ form: 'integer', minimum: SHORTEST_EXPIRY } as const) : value,
  }))
const policyRows = POLICY_KEYS.filter(({ key, value }) => value.form !== 'any' && key !== 'queue-master-locator').map(
  ({ key, value }) => ({ name: key, value }),
)

const randomQueue = fc.record({ type: fc.constantFrom(...QUEUE_TYPES), arguments: tableOf(argumentRows) })

function isAccepted({ type, arguments: table }: RandomQueue, version: string): boolean {
  return Object.keys(table).every((name) => argumentProblem(type, name, table, version) === undefined)
}

/** An argument that the broker stores without applying it blocks a plan if the user would rely on its effect. */
function hasEffect({ type, arguments: table }: RandomQueue, version: string): boolean {
  return Object.keys(table).every((name) => {
    const argument = queueArgument(name)
    return argument !== undefined && stepAt(argument[type], version).support === 'applies'
  })
}

function topologyText(vhost: string, queues: readonly RandomQueue[], definitions: readonly Definition[]): string {
  return JSON.stringify({
    warren: 1,
    project: vhost,
    vhost,
    queues: Object.fromEntries(queues.map((each, index) => [`q${index}`, each])),
    policies: Object.fromEntries(
      definitions.map((definition, index) => [`p${index}`, { pattern: '^nothing$', definition }]),
    ),
  })
}

describe(`a topology of random arguments and policies (seed ${seed})`, () => {
  it('is applied without a refusal and in sync afterwards when every cell is valid', { timeout }, async () => {
    const { version } = await testBroker()
    const abilities = {
      version,
      plugins: [],
      exchangeTypes: [],
      deniedFeatures: [],
      forbidsOperatorPolicies: false,
    }
    const takes = (definition: Definition) =>
      unsupportedPolicy('policy', abilities, policy('p', { definition })) === undefined &&
      POLICY_KEYS.every((row) => !Object.hasOwn(definition, row.key) || neededKey(row, definition) === undefined)

    await fc.assert(
      fc.asyncProperty(
        fc.array(
          randomQueue.filter((each) => isAccepted(each, version) && hasEffect(each, version)),
          { minLength: 10, maxLength: 20 },
        ),
        fc.array(tableOf(policyRows).filter(takes), { minLength: 5, maxLength: 10 }),
        async (queues, definitions) => {
          const vhost = await freshVhost()
          const folder = await files({ 'topology.yaml': topologyText(vhost, queues, definitions) })

          const applied = await warren(['apply', '-y'], { folder })
          expect(applied.code === 0 ? '' : applied.stdout + applied.stderr).toBe('')
          expect(await warren(['plan', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
        },
      ),
      { seed, numRuns, endOnFailure: true },
    )
  })

  it('is refused before the first write when one cell is invalid', { timeout }, async () => {
    const { api, version } = await testBroker()
    const vhost = await freshVhost()

    await fc.assert(
      fc.asyncProperty(
        randomQueue.filter((each) => !isAccepted(each, version)),
        async (queue) => {
          const folder = await files({ 'topology.yaml': topologyText(vhost, [queue], []) })

          const applied = await warren(['apply', '-y'], { folder })
          expect([3, 4].includes(Number(applied.code)) ? '' : applied.stdout + applied.stderr).toBe('')
          expect(await api.get(['queues', vhost])).toEqual([])
        },
      ),
      { seed, numRuns: numRuns * 10, endOnFailure: true },
    )
  })
})
