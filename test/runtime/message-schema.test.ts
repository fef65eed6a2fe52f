import { describe, expect, it } from 'vitest'
import { loadSchemaCompiler } from '../../src/runtime/message-schema.ts'
import { publication } from './routes.ts'

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

  it('says where a message is not as its schema asks, without showing the message', async () => {
    const check = (await compile(email))(email)
    expect(check({ task_id: 'email-1' })).toBeUndefined()
    expect(check({})).toBe("must have required property 'task_id'")
    expect(check({ task_id: 7 })).toBe('/task_id must be string')
  })

  it('takes one schema for two routes, although its $id comes twice', async () => {
    const compiler = await compile(email)
    expect(compiler(email)({ task_id: 'a' })).toBeUndefined()
    expect(compiler(structuredClone(email))({})).toBeDefined()
  })

  it('knows draft-07 and draft 2020-12, where tuples are written differently', async () => {
    const older = { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }] }
    const newer = { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'string' }] }
    const compiler = await compile(older)
    expect([compiler(older)([1]), compiler(newer)([1])]).toEqual(['/0 must be string', '/0 must be string'])
  })

  it('throws what is wrong with a schema', async () => {
    const compiler = await compile(email)
    expect(() => compiler({ type: 'strnig' })).toThrow('schema is invalid')
  })
})
