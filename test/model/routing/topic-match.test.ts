import { describe, expect, it } from 'vitest'
import { topicMatches } from '../../../src/model/routing/topic-match.ts'

describe('topicMatches', () => {
  it.each([
    ['#', '', true],
    ['*', '', false],
    ['', '', true],
    ['', 'a', false],
    ['a.*', 'a.', true],
    ['a.*', 'a', false],
    ['a.#', 'a', true],
    ['a.*.b', 'a..b', true],
    ['*.*', '.', true],
    ['#.#', '', true],
    ['a.#.b', 'a.b', true],
    ['a.#.b', 'a.x.y', false],
    ['a.#.b', 'a.x.y.b', true],
    ['*.#', '', false],
    ['a*', 'ab', false],
    ['#.*', '', false],
  ])('%j of %j is %j', (bindingKey, routingKey, expected) => {
    expect(topicMatches(bindingKey, routingKey)).toBe(expected)
  })
})
