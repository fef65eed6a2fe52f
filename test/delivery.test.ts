import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const page = await readFile(join(ROOT, 'docs/explanation/delivery.md'), 'utf8')
const promises = /^## Promises\n([^]*?)^## /m.exec(page)?.[1] ?? ''

/** Each promise with the tests that it names. */
const PROMISES = promises
  .split(/^(?=- )/m)
  .slice(1)
  .map((item) => ({
    promise: /^- \*\*(.+?)\*\*/s.exec(item)?.[1] ?? item,
    proofs: [...item.matchAll(/Proof: `(test\/\S+\.test\.ts)`,\s+"(.+?)"\s*$/gms)].map(([, file = '', title = '']) => ({
      file,
      title,
    })),
  }))

/** Whether a file has a test that runs and whose title begins like this. */
function declaresTest(text: string, title: string): boolean {
  const found = ["'", '"', '`'].map((quote) => text.indexOf(quote + title)).find((at) => at >= 0)
  if (found === undefined) return false
  const before = text.slice(0, found)
  const declaration = before.slice(before.search(/^ *it\b(?![^]*^ *it\b)/m))
  // `it('title'`, `it.each([…])('title'`, also over several lines.
  // A body of a function in between means that the text belongs to an earlier test.
  const isTitle = /^ *it\b[^]*\(\s*$/.test(declaration) && !/=> \{\s*\n/.test(declaration)
  return isTitle && !/\.(?:skip|skipIf|todo|fails|runIf)\b/.test(declaration)
}

describe('the page about delivery guarantees', () => {
  it('names a test for each promise', () => {
    expect(PROMISES.length).toBeGreaterThan(20)
    expect(PROMISES.filter(({ proofs }) => proofs.length === 0).map(({ promise }) => promise)).toEqual([])
  })

  it.each(PROMISES)('names tests that exist and run: $promise', async ({ proofs }) => {
    for (const { file, title } of proofs) {
      const text = await readFile(join(ROOT, file), 'utf8')
      expect([file, title, declaresTest(text, title)]).toEqual([file, title, true])
    }
  })

  it('has a picture of the life of a message', () => {
    expect(page).toMatch(/^```mermaid\nflowchart /m)
  })
})

describe('declaresTest', () => {
  const text = [
    "describe('a queue', () => {",
    "  it('is kept (pitfall 1)', () => {",
    "    send('is not a title')",
    '  })',
    '  it.each([1, 2])(',
    '    `is moved %s times',
    "  it.skip('is skipped', () => {",
  ].join('\n')

  it('finds a test by the beginning of its title, and no other text', () => {
    expect(
      ['is kept', 'is moved', 'a queue', 'is not a title', 'is skipped', 'is'].map((each) => declaresTest(text, each)),
    ).toEqual([true, true, false, false, false, true])
  })
})
