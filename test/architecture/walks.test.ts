import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')

/** Each section "Follow …", with the files of its numbered steps in order. */
const WALKS = PAGE.split(/^## /m)
  .filter((section) => section.startsWith('Follow '))
  .map((section) => ({
    name: section.slice(0, section.indexOf('\n')),
    steps: [...section.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path = '']) => path),
  }))

/** The maximum number of steps of a walk. */
const MOST_STEPS: Readonly<Record<string, number>> = {
  'Follow a command': 5,
  'Follow a failing message': 8,
  'Follow a live queue': 8,
}

/** A plan is data: the renderer does not call the planner, and both know the changes in it. */
const DATA = 'src/plan/change.ts'

describe('docs/architecture.md', () => {
  it('names only files that exist', () => {
    const named = [...PAGE.matchAll(/`((?:src|test|scripts|docs)\/[\w./-]+\.\w+)`/g)].map(([, path = '']) => path)

    expect(named.length).toBeGreaterThan(40)
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  it('follows a command, a failing message and a live queue through a few files each', () => {
    expect(WALKS.map(({ name }) => name)).toEqual(Object.keys(MOST_STEPS))
    expect(WALKS.filter(({ name, steps }) => steps.length === 0 || steps.length > (MOST_STEPS[name] ?? 0))).toEqual([])
  })

  it.each(WALKS)('lists in "$name" only steps that are connected with the others', ({ steps }) => {
    const apart = steps.filter((path) => !steps.some((other) => other !== path && areLinked(path, other)))

    expect(apart).toEqual([])
  })
})

function areLinked(a: string, b: string): boolean {
  return imports(a, b) || imports(b, a) || (imports(a, DATA) && imports(b, DATA))
}

function imports(from: string, to: string): boolean {
  const text = readFileSync(join(ROOT, from), 'utf8')
  return [...text.matchAll(/(?:from |import\()'(\.[^']+)'/g)].some(
    ([, path = '']) => resolve(ROOT, dirname(from), path) === resolve(ROOT, to),
  )
}
