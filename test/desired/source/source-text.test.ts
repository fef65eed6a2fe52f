import { describe, expect, it, vi } from 'vitest'
import { SourceText } from '../../../src/desired/source/source-text.ts'

describe('a place in a file', () => {
  it('ends with its line, for any kind of line break', () => {
    for (const text of ['ab\ncd', 'ab\r\ncd', 'ab\n', 'ab']) {
      const source = new SourceText({ path: 'a', text })
      const lengths = Array.from({ length: text.length }, (_, index) => source.locate(0, index + 1).length)

      expect(lengths).toEqual(lengths.map((_, index) => Math.min(index + 1, 2)))
    }
  })

  it('is found without reading the rest of a generated file of one line', () => {
    const source = new SourceText({ path: 'a', text: `{${'"a":1,'.repeat(1_000)}"b":2}` })
    source.locate(0, 1)
    const search = vi.spyOn(String.prototype, 'indexOf')
    try {
      expect(source.locate(7, 10)).toEqual({ file: 'a', line: 1, column: 8, length: 3 })
      expect(search).not.toHaveBeenCalled()
    } finally {
      search.mockRestore()
    }
  })
})
