import { describe, expect, it } from 'vitest'
import { argumentProblem } from '../../../src/model/broker-tables/argument-problem.ts'
import {
  LOCAL_SINCE,
  PARAMETER_KEYS,
  type ParameterKey,
  SHOVEL_PROTOCOLS,
} from '../../../src/model/broker-tables/parameter-keys.ts'
import { OLDEST } from '../../../src/model/broker-tables/support.ts'
import { describeRanges, isAtLeast, type VersionRange } from '../../../src/model/broker-version.ts'
import { keptIn, POLICY_KEYS } from '../../../src/model/broker-tables/policy-keys.ts'
import { QUEUE_ARGUMENTS, QUEUE_TYPES } from '../../../src/model/broker-tables/queue-arguments.ts'
import {
  OPERATOR_KEYS_IN_SOURCE,
  POLICY_KEYS_IN_SOURCE,
  QUEUE_ARGUMENTS_IN_SOURCE,
  SHOVEL_KEYS_IN_SOURCE,
  UNSUPPORTED_POLICIES_IN_SOURCE,
  UNSUPPORTED_POLICIES_OF_SOME_RELEASES,
  UPSTREAM_KEYS_IN_SOURCE,
} from './source-lists.ts'

type Ranges = Iterable<readonly [string, readonly VersionRange[]]>

function inOrder(ranges: Ranges): string[] {
  return [...ranges].map(([key, each]) => `${key} ${describeRanges(each)}`).toSorted()
}

function rangeOf(since: string, until?: string): VersionRange {
  return { since, ...(until !== undefined && { until }) }
}

describe('the tables of arguments and policy keys', () => {
  it('contain every queue argument in the lists of RabbitMQ, once', () => {
    expect(QUEUE_ARGUMENTS.map(({ name }) => name).toSorted()).toEqual(QUEUE_ARGUMENTS_IN_SOURCE.toSorted())
  })

  it('contain every policy key that RabbitMQ registers, with the releases that do so', () => {
    const ranges = POLICY_KEYS.map(({ key, since = OLDEST, removedIn }) => [key, [rangeOf(since, removedIn)]] as const)

    expect(inOrder(ranges)).toEqual(inOrder(POLICY_KEYS_IN_SOURCE))
  })

  it('allow in operator policies the keys that RabbitMQ registers for them, with the releases that do so', () => {
    const ranges = POLICY_KEYS.map(
      ({ key, since = OLDEST, operatorIn }) => [key, operatorIn ?? [rangeOf(since)]] as const,
    ).filter(([, each]) => each.length > 0)

    expect(inOrder(ranges)).toEqual(inOrder(OPERATOR_KEYS_IN_SOURCE))
  })

  it.each(SHOVEL_PROTOCOLS)(
    'contain every key that a shovel over %s has, with the releases that have it',
    (protocol) => {
      const first = protocol === 'local' ? LOCAL_SINCE : OLDEST
      const ranges = PARAMETER_KEYS.shovel.flatMap(({ key, since = OLDEST, end, protocols }) => {
        const own = protocols === undefined ? first : protocols[protocol]
        return own === undefined || end === undefined || key.endsWith('-protocol')
          ? []
          : [[key, [rangeOf(isAtLeast(own, since) ? own : since)]] as const]
      })

      expect(inOrder(ranges)).toEqual(inOrder(SHOVEL_KEYS_IN_SOURCE[protocol]))
    },
  )

  it('contain every key that all shovels have, with the releases that have it', () => {
    const ranges = PARAMETER_KEYS.shovel
      .filter(({ key, end }) => end === undefined || key.endsWith('-protocol'))
      .map(({ key, since = OLDEST }) => [key, [rangeOf(since)]] as const)

    expect(inOrder(ranges)).toEqual(inOrder(SHOVEL_KEYS_IN_SOURCE.all))
  })

  it('contain every key that upstreams and members of upstream sets have, with the releases that have it', () => {
    const keys = [...PARAMETER_KEYS['federation-upstream'], ...PARAMETER_KEYS['federation-upstream-set'].slice(0, 1)]
    const ranges = keys.map(
      ({ key, since = OLDEST, removedIn }: ParameterKey) => [key, [rangeOf(since, removedIn)]] as const,
    )

    expect(inOrder(ranges)).toEqual(inOrder(UPSTREAM_KEYS_IN_SOURCE))
  })

  it.each(QUEUE_TYPES)(
    'do not apply to a %s queue the policies with keys that its type lists as unsupported',
    (type) => {
      const kept = POLICY_KEYS.map((row) => [row.key, keptIn(row, type)] as const).filter(
        ([, ranges]) => ranges.length > 0,
      )
      const inAll = UNSUPPORTED_POLICIES_IN_SOURCE[type].split(' ').map((key) => [key, [rangeOf(OLDEST)]] as const)

      expect(inOrder(kept)).toEqual(inOrder([...inAll, ...UNSUPPORTED_POLICIES_OF_SOME_RELEASES[type]]))
    },
  )
})

describe('argumentProblem', () => {
  it.each([
    ['a string where a number is expected', 'classic', { 'x-message-ttl': '60000' }, 'value'],
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

  it('uses the rules of a given version', () => {
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
