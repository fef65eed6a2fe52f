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

  it('moves what stands after a long text only as far as needed', () => {
    expect(line('orders-of-all', 'quorum')).toBe('  + queue  orders-of-all  quorum  t.yaml:1:1')
    expect(line('orders-of-all', '')).toBe('  + queue  orders-of-all      t.yaml:1:1')
    expect(line('a-name-of-many-words', 'quorum')).toBe('  + queue  a-name-of-many-words  quorum  t.yaml:1:1')
  })
})
