import { describe, expect, it } from 'vitest'
import type { HeaderValue } from '../../../src/insight/routing/header-value.ts'
import { HeadersIndex } from '../../../src/insight/routing/headers-index.ts'
import type { Arguments } from '../../../src/model/arguments.ts'

function matches(table: Arguments, headers: Readonly<Record<string, HeaderValue>>, version = '4.0.5'): boolean {
  const index = new HeadersIndex<string>(version)
  index.add(table, 'binding')
  return index.matching(headers).length === 1
}

describe('HeadersIndex', () => {
  it.each<[string, Arguments, Readonly<Record<string, HeaderValue>>, boolean]>([
    ['needs all conditions by default', { a: 1, b: 2 }, { a: 1 }, false],
    ['ignores other headers', { a: 1 }, { a: 1, b: 2 }, true],
    ['needs one condition with x-match any', { 'x-match': 'any', a: 1, b: 2 }, { b: 2 }, true],
    ['matches every message without a condition', { 'x-match': 'all' }, {}, true],
    ['matches no message with x-match any and no condition', { 'x-match': 'any' }, { a: 1 }, false],
    ['ignores conditions on x- headers', { 'x-a': 1 }, {}, true],
    ['considers them with all-with-x', { 'x-match': 'all-with-x', 'x-a': 1 }, {}, false],
    ['finds them with any-with-x', { 'x-match': 'any-with-x', 'x-a': 1 }, { 'x-a': 1 }, true],
    ['distinguishes a number from its text', { a: 1 }, { a: '1' }, false],
    ['takes no header without a value for an equal one', { a: 1 }, { a: null }, false],
    ['compares the widths of integers inside of lists', { a: [1] }, { a: [1] }, false],
    ['finds equal integers inside of lists', { a: [1] }, { a: [{ '!': 'long', value: 1 }] }, true],
    ['takes an empty list for an empty table', { a: [] }, { a: {} }, true],
  ])('%s', (_, table, headers, expected) => {
    expect(matches(table, headers)).toBe(expected)
  })

  it.each([
    ['3.10.8', true],
    ['4.0.5', false],
  ])('compares an integer with the same double as RabbitMQ %s does', (version, expected) => {
    expect(matches({ a: 1 }, { a: { '!': 'double', value: 1 } }, version)).toBe(expected)
  })

  it.each([
    ['3.10.8', 1, true],
    ['3.10.8', 1_000, false],
    ['4.0.5', 1, false],
    ['4.0.5', 1_000, true],
  ])('compares a timestamp with an integer as RabbitMQ %s does (%i)', (version, bound, expected) => {
    expect(matches({ a: bound }, { a: { '!': 'timestamp', value: 1 } }, version)).toBe(expected)
  })
})
