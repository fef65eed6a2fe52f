import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TopicIndex } from '../../../src/model/routing/topic-index.ts'
import { topicMatches } from '../../../src/model/routing/topic-match.ts'

const key = fc.array(fc.constantFrom('a', 'b', '*', '#', ''), { maxLength: 4 }).map((words) => words.join('.'))

describe('TopicIndex', () => {
  it('finds exactly the matching binding keys', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 12 }), key, (bindingKeys, routingKey) => {
        const index = new TopicIndex<string>()
        for (const each of bindingKeys) index.add(each, each)

        const expected = bindingKeys.filter((each) => topicMatches(each, routingKey)).toSorted()
        expect(index.matching(routingKey).toSorted()).toEqual(expected)
      }),
    )
  })

  it('finds every item of equal binding keys', () => {
    const index = new TopicIndex<number>()
    index.add('orders.#', 1)
    index.add('orders.#', 2)

    expect(index.matching('orders.paid')).toEqual([1, 2])
  })
})
