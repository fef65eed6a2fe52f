import { assert, asyncProperty, oneof, pre } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeFrame } from '../../src/diagnostics/code-frame.ts'
import { describe as sentenceOf, hasErrors } from '../../src/diagnostics/finding.ts'
import { damagedTopology, EVERYTHING, yamlSoup } from '../builders/hostile-yaml.ts'
import { declareFiles, HEAD } from './declaring.ts'

const anyText = oneof(
  yamlSoup,
  damagedTopology,
  yamlSoup.map((soup) => HEAD + soup),
)

describe('any text', () => {
  it('is declared or refused with findings in it, and never fails', async () => {
    await assert(
      asyncProperty(anyText, async (text) => {
        const { declaration, findings } = await declareFiles(text, {}, { environment: { HOME: '/root' } })
        const lines = text.split('\n').length
        const misplaced = findings.filter(
          ({ location }) => !location || location.line > lines || location.line < 1 || location.column < 1,
        )

        expect(declaration === undefined).toBe(hasErrors(findings))
        expect(misplaced).toEqual([])
        expect(findings.map((found) => sentenceOf(found).message).filter((message) => message === '')).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })

  it.each(['\n}', '\n\n  "x', '\n\n - }', '\n\t', '\n \t- {', ''])('may begin with an empty line: %j', async (text) => {
    expect((await declareFiles(text)).findings.length).toBeGreaterThan(0)
  })

  it('may be an overlay', async () => {
    await assert(
      asyncProperty(anyText, async (text) => {
        const { declaration, findings } = await declareFiles(EVERYTHING, { 'o.yaml': text })

        expect(declaration === undefined).toBe(hasErrors(findings))
      }),
      { numRuns: 300 },
    )
  })

  it('gives a password away in no finding and no frame', async () => {
    await assert(
      asyncProperty(damagedTopology, async (damaged) => {
        const text = damaged.replace('"${env:PASSWORD}"', 'correct-horse')
        // What is not called a password any more cannot be known as one.
        pre(text.includes('password: correct-horse'))
        const { findings } = await declareFiles(text)
        const shown = findings.flatMap((found) => {
          const { message, hint } = sentenceOf(found)
          return [message, hint ?? '', found.location ? codeFrame(text, found.location) : '']
        })

        expect(shown.filter((each) => each.includes('correct-horse'))).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})
