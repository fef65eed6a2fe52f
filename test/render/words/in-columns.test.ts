import { describe, expect, it } from 'vitest'
import { inColumns } from '../../../src/render/words/in-columns.ts'

const line = (name: string, summary: string) =>
  inColumns([
    { column: 2, text: '+ queue' },
    { column: 11, text: name, gap: 1 },
    { column: 20, text: summary },
    { column: 30, text: 't.yaml:1:1' },
  ])

describe('inColumns', () => {
  it('puts each text at its column, and keeps the place of one that is missing', () => {
    expect(line('orders', 'quorum')).toBe('  + queue  orders   quorum    t.yaml:1:1')
    expect(line('orders', '')).toBe('  + queue  orders             t.yaml:1:1')
  })

  it('moves the text after a long one only as far as needed', () => {
    expect(line('orders-of-all', 'quorum')).toBe('  + queue  orders-of-all  quorum  t.yaml:1:1')
    expect(line('orders-of-all', '')).toBe('  + queue  orders-of-all      t.yaml:1:1')
    expect(line('a-name-of-many-words', 'quorum')).toBe('  + queue  a-name-of-many-words  quorum  t.yaml:1:1')
  })

  it('begins a line where a string would end beyond the width, at its column or as far left as needed', () => {
    const narrow = (name: string, width: number) =>
      inColumns(
        [
          { column: 2, text: '+ queue' },
          { column: 11, text: name, gap: 1, stays: true },
          { column: 20, text: 'quorum' },
          { column: 30, text: 't.yaml:1:1' },
        ],
        width,
      )

    expect(narrow('orders', 40)).toBe('  + queue  orders   quorum    t.yaml:1:1')
    expect(narrow('a-name-of-many-words', 40)).toBe(
      ['  + queue  a-name-of-many-words  quorum', '                              t.yaml:1:1'].join('\n'),
    )
    expect(narrow('a-name-of-many-words', 36)).toBe(
      ['  + queue  a-name-of-many-words', '                    quorum', '                          t.yaml:1:1'].join(
        '\n',
      ),
    )
    expect(narrow('a-name-of-many-words', 24)).toBe(
      ['  + queue  a-name-of-many-words', '                  quorum', '              t.yaml:1:1'].join('\n'),
    )
  })

  it('never leaves a line empty, even if the width is very small', () => {
    expect(inColumns([{ column: 2, text: 'too-long' }], 4)).toBe('  too-long')
    expect(
      inColumns(
        [
          { column: 2, text: 'too-long' },
          { column: 8, text: 'longer-still' },
        ],
        4,
      ),
    ).toBe('  too-long\nlonger-still')
  })
})
