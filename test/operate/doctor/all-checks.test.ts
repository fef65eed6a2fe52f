import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UPGRADE_FEATURES } from '../../../src/operate/doctor/upgrade/upgrade-issue.ts'
import { CHECKS } from '../../../src/operate/doctor/all-checks.ts'

describe('the checks of the doctor', () => {
  it('have a section each in the reference, in the same order within a group', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/reference/doctor-checks.md'), 'utf8')
    const sections = [...page.matchAll(/^### (.+)$/gm)].map(([, id]) => String(id))

    expect(sections).toEqual(CHECKS.map(({ id }) => id))
  })
})

describe('the features of upgrade reports', () => {
  it('have a section each in the reference', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/reference/upgrade-changes.md'), 'utf8')
    const sections = [...page.matchAll(/^### (.+)$/gm)].map(([, id]) => String(id))

    expect(sections).toEqual(UPGRADE_FEATURES)
  })
})
