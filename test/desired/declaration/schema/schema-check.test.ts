import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { schemaCheck, type SchemaError } from '../../../../src/desired/declaration/schema/schema-check.ts'
import { topologySchema, type SchemaNode } from '../../../../src/desired/declaration/schema/schema.ts'
import { testsSchema } from '../../../../src/desired/tests/tests-schema.ts'
import { configSchema } from '../../../../src/desired/workspace/config-schema.ts'

/** Values at which rules of the schemas make a difference. */
const VALUES = [null, true, false, 0, 1, -1, 2.5, 300, 1e12, '', 'x', 'native', 'PT5M', 'a b', '🐇', 'a\n', [], {}]
const KEYS = ['unknown', 'x-anchor', 'a/b', 'c~d', '🐇', '']

describe('the check of a schema', () => {
  it.each([
    { name: 'topology files', schema: topologySchema },
    { name: 'configs', schema: configSchema },
    { name: 'files of tests', schema: testsSchema },
  ])('finds the same errors of $name as Ajv, in the same order for each value', ({ schema }) => {
    const check = schemaCheck(schema)
    const ajv = new Ajv({ allErrors: true, verbose: true, strict: false }).compile(schema)
    const seen = new Set<string>()
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (stream) => {
        const value = valueOf(schema, schema, (limit) => Number(stream.next().value) % limit)
        ajv(value)
        const theirs: SchemaError[] = (ajv.errors ?? [])
          .filter(
            ({ keyword, schemaPath }) => !['if', 'propertyNames'].includes(keyword) && !/\/oneOf\/\d/.test(schemaPath),
          )
          .map(({ instancePath, keyword, params, parentSchema }) => {
            const key = (params['missingProperty'] ?? params['additionalProperty']) as string | undefined
            return {
              instancePath,
              keyword,
              parentSchema: parentSchema as SchemaNode,
              ...(key !== undefined && { key }),
            }
          })
        const ours = check(value)
        for (const { keyword } of ours) seen.add(keyword)
        expect(byPath(ours)).toEqual(byPath(theirs))
      }),
      { numRuns: 400 },
    )
    expect([...seen]).toEqual(expect.arrayContaining(['type', 'required', 'additionalProperties', 'const']))
  })

  it('counts characters, not UTF-16 units', () => {
    const check = schemaCheck({ maxLength: 1, minLength: 1 })
    expect(['', '🐇', '🐇🐇'].map((text) => check(text).map(({ keyword }) => keyword))).toEqual([
      ['minLength'],
      [],
      ['maxLength'],
    ])
  })

  it('refuses a keyword that it has no rule for', () => {
    const check = schemaCheck({ properties: { a: { format: 'uri' } as SchemaNode } })
    expect(check({})).toEqual([])
    expect(() => check({ a: 1 })).toThrow('no rule for the keyword format')
  })

  it('checks a hundred thousand errors without copying their list', () => {
    const list = Array.from({ length: 100_000 }, () => 'text')
    expect(schemaCheck({ items: { type: 'integer' } })(list)).toHaveLength(100_000)
  })
})

/** The errors of each value in their order, after one about its type; the order of the values does not matter. */
function byPath(errors: readonly SchemaError[]) {
  const keyOf = ({ instancePath, keyword }: SchemaError) => `${instancePath} ${keyword === 'type' ? 0 : 1}`
  return errors.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0))
}

/** A value that mostly fits to a node, so that its parts are checked too. */
function valueOf(node: SchemaNode | boolean, root: SchemaNode, choose: (limit: number) => number, depth = 0): unknown {
  if (choose(12) === 0 || depth > 12 || typeof node === 'boolean') return VALUES[choose(VALUES.length)]
  if (node.$ref !== undefined) {
    return valueOf(root.definitions?.[node.$ref.replace('#/definitions/', '')] ?? {}, root, choose, depth)
  }
  if (node.const !== undefined) return node.const
  if (node.enum !== undefined) return node.enum[choose(node.enum.length)]
  const types = [node.type ?? ['string', 'object']].flat()
  switch (types[choose(types.length)] ?? 'null') {
    case 'object':
      return tableOf(node, root, choose, depth)
    case 'array':
      return Array.from({ length: choose(4) }, () => valueOf(node.items ?? true, root, choose, depth + 1))
    case 'integer':
      return choose(400)
    default:
      return VALUES[choose(VALUES.length)]
  }
}

function tableOf(node: SchemaNode, root: SchemaNode, choose: (limit: number) => number, depth: number): object {
  const named = Object.entries(node.properties ?? {})
  const wanted = depth === 0 ? 3 : Math.max(3, named.length)
  const entries = named
    .filter(
      ([key]) => (choose(node.required?.includes(key) ? 10 : wanted) === 0) !== (node.required?.includes(key) ?? false),
    )
    .map(([key, each]) => [key, valueOf(each, root, choose, depth + 1)] as const)
  const { additionalProperties: additional = true } = node
  const others = Array.from({ length: additional === false ? Number(choose(12) === 0) : choose(3) }, () => [
    KEYS[choose(KEYS.length)] ?? '',
    valueOf(additional === false ? true : additional, root, choose, depth + 1),
  ])
  return Object.fromEntries([...entries, ...others])
}
