import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { formatText } from '../../scripts/format-text.js'
import { KINDS } from '../../src/model/topology.ts'
import { objectsPage } from './objects-page.ts'
import { PROPERTY_CASES } from './property-cases.ts'

const PAGE = fileURLToPath(new URL('../../docs/reference/objects.md', import.meta.url))

describe('docs/reference/objects.md', () => {
  it('lists what the tests try on each broker', async () => {
    const page = await formatText(PAGE, objectsPage())

    await expect(page).toMatchFileSnapshot(PAGE)
  })

  it('has each kind, and each property once', () => {
    expect(KINDS.filter((kind) => !PROPERTY_CASES.some((each) => each.kind === kind))).toEqual([])
    const rows = PROPERTY_CASES.map(({ kind, property }) => `${kind} ${property}`)
    expect(new Set(rows).size).toBe(rows.length)
  })
})
