import { describe, expect, it } from 'vitest'
import { ComponentKeys } from '../../../src/render/docs/component-keys.ts'
import { schemaWithin } from '../../../src/render/docs/schema-within.ts'

describe('schemaWithin', () => {
  it('points references to the place of the schema, and drops its own address and dialect', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://example.com/order',
      properties: { lines: { items: { $ref: '#/$defs/line' } }, parent: { $ref: '#' }, $ref: { type: 'string' } },
      $defs: { line: { allOf: [{ $ref: '#/$defs/line' }] } },
      enum: [{ $ref: '#/data' }],
    }

    expect(schemaWithin(schema, '#/components/schemas/order')).toEqual({
      properties: {
        lines: { items: { $ref: '#/components/schemas/order/$defs/line' } },
        parent: { $ref: '#/components/schemas/order' },
        $ref: { type: 'string' },
      },
      $defs: { line: { allOf: [{ $ref: '#/components/schemas/order/$defs/line' }] } },
      enum: [{ $ref: '#/data' }],
    })
  })

  it('keeps properties that are called like keywords', () => {
    const schema = { properties: { $id: { type: 'string' }, enum: { $ref: '#/$defs/a' } } }

    expect(schemaWithin(schema, '#/x')).toEqual({
      properties: { $id: { type: 'string' }, enum: { $ref: '#/x/$defs/a' } },
    })
  })

  it('follows no reference out of the schema', () => {
    expect(schemaWithin({ items: { $ref: 'other.json#/a' } }, '#/x')).toEqual({
      items: { 'x-warren-reference': 'other.json#/a' },
    })
  })
})

describe('ComponentKeys', () => {
  it('are unique, and the same for the same id', () => {
    const keys = new ComponentKeys()

    expect(['queue:%2F/a b', 'queue:%2F/a_b', 'queue:%2F/a b'].map((id) => keys.of(id))).toEqual([
      'queue._2F.a_b',
      'queue._2F.a_b_2',
      'queue._2F.a_b',
    ])
  })
})
