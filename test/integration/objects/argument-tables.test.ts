import { describe, expect, it } from 'vitest'
import type { ArgumentValue } from '../../../src/model/arguments.ts'
import { argumentProblem } from '../../../src/model/broker-tables/argument-problem.ts'
import { neededKey, POLICY_KEYS, type PolicyKey } from '../../../src/model/broker-tables/policy-keys.ts'
import { QUEUE_ARGUMENTS, QUEUE_TYPES } from '../../../src/model/broker-tables/queue-arguments.ts'
import type { ValueRule } from '../../../src/model/broker-tables/value-rule.ts'
import { unsupportedPolicy } from '../../../src/plan/broker-support/unsupported-policy.ts'
import { policy } from '../../builders/objects.ts'
import { answerTo } from '../support/answer-to.ts'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'

/** Values at the edges of a rule, on both sides. */
function edgesOf(rule: ValueRule): ArgumentValue[] {
  switch (rule.form) {
    case 'integer': {
      const { minimum = -1, maximum = 3_000_000_000 } = rule
      return [
        minimum,
        maximum,
        minimum - 1,
        ...(rule.maximum === undefined ? [] : [maximum + 1]),
        minimum + 0.5,
        '60000',
      ]
    }
    case 'text':
      return ['', 'amq.direct', 5, true]
    case 'boolean':
      return [true, false, 'true', 1]
    case 'one-of':
      return [...rule.values, 'min-masters', 'something else', 7]
    case 'age':
      return ['7D', '24h', '0D', '5x', 7]
    case 'any':
      return []
  }
}

function isFraction(value: unknown): boolean {
  return typeof value === 'number' && !Number.isInteger(value)
}

describe('the table of queue arguments', () => {
  it.each(QUEUE_TYPES)('refuses for a %s queue exactly what the broker refuses', async (type) => {
    const { api, version } = await testBroker()
    const vhost = await freshVhost()
    const cases = QUEUE_ARGUMENTS.filter(({ unvalidated }) => !unvalidated)
      // 4.3 refuses it unless its configuration permits the deprecated feature.
      .filter(({ name }) => name !== 'x-queue-master-locator')
      .flatMap(({ name, value, needs }) =>
        edgesOf(value)
          // 4.0 does not check that this one is whole.
          .filter((each) => name !== 'x-stream-filter-size-bytes' || !isFraction(each))
          .map((each) => ({ name, table: { ...(needs && { [needs]: 'amq.direct' }), [name]: each } })),
      )
    const expected: string[] = []
    const answered: string[] = []
    await Promise.all(
      cases.map(async ({ name, table }, index) => {
        const queue = `q${index}`
        const text = `${JSON.stringify(table)}: `
        const problem = Object.keys(table).map((each) => argumentProblem(type, each, table, version))
        expected.push(text + (problem.every((each) => each === undefined) ? 'taken' : '400'))
        const body = { durable: true, arguments: { 'x-queue-type': type, ...table } }
        answered.push(text + (await answerTo(() => api.put(['queues', vhost, queue], body))))
        if (name === 'x-expires') await api.delete(['queues', vhost, queue]).catch(() => undefined)
      }),
    )

    expect(answered.toSorted()).toEqual(expected.toSorted())
  })
})

describe('the table of policy keys', () => {
  it.each([
    ['policy', 'policies'],
    ['operator-policy', 'operator-policies'],
  ] as const)('refuses in a %s exactly what the broker refuses', async (kind, path) => {
    const { api, version } = await testBroker()
    const vhost = await freshVhost()
    const plugins = ['rabbitmq_federation']
    const deniedFeatures = version.startsWith('4.3.') ? ['queue_master_locator'] : []
    const abilities = { version, plugins, exchangeTypes: [], deniedFeatures, forbidsOperatorPolicies: false }
    const cases = POLICY_KEYS.filter(({ value }) => value.form !== 'any').flatMap((row) =>
      edgesOf(row.value).map((value) => ({ row, definition: definitionWith(row, value) })),
    )
    const expected: string[] = []
    const answered: string[] = []
    await Promise.all(
      cases.map(async ({ definition, row }, index) => {
        const text = `${JSON.stringify(definition)}: `
        const refused =
          unsupportedPolicy(kind, abilities, policy('p', { vhost, definition })) !== undefined ||
          neededKey(row, definition) !== undefined
        expected.push(text + (refused ? 'refused' : 'taken'))
        const body = { pattern: '^nothing$', 'apply-to': 'all', definition }
        const answer = await answerTo(() => api.put([path, vhost, `p${index}`], body))
        // A wrong age or mirroring mode is an internal error of the broker: 500.
        answered.push(text + (answer === 'taken' ? 'taken' : 'refused'))
      }),
    )

    expect(answered.toSorted()).toEqual(expected.toSorted())
  })
})

/** A definition with what else the key needs. */
function definitionWith({ key, needs }: PolicyKey, value: ArgumentValue): Record<string, ArgumentValue> {
  if (needs?.key === 'ha-mode') return { 'ha-mode': 'all', [key]: value }
  if (key === 'ha-mode' && value === 'exactly') return { 'ha-params': 1, [key]: value }
  if (key === 'ha-mode' && value === 'nodes') return { 'ha-params': ['rabbit@localhost'], [key]: value }
  return { ...(needs && key !== 'ha-mode' && { [needs.key]: 1_000 }), [key]: value }
}
