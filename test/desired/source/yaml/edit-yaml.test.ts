import { describe, expect, it } from 'vitest'
import { editYaml } from '../../../../src/desired/source/yaml/edit-yaml.ts'

/** Removes the item that begins at the mark `»`. */
function withoutMarked(text: string): string | undefined {
  const before = text.slice(0, text.indexOf('»')).split('\n')
  const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  return editYaml(text.replace('»', ''), place, { kind: 'remove-item' })
}

describe('editYaml removes an item', () => {
  it.each([
    [
      'the first one of a list in brackets',
      '{ list: [»{ a: 1 },  { b: "#" } ] } # kept',
      '{ list: [{ b: "#" } ] } # kept',
    ],
    ['the last one of a list in brackets', 'list: [{ a: 1 }, »{ b: "#" } ]', 'list: [{ a: 1 } ]'],
    ['the only one of a list in brackets', 'list: [ »a ]', 'list: [  ]'],
    [
      'one in lines',
      '# top\nlist:\n  - a: 1\n  - »b: 2\n    c: 3\n  # of d\n  - d\n',
      '# top\nlist:\n  - a: 1\n  # of d\n  - d\n',
    ],
    ['the last one in lines', 'list:\n- a\n- »{ b: 2 }\n\nmore: 1\n', 'list:\n- a\n\nmore: 1\n'],
    ['one of a list in JSON', '{\n  "list": [\n    »{ "a": 1 },\n    2\n  ]\n}', '{\n  "list": [\n    2\n  ]\n}'],
  ])('%s', (_what, text, expected) => {
    expect(withoutMarked(text)).toBe(expected)
  })

  it.each([
    ['a comment above it, which may be about it', 'list:\n  - a\n  # why b\n  - »b\n'],
    ['a comment behind it', 'list:\n  - a\n  - »b # why\n'],
    ['a comment within it', 'list: [a, »{ b: 1, # why\n c: 2 }]'],
    ['no other item in lines', 'list:\n  - »a\n'],
    ['an anchor, since an alias may need it', 'list:\n  - a\n  - »&it b\nother: *it\n'],
    ['a key of a table', 'table:\n  »a: 1\n  b: 2\n'],
  ])('not where there is %s', (_what, text) => {
    expect(withoutMarked(text)).toBeUndefined()
  })
})

describe('editYaml', () => {
  it('removes the line of a comment, and no other line', () => {
    const text = 'a: 1\n  # warren-ignore x: y\nb: 2 # kept\n'

    expect(editYaml(text, { line: 2, column: 3 }, { kind: 'remove-comment' })).toBe('a: 1\nb: 2 # kept\n')
    expect(editYaml(text, { line: 3, column: 1 }, { kind: 'remove-comment' })).toBeUndefined()
  })

  it('replaces a value within its quotes, if it is the expected one', () => {
    const text = `list: [{ key: 'a.#.#', other: 'a.#.#' }]`
    const edit = { kind: 'replace', key: 'key', from: 'a.#.#', to: 'a.#' } as const

    expect(editYaml(text, { line: 1, column: 8 }, edit)).toBe(`list: [{ key: 'a.#', other: 'a.#.#' }]`)
    expect(editYaml(text, { line: 1, column: 8 }, { ...edit, from: 'b' })).toBeUndefined()
  })
})
