import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { HEADER_KEYS } from '../../../../src/desired/declaration/sections.ts'
import { topologySchema, type SchemaNode } from '../../../../src/desired/declaration/schema/schema.ts'
import { expectation } from '../../../../src/desired/declaration/schema/wrong-value.ts'

interface Node extends SchemaNode {
  readonly additionalProperties?: boolean | Node
  readonly patternProperties?: Readonly<Record<string, Node>>
  readonly items?: Node
  readonly definitions?: Readonly<Record<string, Node>>
  readonly else?: Node
}

interface Visited {
  readonly path: string
  readonly node: Node
}

/** All nodes that describe values; the branches of `oneOf` say nothing of values that others do not say. */
function nodesOf(node: Node, path = '#'): Visited[] {
  const tables = { ...node.properties, ...node.definitions, ...node.patternProperties }
  const children = Object.entries(tables).map(([key, child]): [string, unknown] => [`${path}/${key}`, child])
  children.push([`${path}/*`, node.additionalProperties], [`${path}/[]`, node.items])
  return [
    { path, node },
    ...children.flatMap(([at, child]) => (typeof child === 'object' && child ? nodesOf(child as Node, at) : [])),
  ]
}

const schema: Node = topologySchema
const nodes = nodesOf(schema)
const documentTypes = readFileSync(new URL('../../../../src/desired/declaration/document.ts', import.meta.url), 'utf8')

/** The properties of an interface of document.ts. */
function propertiesOf(name: string): string[] {
  const header = String.raw`interface ${name}(?: extends (Description|Pick<Description, 'labels'>))? \{`
  const [, base, body = ''] = new RegExp(`${header}\\n(.*?)\\n\\}`, 's').exec(documentTypes) ?? []
  const inherited = base === undefined ? [] : base === 'Description' ? ['description', 'labels'] : ['labels']
  const own = [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, property = '']) => property)
  return [...own, ...inherited].toSorted()
}

describe('schemas/topology.schema.json', () => {
  it('is a schema', () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true })

    expect(ajv.validateSchema(schema)).toBe(true)
    expect(() => ajv.compile(schema)).not.toThrow()
  })

  it('describes every property', () => {
    const properties = nodes.flatMap(({ path, node }) =>
      [...Object.entries(node.properties ?? {}), ...Object.entries(node.patternProperties ?? {})].map(
        ([key, property]): [string, unknown] => [`${path}/${key}`, property],
      ),
    )

    expect(properties.length).toBeGreaterThan(100)
    expect(properties.filter(([, property]) => !(property as Node).description).map(([path]) => path)).toEqual([])
  })

  it('is closed, except where names and arguments stand', () => {
    const open = nodes.filter(({ node }) => node.type?.includes('object') && node.additionalProperties === undefined)

    expect(open.map(({ path }) => path)).toEqual([
      '#/parameters/*',
      '#/globalParameters',
      '#/shovel',
      '#/upstream',
      '#/upstreamSetMember',
      '#/shape/exchanges',
      '#/shape/queues',
      '#/shape/users',
      '#/shape/publications',
      '#/shape/subscriptions',
    ])
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

  it.each([
    ['VhostSection', 'vhost'],
    ['ExchangeSection', 'exchange'],
    ['QueueSection', 'queue'],
    ['RetrySection', 'retry'],
    ['DeadLetterSection', 'deadLetter'],
    ['BindingSection', 'binding'],
    ['UserSection', 'user'],
    ['PublicationSection', 'publication'],
    ['MessageSection', 'message'],
    ['SubscriptionSection', 'subscription'],
    ['PolicySection', 'policy'],
    ['SuperStreamSection', 'superStream'],
  ])('has the properties of %s, and what is worked out before', (type, definition) => {
    const properties = Object.keys(schema.definitions?.[definition]?.properties ?? {}).toSorted()

    expect(properties.filter((key) => !['template', 'forEach', 'new'].includes(key))).toEqual(propertiesOf(type))
  })

  it('has the sections of VhostDeclaration', () => {
    const sections = propertiesOf('VhostDeclaration').filter((key) => !['name', 'origin', 'claim'].includes(key))

    expect(Object.keys(schema.properties ?? {}).toSorted()).toEqual([...HEADER_KEYS, ...sections].toSorted())
  })
})
