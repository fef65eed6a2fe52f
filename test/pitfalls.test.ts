import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const HERE = fileURLToPath(new URL('.', import.meta.url))

const page = await readFile(join(HERE, '../docs/reference/pitfalls.md'), 'utf8')
const sections = page.split(/^## /m)
const isLeftOut = (section: string): boolean => /^(Left to you|Does not apply)\n/.test(section)

/** The numbers in some sections of the page. */
function listed(those: readonly string[]): number[] {
  return those.flatMap((section) => [...section.matchAll(/^\*\*(\d+)\. /gm)].map(([, number]) => Number(number)))
}

/** The numbers in the names of tests, each with its files. */
async function named(): Promise<Map<number, string[]>> {
  const files = (await readdir(HERE, { recursive: true })).filter((path) => path.endsWith('.test.ts')).toSorted()
  const numbers = new Map<number, string[]>()
  for (const path of files) {
    const text = await readFile(join(HERE, path), 'utf8')
    for (const [, list = ''] of text.matchAll(/ \(pitfalls? (\d+(?:, \d+)*)\)['"`]/g)) {
      for (const number of list.split(', ').map(Number)) numbers.set(number, [...(numbers.get(number) ?? []), path])
    }
  }
  return numbers
}

describe('the pitfalls page', () => {
  it('lists each number once, in order within its sections', () => {
    const numbers = listed(sections)

    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from(numbers, (_, index) => index + 1))
    for (const section of sections) {
      const own = listed([section])
      expect(own).toEqual(own.toSorted((a, b) => a - b))
    }
  })

  it('has a test with its number for each pitfall that warren handles', async () => {
    const tests = await named()

    expect(listed(sections.filter((each) => !isLeftOut(each))).filter((number) => !tests.has(number))).toEqual([])
  })

  it('lists every number in the title of a test, as a pitfall that warren handles', async () => {
    const done = new Set(listed(sections.filter((each) => !isLeftOut(each))))

    expect([...(await named())].filter(([number]) => !done.has(number))).toEqual([])
  })
})
