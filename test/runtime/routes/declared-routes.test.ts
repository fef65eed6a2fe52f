import { describe, expect, it } from 'vitest'
import { DeclaredRoutes } from '../../../src/runtime/routes/declared-routes.ts'
import { loadSchemaCompiler } from '../../../src/runtime/routes/message-schema.ts'
import { publication, subscription } from '../routes.ts'

async function declared(schema?: unknown): Promise<DeclaredRoutes> {
  const message = schema === undefined ? {} : { message: { schema } }
  const routes = { publications: [publication(message)], subscriptions: [subscription(message)] }
  return new DeclaredRoutes(routes, await loadSchemaCompiler(routes))
}

describe('DeclaredRoutes', () => {
  it('prepares a publication once', async () => {
    const routes = await declared()
    expect(routes.publication('send-email')).toBe(routes.publication('send-email'))
    expect(routes.subscription('emails').subscription).toEqual(subscription())
  })

  it('names the existing routes when one does not exist', async () => {
    const routes = await declared()
    expect(() => routes.publication('emails')).toThrow(
      expect.objectContaining({ name: 'PublishError', outcome: 'invalid', hint: 'it has: "send-email"' }),
    )
    expect(() => routes.subscription('__proto__')).toThrow(
      expect.objectContaining({ name: 'RouteError', hint: 'it has: "emails"' }),
    )
  })

  it('names the route whose schema is not usable', async () => {
    const routes = await declared({ $ref: './other.json' })
    expect(() => routes.publication('send-email')).toThrow('the schema of publication "send-email" cannot be used')
    expect(() => routes.subscription('emails')).toThrow('the schema of subscription "emails" cannot be used')
  })
})
