import { describe, expect, it } from 'vitest'
import type { ArgumentValue } from '../../../src/model/arguments.ts'
import { argumentProblem } from '../../../src/model/broker-tables/argument-problem.ts'
import {
  exceededKey,
  excludedKey,
  neededKey,
  POLICY_KEYS,
  type PolicyKey,
} from '../../../src/model/broker-tables/policy-keys.ts'
import { exceededKeyLimit, isRefusedWeight, localRandomProblem } from '../../../src/model/broker-tables/binding-key.ts'
import { EXCHANGE_ARGUMENTS } from '../../../src/model/broker-tables/exchange-arguments.ts'
import { QUEUE_ARGUMENTS, QUEUE_TYPES } from '../../../src/model/broker-tables/queue-arguments.ts'
import { satisfiesRule } from '../../../src/model/broker-tables/value-rule.ts'
import { unsupportedPolicy } from '../../../src/plan/broker-support/unsupported-policy.ts'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import { policy, queue, topology, vhost as vhostNamed } from '../../builders/objects.ts'
import { edgesOf } from '../support/edges-of.ts'
import { answerTo } from '../support/answer-to.ts'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { planLive, withClient } from '../support/converge.ts'

function isFraction(value: unknown): boolean {
  return typeof value === 'number' && !Number.isInteger(value)
}

describe('the table of queue arguments', () => {
  it('refuses for a queue without a type what the broker refuses for its default type', async () => {
    const { api } = await testBroker()
    const vhost = await freshVhost()
    const tables = [{ 'x-delivery-limit': 5 }, { 'x-max-age': '7D' }, { 'x-max-priority': 5 }]
    const answers: string[] = []
    const planned: string[] = []
    for (const [index, table] of tables.entries()) {
      const { type: _type, ...untyped } = queue(`q${index}`, { vhost, arguments: { ...table } })
      const desired = topology({ vhosts: [vhostNamed(vhost)], queues: [untyped] })
      const { blocks } = await withClient((client) => planLive(client, desired))
      planned.push(blocks.length === 0 ? 'taken' : '400')
      const body = { durable: true, arguments: table }
      answers.push(await answerTo(() => api.put(['queues', vhost, untyped.name], body)))
    }

    expect(planned).toEqual(answers)
    expect(planned).toEqual(['400', '400', 'taken'])
  })

  it.each(QUEUE_TYPES)('refuses for a %s queue exactly what the broker refuses', async (type) => {
    const { api, version } = await testBroker()
    const vhost = await freshVhost()
    const cases = QUEUE_ARGUMENTS.filter(({ unvalidated }) => !unvalidated)
      // 4.3 refuses it unless its configuration permits the deprecated feature.
      .filter(({ name }) => name !== 'x-queue-master-locator')
      .flatMap(({ name, value, needs }) =>
        edgesOf(value)
          // RabbitMQ 4.0 does not check that this number is an integer.
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

describe('the table of exchange arguments', () => {
  it('refuses exactly what the broker refuses', async () => {
    const { api } = await testBroker()
    const vhost = await freshVhost()
    const cases = EXCHANGE_ARGUMENTS.flatMap(({ name, type = 'topic', value, excludes }) => [
      ...edgesOf(value).map((each) => ({ type, table: { [name]: each }, isTaken: satisfiesRule(value, each) })),
      ...(excludes === undefined ? [] : [{ type, table: { [name]: 'h', [excludes]: 'message_id' }, isTaken: false }]),
    ])
    const text = (type: string, table: object) => `${type} ${JSON.stringify(table)}: `
    const answered = await Promise.all(
      cases.map(async ({ type, table }, index) => {
        const body = { type, durable: true, arguments: table }
        const answer = await answerTo(() => api.put(['exchanges', vhost, `e${index}`], body))
        return text(type, table) + (answer === 'taken' ? 'taken' : 'refused')
      }),
    )

    expect(answered).toEqual(
      cases.map(({ type, table, isTaken }) => text(type, table) + (isTaken ? 'taken' : 'refused')),
    )
  })
})

describe('the rules of binding keys', () => {
  it('refuse exactly the keys that the broker refuses', async () => {
    const { api, version } = await testBroker()
    const vhost = await freshVhost()
    const types = ['x-consistent-hash', 'topic', 'direct']
    const keys = ['', '0', '1', '+5', '007', '-1', '1.5', 'five', '10000', '10001', 'a.#.b', '#.a.#', '#.a.#.b.#']
    await api.put(['queues', vhost, 'q'], { durable: true })
    for (const type of types) await api.put(['exchanges', vhost, type], { type, durable: true })
    const cases = types.flatMap((type) => keys.map((key) => ({ type, key })))
    const answered = await Promise.all(
      cases.map(async ({ type, key }) => {
        const answer = await answerTo(() => api.post(['bindings', vhost, 'e', type, 'q', 'q'], { routing_key: key }))
        return `${type} ${key}: ${answer === 'taken' ? 'taken' : 'refused'}`
      }),
    )

    expect(answered).toEqual(
      cases.map(({ type, key }) => {
        const refused = isRefusedWeight(type, key) || exceededKeyLimit(type, key, version) !== undefined
        return `${type} ${key}: ${refused ? 'refused' : 'taken'}`
      }),
    )
  })
})

describe('the rules of bindings from an x-local-random exchange', () => {
  it('refuse exactly the bindings that the broker refuses', async ({ skip }) => {
    const { api, version } = await testBroker()
    skip(!isAtLeast(version, '4.0.0'), 'RabbitMQ has this type of exchange from 4.0 on')
    const vhost = await freshVhost()
    await api.put(['exchanges', vhost, 'from'], { type: 'x-local-random', durable: true })
    await api.put(['exchanges', vhost, 'exchange'], { type: 'direct', durable: true })
    for (const type of QUEUE_TYPES) {
      await api.put(['queues', vhost, type], { durable: true, arguments: { 'x-queue-type': type } })
    }
    const cases = [...QUEUE_TYPES, 'exchange' as const].flatMap((name) => ['', 'key'].map((key) => ({ name, key })))
    const answered = await Promise.all(
      cases.map(async ({ name, key }) => {
        const kind = name === 'exchange' ? 'e' : 'q'
        const answer = await answerTo(() =>
          api.post(['bindings', vhost, 'e', 'from', kind, name], { routing_key: key }),
        )
        return `${name} ${key}: ${answer === 'taken' ? 'taken' : 'refused'}`
      }),
    )

    expect(answered).toEqual(
      cases.map(({ name, key }) => {
        const ends = { routingKey: key, destinationType: name === 'exchange' ? name : ('queue' as const) }
        const problem = localRandomProblem('x-local-random', { ...ends, queueType: name })
        return `${name} ${key}: ${problem === undefined ? 'taken' : 'refused'}`
      }),
    )
  })
})

describe('the table of policy keys', () => {
  it.each([
    ['policy', 'policies'],
    ['operator-policy', 'operator-policies'],
  ] as const)('refuses in a %s exactly what the broker refuses', async (kind, path) => {
    const { api, version } = await testBroker()
    const vhost = await freshVhost()
    const plugins = ['rabbitmq_federation', 'rabbitmq_sharding']
    const deniedFeatures = version.startsWith('4.3.') ? ['queue_master_locator'] : []
    const abilities = { version, plugins, exchangeTypes: [], deniedFeatures, forbidsOperatorPolicies: false }
    const cases = POLICY_KEYS.filter(({ value }) => value.form !== 'any').flatMap((row) => [
      ...edgesOf(row.value)
        // The sharding plugin does not check that this number is an integer.
        .filter((value) => row.key !== 'shards-per-node' || !isFraction(value))
        .map((value) => ({ row, definition: definitionWith(row, value) })),
      ...(row.excludes ?? []).map((other) => ({ row, definition: { [row.key]: 'a', [other]: 'b' } })),
      ...(row.atLeast === undefined ? [] : [5, 6, 7].map((value) => atLeastSix(row, row.atLeast, value))),
      ...(row.needs === undefined ? [] : [{ row, definition: { [row.key]: valueThatNeeds(row) } }]),
    ])
    const expected: string[] = []
    const answered: string[] = []
    await Promise.all(
      cases.map(async ({ definition, row }, index) => {
        const text = `${JSON.stringify(definition)}: `
        const refused =
          unsupportedPolicy(kind, abilities, policy('p', { vhost, definition })) !== undefined ||
          neededKey(row, definition) !== undefined ||
          excludedKey(row, definition) !== undefined ||
          exceededKey(row, definition) !== undefined
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

function atLeastSix(row: PolicyKey, atLeast: string | undefined, value: number) {
  return { row, definition: { [row.key]: value, ...(atLeast !== undefined && { [atLeast]: 6 }) } }
}

/** A value for which the broker requires another key. */
function valueThatNeeds({ needs, value }: PolicyKey): ArgumentValue {
  const [first] = needs?.values ?? edgesOf(value)
  return first ?? 'a'
}

/** A definition with the other keys that the key needs. */
function definitionWith({ key, needs }: PolicyKey, value: ArgumentValue): Record<string, ArgumentValue> {
  if (needs?.key === 'ha-mode') return { 'ha-mode': 'all', [key]: value }
  if (key === 'ha-mode' && value === 'exactly') return { 'ha-params': 1, [key]: value }
  if (key === 'ha-mode' && value === 'nodes') return { 'ha-params': ['rabbit@localhost'], [key]: value }
  return { ...(needs && key !== 'ha-mode' && { [needs.key]: 1_000 }), [key]: value }
}
