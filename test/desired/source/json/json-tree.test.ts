import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explainFinding } from '../../../../src/diagnostics/findings/finding.ts'
import { parseFileNow } from '../../../../src/desired/source/parse-file-now.ts'
import { Places } from '../../../../src/desired/source/places.ts'
import { isContainer, isTable, type Tree } from '../../../../src/desired/source/tree.ts'
import { parseDocuments, type ParsedFile } from '../../../../src/desired/source/yaml/parse-documents.ts'

type Parse = typeof parseFileNow

/** The data of a string, the positions of its values and keys, and the findings, in a form that can be compared. */
function read(parse: Parse, text: string, path = 't.json') {
  const places = new Places()
  const { documents, findings, valueFindings } = parse({ path, text }, places)
  const found = [...findings, ...valueFindings].map(({ code, location, related }) => ({ code, location, related }))
  return { documents: documents.map(({ root, place }) => [dump(root, places), place.start, place.end]), found }
}

function dump(value: Tree, places: Places): unknown {
  if (!isContainer(value)) return value
  const { start, end } = places.own(value)
  const entries = isTable(value) ? Object.entries(value) : [...value.entries()]
  const spots = entries.map(([key, each]) => {
    const spot = places.spot(value, key)
    return [key, spot?.key.start, spot?.key.end, spot?.value.start, spot?.value.end, dump(each, places)]
  })
  return { start, end, spots }
}

/** The syntax errors, as `line:column message`. */
function problems(text: string, path = 't.json'): string[] {
  const { findings }: ParsedFile = parseFileNow({ path, text }, new Places())
  return findings.map((found) => `${found.location?.line}:${found.location?.column} ${explainFinding(found).message}`)
}

const anyJson = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('tree')),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', '<<', '7', '01')), tie('tree')),
  ),
})).tree

describe('a file of JSON', () => {
  it('gives the same data, places and findings as when it is read as YAML', () => {
    fc.assert(
      fc.property(anyJson, fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify({ value }, undefined, indent)
        expect(read(parseFileNow, text)).toEqual(read(parseDocuments, text))
      }),
      { numRuns: 300 },
    )
  })

  it('reports the same findings about duplicate keys and unsupported values as YAML', () => {
    const text =
      '{ "a": 1, "b": { "x": 1, "x": 2,\n "y": 0, "x": 3 }, "a": 4, "c": 9007199254740993, "d": [9e999, "\\ud800"] }'

    expect(read(parseFileNow, text).found.map(({ code }) => code)).toEqual([
      'duplicate-key',
      'duplicate-key',
      'duplicate-key',
      'number-too-large',
      'number-not-finite',
      'text-not-unicode',
    ])
    expect(read(parseFileNow, text)).toEqual(read(parseDocuments, text))
  })

  it.each([
    ['{\n  "a": 1,\n  "b": 2,\n}', '3:9 an entry is missing after this comma'],
    ['{\n  "a": 1\n  "b": 2\n}', '3:3 a comma is missing before this'],
    ['{ "a" 1 }', '1:7 a colon is missing after the key'],
    ['{ a: 1 }', '1:3 a key in double quotes is missing here'],
    ["{ 'a': 1 }", '1:3 JSON puts keys and texts into double quotes'],
    ['{ "a": }', '1:8 a value is missing here'],
    ['{ "a": True }', '1:8 a value is missing here'],
    ['{ "a": 01 }', '1:9 a comma is missing before this'],
    ['{ "a": "x\ny" }', '1:8 this text is not closed, or contains characters that JSON does not allow within quotes'],
    ['{ "a": "\\q" }', '1:8 this text is not closed, or contains characters that JSON does not allow within quotes'],
    ['{ "a": "x }', '1:8 this text is not closed, or contains characters that JSON does not allow within quotes'],
    ['{ "a": 1 } // end', '1:12 JSON has no comments'],
    ['{ "a": 1 }\n{ "b": 1 }', '2:1 something follows the end of the JSON'],
    ['{ "a": 1,\n  "b": [1, 2', '2:8 the file ends before this is closed'],
    ['{ "a":', '1:6 the file ends where a value is missing'],
    ['[1, ]', '1:3 an entry is missing after this comma'],
  ])('is reported with line and column if it is malformed: %j', (text, problem) => {
    expect(problems(text)).toEqual([problem])
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError)
  })

  it('is refused exactly if JSON.parse refuses it', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-',
      '0',
      '.5',
      'e3',
      'true',
      'nul',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1 }), (parts) => {
        const text = parts.join('')
        if (text.trim() === '') return
        let isJson = true
        try {
          JSON.parse(text)
        } catch {
          isJson = false
        }
        expect(problems(text).length === 0).toBe(isJson)
      }),
      { numRuns: 2_000 },
    )
  })

  it('may be nested as deep as YAML', () => {
    expect(read(parseFileNow, '['.repeat(100) + ']'.repeat(100)).found).toEqual([])
    expect(read(parseFileNow, '['.repeat(100_000)).found).toMatchObject([{ code: 'nested-too-deep' }])
  })
})

describe('a file with another extension that begins like JSON', () => {
  it('may be YAML in braces, with several documents and comments', () => {
    const text = '{ warren: 1, "project": shop } # one\n---\n{ "warren": 1, project: shop }\n'

    expect(read(parseFileNow, text, 't.yaml')).toEqual(read(parseDocuments, text, 't.yaml'))
    expect(read(parseFileNow, text, 't.yaml').documents).toHaveLength(2)
  })

  it('is explained as JSON if it is neither', () => {
    expect(problems('{ "warren": 1 "project": 2 }', '<stdin>')).toEqual(['1:15 a comma is missing before this'])
  })
})
