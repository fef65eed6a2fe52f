import { describe, expect, it } from 'vitest'
import { mayBacktrack } from '../../../src/model/values/may-backtrack.ts'
import { countable, growthOf, LINEAR } from '../../counting/growth.ts'

const { matchesGlob } = await countable(() => import('../../../src/model/names/matches-glob.ts'))

describe('a pattern that may take very long', () => {
  it.each(['(a+)+$', '^(a|aa)*b', '((a*))+', '(?:x{2,5}){3,}', '.*a.*b.*c.*d.*e', '(a(b|c))*'])('is %s', (pattern) => {
    expect(mayBacktrack(pattern)).toBe(true)
  })

  it.each(['', '^orders\\.', '^(orders|billing)\\..*$', '.*', '(a)+', '[(+]+x', '\\(a+\\)+', '^(a|b)', 'a{2}'])(
    'is not %s',
    (pattern) => {
      expect(mayBacktrack(pattern)).toBe(false)
    },
  )
})

describe('a glob', () => {
  it.each([
    ['queue:v/a', 'queue:v/a', true],
    ['queue:v/a', 'queue:v/', false],
    ['queue:v/a', '*', true],
    ['queue:v/a.b', 'queue:*/a.*', true],
    ['queue:v/axb', 'queue:*/a.*', false],
    ['abab', 'ab*ab', true],
    ['aba', 'ab*ba', false],
    ['xaxbx', '*a*b*', true],
    ['xbxax', '*a*b*', false],
    ['a\nb', 'a*b', true],
  ])('matches %j by %j: %s', (address, glob, matches) => {
    expect(matchesGlob(address, glob)).toBe(matches)
  })

  it('is matched in a number of steps that is linear in its length', () => {
    expect(growthOf((size) => matchesGlob('a'.repeat(size * 10), `${'*a'.repeat(size)}b`), 30)).toBeLessThan(LINEAR)
  })
})
