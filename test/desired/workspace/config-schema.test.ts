import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { configSchema } from '../../../src/desired/workspace/config-schema.ts'
import type { SchemaNode } from '../../../src/desired/declaration/schema/schema.ts'
import { expectation } from '../../../src/desired/declaration/schema/wrong-value.ts'

interface Node extends SchemaNode {
  readonly additionalProperties?: boolean | Node
  readonly patternProperties?: Readonly<Record<string, Node>>
  readonly definitions?: Readonly<Record<string, Node>>
  readonly items?: Node
}

/** All nodes that describe values. */
function nodesOf(node: Node, path = '#'): { readonly path: string; readonly node: Node }[] {
  const tables = { ...node.properties, ...node.definitions, ...node.patternProperties }
  const children = Object.entries(tables).map(([key, child]): [string, unknown] => [`${path}/${key}`, child])
  children.push([`${path}/*`, node.additionalProperties], [`${path}/[]`, node.items])
  return [
    { path, node },
    ...children.flatMap(([at, child]) => (typeof child === 'object' && child ? nodesOf(child as Node, at) : [])),
  ]
}

const schema: Node = configSchema
const nodes = nodesOf(schema)

describe('schemas/config.schema.json', () => {
  it('is a schema', () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true })

    expect(ajv.validateSchema(schema)).toBe(true)
    expect(() => ajv.compile(schema)).not.toThrow()
  })

  it('describes every property', () => {
    const properties = nodes.flatMap(({ path, node }) =>
      Object.entries(node.properties ?? {}).map(([key, property]): [string, unknown] => [`${path}/${key}`, property]),
    )

    expect(properties.length).toBeGreaterThan(20)
    expect(properties.filter(([, property]) => !(property as Node).description).map(([path]) => path)).toEqual([])
  })

  it('is closed, except for settings of other commands', () => {
    const open = nodes.filter(({ node }) => node.type === 'object' && node.additionalProperties === undefined)

    expect(open.map(({ path }) => path)).toEqual(['#/lint', '#/drift'])
  })

  it('has a phrase for whatever may be found wrong', () => {
    const wordless = nodes.filter(({ node }) => node.type !== undefined && expectation(node) === '')
    const unhelpful = nodes.filter(({ node }) => /object|array/.test(String(node.type)) && node.title === undefined)

    expect([...wordless, ...unhelpful].map(({ path }) => path)).toEqual([])
  })

  it('refers to definitions that are there, and to all of them', () => {
    const used = new Set(JSON.stringify(schema).match(/(?<="#\/definitions\/)\w+/g))

    expect([...used].toSorted()).toEqual(Object.keys(schema.definitions ?? {}).toSorted())
  })

  it('has exactly the keys that the reference describes', () => {
    const page = readFileSync(new URL('../../../docs/reference/config.md', import.meta.url), 'utf8')
    const described = [...page.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, key]) => String(key)),
    )
    const keys = ['project', 'environment'].flatMap((name) => Object.keys(schema.definitions?.[name]?.properties ?? {}))

    expect(described.toSorted()).toEqual([...keys, 'defaultEnvironment'].toSorted())
  })
})
