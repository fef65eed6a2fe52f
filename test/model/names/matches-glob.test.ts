import { describe, expect, it } from 'vitest'
import { matchesGlob } from '../../../src/model/names/matches-glob.ts'

describe('a glob', () => {
  it.each([
    ['queue:a/b', 'queue:*', true],
    ['queue:a/b', '*b', true],
    ['queue:a.b', 'queue:a?b', false],
    ['queue:a.b', 'queue:a.b', true],
    ['queue:axb', 'queue:a.b', false],
    ['queue:a', 'Queue:a', false],
    ['queue:[a]', 'queue:[a]', true],
    ['queue:ab', 'queue:a', false],
  ])('%s against %s: %s', (address, glob, matches) => {
    expect(matchesGlob(address, glob)).toBe(matches)
  })
})
