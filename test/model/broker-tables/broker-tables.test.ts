import { describe, expect, it } from 'vitest'
import { argumentProblem } from '../../../src/model/broker-tables/argument-problem.ts'
import { POLICY_KEYS } from '../../../src/model/broker-tables/policy-keys.ts'
import { QUEUE_ARGUMENTS, QUEUE_TYPES } from '../../../src/model/broker-tables/queue-arguments.ts'
import {
  OPERATOR_KEYS_IN_SOURCE,
  POLICY_KEYS_IN_SOURCE,
  QUEUE_ARGUMENTS_IN_SOURCE,
  UNSUPPORTED_POLICIES_IN_SOURCE,
} from './source-lists.ts'

describe('the tables of arguments and policy keys', () => {
  it('hold every queue argument that is in the lists of RabbitMQ, once', () => {
    expect(QUEUE_ARGUMENTS.map(({ name }) => name).toSorted()).toEqual(QUEUE_ARGUMENTS_IN_SOURCE.toSorted())
  })

  it('hold every policy key that RabbitMQ registers, once', () => {
    expect(POLICY_KEYS.map(({ key }) => key).toSorted()).toEqual(POLICY_KEYS_IN_SOURCE.toSorted())
  })

  it('allow in operator policies the keys that RabbitMQ registers for them', () => {
    const allowed = POLICY_KEYS.filter(({ operatorSince }) => operatorSince !== null).map(({ key }) => key)

    expect(allowed.toSorted()).toEqual(OPERATOR_KEYS_IN_SOURCE.toSorted())
  })

  it.each(QUEUE_TYPES)('keep from a %s queue the policies with the keys that its type lists as unsupported', (type) => {
    const kept = POLICY_KEYS.filter(({ notFor }) => notFor?.includes(type)).map(({ key }) => key)

    expect(kept.toSorted()).toEqual(UNSUPPORTED_POLICIES_IN_SOURCE[type].split(' ').toSorted())
  })
})

describe('argumentProblem', () => {
  it.each([
    ['a text where a number is expected', 'classic', { 'x-message-ttl': '60000' }, 'value'],
    ['a fraction', 'quorum', { 'x-expires': 1.5 }, 'value'],
    ['zero where one is the least', 'classic', { 'x-expires': 0 }, 'value'],
    ['an argument that the type does not take', 'quorum', { 'x-max-priority': 5 }, 'type'],
    ['an argument that no type takes with this value', undefined, { 'x-message-ttl': -1 }, 'value'],
    ['an argument without the one that it needs', 'classic', { 'x-dead-letter-routing-key': 'k' }, 'needs'],
  ])('reports %s', (_, type, table, kind) => {
    expect(argumentProblem(type, Object.keys(table)[0] ?? '', table)?.kind).toBe(kind)
  })

  it.each([
    ['an argument of a plugin', 'classic', { 'x-my-plugin': 'anything' }],
    ['a queue type of a plugin', 'jms', { 'x-message-ttl': 'anything' }],
    ['a value that one type would take, where the type is unknown', undefined, { 'x-max-age': '7D' }],
    ['a value that an older version ignores', 'classic', { 'x-consumer-timeout': 5 }],
  ])('accepts %s', (_, type, table) => {
    expect(argumentProblem(type, Object.keys(table)[0] ?? '', table)).toBeUndefined()
  })

  it('judges by the version where one is given', () => {
    const timeout = { 'x-consumer-timeout': 5 }

    expect(argumentProblem('classic', 'x-consumer-timeout', timeout, '4.0.5')).toBeUndefined()
    expect(argumentProblem('classic', 'x-consumer-timeout', timeout, '4.3.6')).toEqual({
      kind: 'type',
      types: ['quorum'],
    })
    expect(argumentProblem('quorum', 'x-delivery-limit', { 'x-delivery-limit': -1 }, '3.10.8')?.kind).toBe('value')
    expect(argumentProblem('quorum', 'x-delivery-limit', { 'x-delivery-limit': -1 }, '4.0.5')).toBeUndefined()
  })
})
