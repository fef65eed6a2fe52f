import { assert, asyncProperty, constantFrom, oneof, pre } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeFrame } from '../../../src/diagnostics/text/code-frame.ts'
import { explainFinding as sentenceOf, hasErrors } from '../../../src/diagnostics/findings/finding.ts'
import { secretRanges } from '../../../src/diagnostics/credentials/secret-ranges.ts'
import { damagedTopology, EVERYTHING, yamlSoup } from '../../builders/hostile-yaml.ts'
import { declareFiles, HEAD } from './declaring.ts'
import { randomCases } from '../../thorough.ts'

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
      { numRuns: randomCases(100, 300) },
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
      { numRuns: randomCases(30, 100) },
    )
  })

  it('shows no password in any finding or frame', async () => {
    await assert(
      asyncProperty(damagedTopology, passwordInPlace, async (damaged, password) => {
        const text = damaged.replace('"${env:PASSWORD}"', () => password)
        // warren cannot recognize a key that no longer resembles "password".
        pre(text.includes(PASSWORD) && isMasked(text))

        expect((await tellingsOf(text)).filter((each) => each.includes(PASSWORD))).toEqual([])
      }),
      { numRuns: randomCases(100, 300) },
    )
  })

  it.each([
    ['of a user without a name', 'users:\n  password: correct-horse\n'],
    ['behind a name without its colon', 'users:\n  ledger  password: "correct-horse"\n'],
    ['as a key', 'users:\n  ledger password: { correct-horse: 1 }\n'],
    ['as a key of the document', 'password: |\n  correct-horse\n'],
    ['as a default', 'users:\n  password: ${env:X:-correct-horse}\n'],
    ['in a string that begins too early', 'users:\n  ledger:\n    "password: correct-horse\n'],
  ])('shows no password %s', async (_, text) => {
    const outputs = await tellingsOf(HEAD + text)

    expect(outputs.length).toBeGreaterThan(0)
    expect(outputs.filter((each) => each.includes(PASSWORD))).toEqual([])
  })
})

const PASSWORD = 'correct-horse'

const passwordInPlace = constantFrom(
  PASSWORD,
  `"${PASSWORD}"`,
  `[${PASSWORD}]`,
  `{${PASSWORD}}`,
  `{ ${PASSWORD}: 1 }`,
  `&x ${PASSWORD}`,
  `!x ${PASSWORD}`,
  `|\n      ${PASSWORD}\n`,
  `\n      ${PASSWORD}: 1\n`,
  `\${env:X:-${PASSWORD}}`,
)

function isMasked(text: string): boolean {
  const start = text.indexOf(PASSWORD)
  return secretRanges(text).some((range) => range.start <= start && start + PASSWORD.length <= range.end)
}

/** The texts and frames of all findings about a string. */
async function tellingsOf(text: string): Promise<string[]> {
  const { findings } = await declareFiles(text)
  return findings.flatMap((found) => {
    const { message, hint } = sentenceOf(found)
    return [message, hint ?? '', found.location ? codeFrame(text, found.location) : '']
  })
}
