import { assert, property, stringMatching } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseReferences, type ReferenceParts } from '../../../../src/desired/source/references/references.ts'

describe('parseReferences', () => {
  it('parses a string into its parts', () => {
    expect(parseReferences('a ${env:A:-b:-c} $${env:B} ${file:./x y} ${var:z}$')).toEqual({
      parts: [
        'a ',
        { kind: 'env', name: 'A', fallback: 'b:-c', written: '${env:A:-b:-c}' },
        ' ${env:B} ',
        { kind: 'file', name: './x y', written: '${file:./x y}' },
        ' ',
        { kind: 'var', name: 'z', written: '${var:z}' },
        '$',
      ],
    })
  })

  it('knows defaults only of environment variables', () => {
    expect(parseReferences('${var:a:-b}')).toEqual({
      parts: [{ kind: 'var', name: 'a:-b', written: '${var:a:-b}' }],
    })
  })

  it('keeps a string without references', () => {
    expect([parseReferences(''), parseReferences('{a} $b $$')]).toEqual([{ parts: [''] }, { parts: ['{a} $b $$'] }])
  })

  it('keeps any text whose ${ is written as $${', () => {
    assert(
      property(stringMatching(/^[${}a:]*$/), (text) => {
        expect(parseReferences(escaped(text))).toEqual({ parts: [text] })
      }),
    )
  })

  it('parses any text without losing a part of it', () => {
    const anyText = stringMatching(/^([{}a]|\$\$\{|env:|file:|\$\{var:a\})*$/)
    assert(
      property(anyText, (text) => {
        const parsed = parseReferences(text)
        const rebuilt = 'parts' in parsed && parsed.parts.map(written).join('')

        expect(rebuilt).toBe(text)
      }),
    )
  })
})

function written(part: ReferenceParts[number]): string {
  return typeof part === 'string' ? escaped(part) : part.written
}

function escaped(text: string): string {
  return text.replaceAll('${', () => '$${')
}
