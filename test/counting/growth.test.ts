import { describe, expect, it } from 'vitest'
import { countable, growthOf, LINEAR } from './growth.ts'
import { searchFor } from './pattern-steps.ts'

const { LineTable } = await countable(() => import('../../src/diagnostics/text/line-table.ts'))

describe('the growth of work', () => {
  it.each<[string, (text: string) => unknown]>([
    ['a pattern that is tried once from each place', (text) => /b/.exec(text)],
    ['a method of a string', (text) => text.indexOf('b')],
    ['a loop of the sources', (text) => new LineTable(text.replaceAll('a', ' '))],
  ])('is linear for %s', (_what, work) => {
    const growth = growthOf((size) => work('a'.repeat(size)), 50)
    expect(growth).toBeGreaterThan(4)
    expect(growth).toBeLessThan(LINEAR)
  })

  it.each<[string, (text: string) => unknown]>([
    ['a pattern that continues to the end from each place', (text) => /a+b/.exec(text)],
    ['a method of a string that is called at each place', (text) => Array.from(text, (_, at) => text.indexOf('b', at))],
    ['a loop of the sources in a loop', (text) => Array.from(text, (_, at) => new LineTable(' '.repeat(at)))],
  ])('is more than linear for %s', (_what, work) => {
    expect(growthOf((size) => work('a'.repeat(size)), 50)).toBeGreaterThan(LINEAR)
  })
})

describe('a search whose steps are counted', () => {
  it.each<[RegExp, string]>([
    [/(["'])(.*)\1$/, `x"'y'"`],
    [/^b.?$|(?<=a)b{2,3}?/m, 'ab\nabbbb'],
    [/(?:a|ab)(?=c)(?!cd)\b/iu, 'ABCD abc'],
    [/[^\]\\a-]+?\p{L}\u{1f600}/u, ']]ü😀'],
    [/(?<name>x{2}|y*)z/, 'xyyxxz'],
    [/\Bq/, 'q aq'],
  ])('has the same result as the engine: %s', (pattern, text) => {
    const found = pattern.exec(text)
    expect(searchFor(pattern, text, 0).end).toBe(found ? found.index + found[0].length : undefined)
  })
})
