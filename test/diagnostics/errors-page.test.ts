import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exitCodeFor } from '../../src/cli/exit-code.ts'
import { isErrorCode } from '../../src/diagnostics/error-code.ts'
import { explain } from '../../src/operations/files/explain.ts'

const PAGE = await readFile(new URL('../../docs/reference/errors.md', import.meta.url), 'utf8')

/** The cells of the rows below a heading of the page, down to the next one of the same level. */
function rowsBelow(heading: string): string[][] {
  const section = PAGE.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(/^\| `([\w-]+)` *\|(.*)\|$/gm)].map(([, code = '', rest = '']) => [
    code,
    ...rest.split(/(?<!\\)\|/).map((cell) => cell.trim()),
  ])
}

/** The error codes in the docblocks of a folder, with their files. */
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
  it.each(['src/operations', 'src/testing'])('names codes of the list for a public function: %s', (folder) => {
    const wrong = thrownIn(folder).filter(({ text }) => {
      const named = [...text.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, code]) => code)
      return named.length === 0 || !named.every(isErrorCode)
    })

    expect(thrownIn(folder).length).toBeGreaterThan(3)
    expect(wrong).toEqual([])
  })
})

describe('the page of errors and findings', () => {
  it.each([
    ['Errors', 'error'],
    ['Findings that stop a run', 'finding'],
    ['Warnings', 'warning'],
    ['Blocks', 'block'],
    ['Notes', 'note'],
    ['Other remarks', 'remark'],
    ['Breaking changes', 'breaking'],
  ])('equals the output of warren explain; write it with npm run docs:errors: %s', (heading, kind) => {
    const explained = explain().filter((each) => each.kind === kind)

    expect(explained.length).toBeGreaterThan(5)
    expect(rowsBelow(heading)).toEqual(
      explained.map(({ code, meaning, cause, remedy }) => [
        code,
        ...(isErrorCode(code) ? [String(exitCodeFor(code))] : []),
        ...[meaning, ...(cause === undefined ? [] : [cause]), remedy].map((text) => text.replaceAll('|', '\\|')),
      ]),
    )
  })
})
