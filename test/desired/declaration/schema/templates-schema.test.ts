import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { topologySchema } from '../../../../src/desired/declaration/schema/schema.ts'
import { SECTIONS_OF_NAMES } from '../../../../src/desired/declaration/sections.ts'
import { command } from '../../../integration/support/command-in-process.ts'

interface Described {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Described>>
  readonly additionalProperties?: unknown
}

const ROOT = new URL('../../../../', import.meta.url)
const text = readFileSync(new URL('schemas/templates.schema.json', ROOT), 'utf8')
const schema = JSON.parse(text) as { readonly definitions: { readonly shape: Described } }
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)
const NOT_INHERITABLE = ['template', 'forEach', 'external', 'new']

describe('schemas/templates.schema.json', () => {
  it('takes the templates of the examples and the guide', () => {
    for (const path of ['topologies/repeated/templates.yaml', 'test/guides/repeated-shapes/templates.yaml']) {
      expect([path, validate(parse(readFileSync(new URL(path, ROOT), 'utf8')))]).toEqual([path, true])
    }
  })

  it('refuses unknown sections and properties, and what cannot be inherited', () => {
    for (const shape of [{ queue: {} }, { queues: { maxLenght: 5 } }, { queues: { external: true } }]) {
      expect(validate({ warrenTemplates: 1, templates: { worker: shape } })).toBe(false)
    }
  })

  it('describes exactly the properties that objects of each section inherit', () => {
    const { properties: sections = {} } = schema.definitions.shape
    const described = Object.entries(sections).map(([section, { properties = {}, additionalProperties }]) => [
      section,
      additionalProperties,
      Object.fromEntries(Object.entries(properties).map(([name, { description }]) => [name, description])),
    ])
    const expected = SECTIONS_OF_NAMES.map((section) => {
      const { properties = {} } = (topologySchema.definitions[section.slice(0, -1)] ?? {}) as Described
      const inherited = Object.entries(properties).filter(([name]) => !NOT_INHERITABLE.includes(name))
      return [section, false, Object.fromEntries(inherited.map(([name, { description }]) => [name, description]))]
    })

    expect(described).toEqual(expected)
  })
})

describe('warren schema', () => {
  it('prints the schema of topologies by default, and those of the other kinds by name', async () => {
    const stored = (name: string): string => readFileSync(new URL(`schemas/${name}.schema.json`, ROOT), 'utf8')

    expect(await command(['schema'])).toEqual({ code: 0, stdout: stored('topology'), stderr: '' })
    for (const name of ['topology', 'config', 'templates']) {
      expect(await command(['schema', name])).toEqual({ code: 0, stdout: stored(name), stderr: '' })
    }
    expect(await command(['schema', 'plans'])).toMatchObject({ code: 3, stdout: '' })
  })
})
