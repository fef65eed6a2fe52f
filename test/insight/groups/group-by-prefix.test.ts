import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupByPrefix } from '../../../src/insight/groups/group-by-prefix.ts'

describe('groupByPrefix', () => {
  it('groups three queues with a common prefix', () => {
    expect(groupByPrefix(['billing.mail', 'billing.pdf', 'billing', 'audit.log', 'audit.trail'])).toEqual({
      groups: [{ name: 'billing', queues: ['billing', 'billing.mail', 'billing.pdf'] }],
      rest: ['audit.log', 'audit.trail'],
    })
  })

  it('splits at dots, colons and slashes before hyphens, and at hyphens before underscores', () => {
    const names = ['a-b.c', 'a-b:d', 'a-b/e', 'x_y-1', 'x_y-2', 'x_y-3', 'm_1', 'm_2', 'm_3']
    expect(groupByPrefix(names).groups.map(({ name }) => name)).toEqual(['a-b', 'm', 'x_y'])
  })

  it('ignores separators at the beginning of a name', () => {
    expect(groupByPrefix(['_a.1', '.a.2', 'a.3', '...', '_'])).toEqual({
      groups: [{ name: 'a', queues: ['.a.2', '_a.1', 'a.3'] }],
      rest: ['...', '_'],
    })
  })

  it('counts a queue with its retry ladder and its dead letters once', () => {
    const ladder = ['mail', 'mail.dead', 'mail.retry.5s', 'mail.retry.1m']
    expect(groupByPrefix(ladder)).toEqual({ groups: [], rest: ladder.toSorted() })
    expect(groupByPrefix([...ladder, 'mail.in', 'mail.out']).groups).toEqual([
      { name: 'mail', queues: [...ladder, 'mail.in', 'mail.out'].toSorted() },
    ])
  })

  it('does not treat a name that only looks derived as derived', () => {
    expect(groupByPrefix(['a.dead', 'a.retry.5s', 'a.x'])).toEqual({
      groups: [{ name: 'a', queues: ['a.dead', 'a.retry.5s', 'a.x'] }],
      rest: [],
    })
  })

  it('splits a group of more than a hundred queues by the next part of their names', () => {
    const many = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}.${at}`)
    const names = [...many('shop.eu', 60), ...many('shop.us', 40), 'shop.other', 'shop']
    const groups = groupByPrefix(names).groups.map(({ name, queues }) => [name, queues.length])
    expect(groups).toEqual([
      ['shop', 2],
      ['shop.eu', 60],
      ['shop.us', 40],
    ])
    expect(groupByPrefix(names.slice(2)).groups.map(({ name }) => name)).toEqual(['shop'])
  })

  it('joins two groups that get the same name', () => {
    const many = Array.from({ length: 101 }, (_, at) => `a-b-${at}`)
    expect(groupByPrefix([...many, 'a-b.1', 'a-b.2', 'a-b.3']).groups.map(({ name }) => name)).toEqual(['a-b'])
  })

  it('puts every queue in one place, in an order that does not depend on the input', () => {
    const name = fc.stringMatching(/^[ab][.:/_-]?[ab.:/_-]{0,6}(?:\.dead|\.retry\.5s)?$/)
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 150 }), (names) => {
        const { groups, rest } = groupByPrefix(names)
        expect([...groups.flatMap(({ queues }) => queues), ...rest].toSorted()).toEqual(names.toSorted())
        expect(new Set(groups.map((group) => group.name)).size).toBe(groups.length)
        expect(groupByPrefix(names.toReversed())).toEqual({ groups, rest })
      }),
    )
  })
})
