import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exitCodeFor } from '../../src/cli/exit-code.ts'
import { ERROR_CODES, isErrorCode } from '../../src/diagnostics/error-code.ts'
import { catalogue } from '../../src/diagnostics/findings/catalogue.ts'

const PAGE = await readFile(new URL('../../docs/reference/errors.md', import.meta.url), 'utf8')

/** The cells of the rows below a heading of the page, down to the next one of the same level. */
function rowsBelow(heading: string): string[][] {
  const section = PAGE.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(/^\| `([\w-]+)` *\|(.*)\|$/gm)].map(([, code = '', rest = '']) => [
    code,
    ...rest.split(/(?<!\\)\|/).map((cell) => cell.trim()),
  ])
}

function codesBelow(heading: string): string[] {
  return rowsBelow(heading).map(([code = '']) => code)
}

function findingsOf(severity: string): string[] {
  return Object.entries(catalogue).flatMap(([code, kind]) => (kind.severity === severity ? [code] : []))
}

/** What the docblocks of a folder say about errors that only their code tells apart, with their files. */
function thrownIn(folder: string): { readonly file: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((file) => {
      const source = readFileSync(join(folder, file), 'utf8')
      const blocks = source.match(/@throws \{WarrenError\}(?:(?!@throws|\*\/)[^])*/g) ?? []
      return blocks.map((text) => ({ file, text }))
    })
}

describe('the docblock of a function that throws a WarrenError', () => {
  it.each(['src/operations', 'src/testing'])('names codes of the list where the function is public: %s', (folder) => {
    const wrong = thrownIn(folder).filter(({ text }) => {
      const named = [...text.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, code]) => code)
      return named.length === 0 || !named.every(isErrorCode)
    })

    expect(thrownIn(folder).length).toBeGreaterThan(3)
    expect(wrong).toEqual([])
  })
})

describe('the page of errors and findings', () => {
  it('lists every error code once, with the exit code that the command line ends with', () => {
    const listed = rowsBelow('Errors').map(([code, exit]) => `${code} ${exit}`)

    expect(listed.toSorted()).toEqual(ERROR_CODES.map((code) => `${code} ${exitCodeFor(code)}`).toSorted())
  })

  it('lists every finding that stops a run once', () => {
    expect(codesBelow('Findings that stop a run').toSorted()).toEqual(findingsOf('error').toSorted())
  })

  it('lists every warning once', () => {
    expect(codesBelow('Warnings').toSorted()).toEqual(findingsOf('warning').toSorted())
  })

  it('gives each code a meaning, a usual cause and a remedy', () => {
    const findings = [...rowsBelow('Findings that stop a run'), ...rowsBelow('Warnings')]
    const incomplete = [...rowsBelow('Errors').map(([code = '', _exit, ...cells]) => [code, ...cells]), ...findings]
      .filter((cells) => cells.length !== 4 || cells.includes(''))
      .map(([code]) => code)

    expect(incomplete).toEqual([])
  })
})
