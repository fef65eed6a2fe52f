import { Ajv } from 'ajv'
import { expect, it } from 'vitest'
import type { SchemaNode } from '../../src/desired/declaration/schema/schema.ts'
import { expectation } from '../../src/desired/declaration/schema/wrong-value.ts'

/** The parts of a JSON Schema node that the tests read. */
export interface Node extends SchemaNode {
  readonly additionalProperties?: boolean | Node
  readonly patternProperties?: Readonly<Record<string, Node>>
  readonly definitions?: Readonly<Record<string, Node>>
  readonly items?: Node
}

interface Visited {
  readonly path: string
  readonly node: Node
}

/** All nodes that describe values. The branches of `oneOf` repeat other nodes. */
function nodesOf(node: Node, path = '#'): Visited[] {
  const tables = { ...node.properties, ...node.definitions, ...node.patternProperties }
  const children = Object.entries(tables).map(([key, child]): [string, unknown] => [`${path}/${key}`, child])
  children.push([`${path}/*`, node.additionalProperties], [`${path}/[]`, node.items])
  return [
    { path, node },
    ...children.flatMap(([at, child]) => (typeof child === 'object' && child ? nodesOf(child as Node, at) : [])),
  ]
}

/**
 * The tests for every schema of a file that people write.
 *
 * @param open the paths of the nodes that allow other keys
 */
export function testSchema(schema: Node, { atLeast, open }: { atLeast: number; open: readonly string[] }): void {
  const nodes = nodesOf(schema)

  it('is a valid schema in the strict mode of Ajv', () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true })

    expect(ajv.validateSchema(schema)).toBe(true)
    expect(() => ajv.compile(schema)).not.toThrow()
  })

  it('describes every property', () => {
    const properties = nodes.flatMap(({ path, node }) =>
      [...Object.entries(node.properties ?? {}), ...Object.entries(node.patternProperties ?? {})].map(
        ([key, property]): [string, Node] => [`${path}/${key}`, property as Node],
      ),
    )

    expect(properties.length).toBeGreaterThan(atLeast)
    expect(properties.filter(([, property]) => !property.description).map(([path]) => path)).toEqual([])
  })

  it('allows unknown keys only in the listed places', () => {
    const found = nodes.filter(({ node }) => node.type?.includes('object') && node.additionalProperties === undefined)

    expect(found.map(({ path }) => path)).toEqual(open)
  })

  it('has a phrase for every value that can be wrong', () => {
    const wordless = nodes.filter(({ node }) => node.type !== undefined && expectation(node) === '')
    const unhelpful = nodes.filter(({ node }) => /object|array/.test(String(node.type)) && node.title === undefined)

    expect([...wordless, ...unhelpful].map(({ path }) => path)).toEqual([])
  })

  it('refers only to definitions that exist, and to each of them', () => {
    const used = new Set(JSON.stringify(schema).match(/(?<="#\/definitions\/)\w+/g))

    expect([...used].toSorted()).toEqual(Object.keys(schema.definitions ?? {}).toSorted())
  })
}
