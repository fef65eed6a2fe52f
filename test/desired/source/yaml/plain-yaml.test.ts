import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { Places } from '../../../../src/desired/source/places.ts'
import { SourceText } from '../../../../src/desired/source/source-text.ts'
import { isContainer, isTable, type Tree } from '../../../../src/desired/source/tree.ts'
import { parseDocuments, type ParsedDocument } from '../../../../src/desired/source/yaml/parse-documents.ts'
import { parsePlainYaml } from '../../../../src/desired/source/yaml/plain-yaml.ts'

/** The data of documents with the locations of all keys and values. */
function dump(documents: readonly ParsedDocument[], places: Places): unknown {
  return documents.map(({ root, place, damage }) => [dumpTree(root, places), place.start, damage])
}

function dumpTree(value: Tree, places: Places): unknown {
  if (!isContainer(value)) return Object.is(value, -0) ? '-0' : value
  const entries = isTable(value) ? Object.entries(value) : [...value.entries()]
  return [
    Array.isArray(value) ? 'list' : 'table',
    places.locate(value),
    ...entries.map(([key, each]) => {
      return [key, places.locate(value, key), places.locate(value, key, 'value'), dumpTree(each, places)]
    }),
  ]
}

/** The result of the plain reader for a string; undefined if it leaves the text to the complete reader. */
function plain(text: string): unknown {
  const places = new Places()
  const documents = parsePlainYaml(new SourceText({ path: 't.yaml', text }), places)
  return documents && dump(documents, places)
}

/** The result of the complete reader for a string, with its findings. */
function complete(text: string): unknown {
  const places = new Places()
  const { documents, findings, valueFindings, incomplete } = parseDocuments({ path: 't.yaml', text }, places)
  expect({ findings, valueFindings, incomplete }).toEqual({ findings: [], valueFindings: [], incomplete: false })
  return dump(documents, places)
}

function expectSame(text: string): boolean {
  const read = plain(text)
  if (read === undefined) return false
  expect({ text, read }).toEqual({ text, read: complete(text) })
  return true
}

const scalar = fc.oneof(
  fc.constantFrom(null, true, false, 0, -7, 1.5, '', 'orders.#', 'a b', '5s', '01', '1e3', "it's", 'a: b', 'é', 'null'),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
)
const anyTree = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('a', 'b.c', '__proto__')), tie('tree'), {
      maxKeys: 4,
    }),
  ),
})).tree

/** Parts of lines, valid and invalid, in any order. */
const PARTS = [
  ['a', 'b:', 'c: ', ' ', '  ', '\n', '\n  ', '\n    ', '\n- ', '\n  - ', '- ', ': ', ':', '-', '?', '? '],
  ['#', ' # d', '\n# e\n', '\n   # f', '"', '"g"', "'h'", "''", '{', '}', '[', ']', ', ', ',', ',\n  ', '[\n'],
  ['1', '0x1F', '0o7', '-.5', '+3', '1e2', '.inf', '~', 'null', 'True', '007', '*i', '&j ', '!k ', '<<: ', '|', '>-'],
  ['{ a: 1 }', '[b, c]', '---', '\n---\n', '\n...\n', '%', '@', '`', '\\', '\\n', '\\u0041', '\t', '\r\n'],
  ['é', '😀', '\u2028', '\u00a0'],
].flat()
const anyText = fc.array(fc.constantFrom(...PARTS), { maxLength: 14 }).map((parts) => parts.join(''))

/** Lines of tables and lists with various indentation, which are mostly valid. */
const line = fc
  .tuple(
    fc.constantFrom('', '  ', '    ', '      ', ' '),
    fc.constantFrom('', '', '', '- ', '-   ', '- - '),
    fc.constantFrom('a: ', 'b:', 'c:   ', '"d": ', "'e' : ", 'f.g/h: ', 'i: ', 'j: ', ''),
    fc.constantFrom(
      '',
      '',
      '1',
      'text',
      'two words',
      '"x: y"',
      "'it''s'",
      '{ k: v, l: [1, two] }',
      '[]',
      '# n',
      'o #p',
      '[one,\n\n     two ,\n    ]',
      '{\n      q: { r: 1 },\n  }',
      '\n    text',
      '\n      [[1, ], s]',
    ),
    fc.constantFrom('', '', '  ', ' # comment', '\n', '\n\n  # comment'),
  )
  .map((parts) => parts.join(''))
const anyLines = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'))

describe('parsePlainYaml', () => {
  it('reads written values like the complete reader, with the same positions', () => {
    let read = 0
    fc.assert(
      fc.property(anyTree, fc.constantFrom(0, 30, 80), fc.boolean(), (value, lineWidth, indentSeq) => {
        if (expectSame(stringify({ value, last: 1 }, { lineWidth, indentSeq }))) read += 1
      }),
      { numRuns: 500 },
    )
    expect(read).toBeGreaterThan(200)
  })

  it('reads lines of any indentation like the complete reader, or leaves them to it', () => {
    let read = 0
    fc.assert(
      fc.property(anyLines, (text) => {
        if (expectSame(text)) read += 1
      }),
      { numRuns: 3_000 },
    )
    expect(read).toBeGreaterThan(50)
  })

  it('leaves every text with a mistake to the complete reader', () => {
    let read = 0
    fc.assert(
      fc.property(anyText, (text) => {
        if (expectSame(text)) read += 1
      }),
      { numRuns: 3_000 },
    )
    expect(read).toBeLessThan(1_000)
  })

  it('reads the topologies of the project without the complete reader', () => {
    const folder = join(import.meta.dirname, '../../../../topologies')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'))
    const read = files.filter((name) => expectSame(readFileSync(join(folder, name), 'utf8')))

    expect(files.filter((name) => !read.includes(name))).toEqual([])
  })
})
