import { describe, expect, it } from 'vitest'
import { loadSchemaCompiler } from '../../../src/runtime/routes/message-schema.ts'
import { publication } from '../routes.ts'

const email = {
  $id: 'https://example.com/email',
  type: 'object',
  required: ['task_id'],
  properties: { task_id: { type: 'string' }, to: { type: 'string', format: 'email' } },
}

async function compile(schema: unknown) {
  const compiler = await loadSchemaCompiler({ publications: [publication({ message: { schema } })], subscriptions: [] })
  if (!compiler) throw new Error('no compiler')
  return compiler
}

describe('loadSchemaCompiler', () => {
  it('loads nothing for routes without a schema', async () => {
    expect(await loadSchemaCompiler({ publications: [publication()], subscriptions: [] })).toBeUndefined()
  })

  it('names the position at which a message violates its schema, without showing the message', async () => {
    const check = (await compile(email))(email)
    expect(check({ task_id: 'email-1' }, 20)).toBeUndefined()
    expect(check({}, 20)).toBe("must have required property 'task_id'")
    expect(check({ task_id: 7 }, 20)).toBe('/task_id must be string')
  })

  it.each(['https://json-schema.org/draft/2020-12/schema', 'http://json-schema.org/draft-07/schema#'])(
    'checks formats by %s, and ignores unknown ones',
    async ($schema) => {
      const schema = {
        $schema,
        properties: {
          to: { type: 'string', format: 'email' },
          at: { type: 'string', format: 'date-time' },
          sku: { type: 'string', format: 'our-sku' },
        },
      }
      const check = (await compile(schema))(schema)
      expect(check({ to: 'ann@example.com', at: '2026-01-31T12:00:00Z', sku: '' }, 60)).toBeUndefined()
      expect(check({ to: 'ann', at: 'tomorrow' }, 40)).toBe(
        '/to must match format "email"; /at must match format "date-time"',
      )
    },
  )

  it('names every mistake, such as an unknown property, and the allowed values', async () => {
    const schema = {
      type: 'object',
      additionalProperties: false,
      required: ['task_id'],
      properties: { task_id: { type: 'string' }, kind: { enum: ['welcome', 'bill'] }, version: { const: 2 } },
    }
    const check = (await compile(schema))(schema)
    expect(check({ task_id: 'a', knd: 'bill' }, 40)).toBe('must not have the property "knd"')
    expect(check({ task_id: 'a', kind: 'hunter2', version: 1 }, 40)).toBe(
      '/kind must be one of: "welcome", "bill"; /version must be 2',
    )
    expect(check({ a: 1, b: 2, c: 3 }, 40)).toBe(
      'must have required property \'task_id\'; must not have the property "a"; must not have the property "b"; and 1 more',
    )
  })

  it('looks only for the first mistake in a large message, which may have very many', async () => {
    const schema = { items: { type: 'string' } }
    const check = (await compile(schema))(schema)
    expect(check([1, 2], 100_000)).toBe('/0 must be string')
    expect(check([1, 2], 10)).toBe('/0 must be string; /1 must be string')
  })

  it('accepts the same schema for two routes, although its $id occurs twice', async () => {
    const compiler = await compile(email)
    expect(compiler(email)({ task_id: 'a' }, 20)).toBeUndefined()
    expect(compiler(structuredClone(email))({}, 2)).toBeDefined()
  })

  it('knows draft-07 and draft 2020-12, where tuples are written differently', async () => {
    const older = { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }] }
    const newer = { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'string' }] }
    const compiler = await compile(older)
    expect([compiler(older)([1], 3), compiler(newer)([1], 3)]).toEqual(['/0 must be string', '/0 must be string'])
  })

  it('throws the mistakes of a schema', async () => {
    const compiler = await compile(email)
    expect(() => compiler({ type: 'strnig' })).toThrow('schema is invalid')
  })
})
