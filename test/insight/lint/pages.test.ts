import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configSchema } from '../../../src/desired/workspace/config-schema.ts'
import { IGNORE_RULES, RULES } from '../../../src/insight/lint/all-rules.ts'
import { pageOf } from '../../../src/insight/lint/rule.ts'
import { catalogue } from '../../../src/diagnostics/findings/catalogue.ts'

const ROOT = join(import.meta.dirname, '../../..')
const ALL = [...RULES, ...Object.values(IGNORE_RULES)]
const INDEX = readFileSync(join(ROOT, 'docs/rules/README.md'), 'utf8')

describe('the rules of lint', () => {
  it.each(RULES)('are in one file each, named by the id: $id', ({ id, group }) => {
    expect(existsSync(join(ROOT, 'src/insight/lint/rules', group, `${id}.ts`))).toBe(true)
  })

  it('are all listed', () => {
    const files = readdirSync(join(ROOT, 'src/insight/lint/rules'), { recursive: true })
      .map(String)
      .filter((path) => path.endsWith('.ts'))

    expect(files.length).toBe(RULES.length)
  })

  it.each(ALL)('have a page each, which the list of all rules links: $id', ({ id, meaning, remedy, severity }) => {
    const page = readFileSync(join(ROOT, pageOf(id)), 'utf8')
    expect(page).toContain(`# ${id}\n`)
    expect(page).toContain(meaning)
    expect(page).toContain(`**Remedy.** ${remedy}`)
    const row = INDEX.split('\n').find((line) => line.startsWith(`| [${id}](${id}.md)`))
    expect(row?.split('|').map((cell) => cell.trim())).toEqual(['', `[${id}](${id}.md)`, severity, meaning, ''])
  })

  it('have no pages of removed rules', () => {
    const pages = readdirSync(join(ROOT, 'docs/rules')).filter((name) => name !== 'README.md')

    expect(pages.toSorted()).toEqual(ALL.map(({ id }) => `${id}.md`).toSorted())
  })

  it('are those that a config may name', () => {
    const lint = configSchema.definitions['lint'] as { properties: { rules: { properties: object } } }

    expect(Object.keys(lint.properties.rules.properties)).toEqual(ALL.map(({ id }) => id).toSorted())
  })

  it('have ids that differ from codes of findings, and adopt every warning about topology files once', () => {
    expect(ALL.filter(({ id }) => Object.hasOwn(catalogue, id))).toEqual([])
    const taken = RULES.flatMap(({ adopts = [] }) => adopts)
    const warnings = Object.entries(catalogue).flatMap(([code, { severity }]) => (severity === 'warning' ? [code] : []))
    // This rule is about the list of findings, not about a topology.
    expect([...taken, 'more-findings'].toSorted()).toEqual(warnings.toSorted())
  })
})
