import { describe, expect, it } from 'vitest'
import { routesDeclaration } from '../../../src/insight/types/routes-declaration.ts'
import { publication, subscription } from '../../runtime/routes.ts'

const email = { type: 'object', required: ['to'], properties: { to: { type: 'string' } }, title: 'An email' }

describe('routesDeclaration', () => {
  it('writes an interface with every route, and one namespace for each schema', async () => {
    const { text, gaps } = await routesDeclaration('shop', {
      publications: [
        publication({ name: 'send-email', message: { schema: email } }),
        publication({ name: "it's", parameters: ['region', 'event'] }),
        publication({ name: 'a-text', message: { contentType: 'text/plain; charset=utf-8' } }),
        publication({ name: 'bytes', message: { contentType: 'application/octet-stream' } }),
      ],
      subscriptions: [subscription({ name: 'emails', message: { schema: email } }), subscription({ name: 'audits' })],
    })
    expect(gaps).toEqual([])
    expect(text)
      .toBe(`// Made by \`warren types\` from the topology of the project 'shop'. Do not edit it: generate it again.

/** For \`connect<Routes>()\` of \`warren/runtime\`. */
export interface Routes {
  publications: {
    'a-text': { body: string; parameters: never }
    bytes: { body: Uint8Array; parameters: never }
    "it's": { body: unknown; parameters: 'region' | 'event' }
    'send-email': { body: SendEmail.Body; parameters: never }
  }
  subscriptions: {
    audits: { body: unknown }
    emails: { body: SendEmail.Body }
  }
}

export namespace SendEmail {
  export interface Body {
    to: string
  }
}
`)
  })

  it('keeps vhosts separate, and gives distinct names', async () => {
    const { text } = await routesDeclaration('shop', {
      publications: [
        publication({ name: 'send email', vhost: '/b', message: { schema: { type: 'number' } } }),
        publication({ name: 'send-email', vhost: '/a', message: { schema: { type: 'string' } } }),
        publication({ name: '7', vhost: '/a', message: { schema: false } }),
      ],
      subscriptions: [],
    })
    expect(text).toContain(`export interface Vhosts {
  '/a': {
    publications: {
      '7': { body: Message7.Body; parameters: never }
      'send-email': { body: SendEmail.Body; parameters: never }
    }
    subscriptions: {}
  }
  '/b': {
    publications: {
      'send email': { body: SendEmail2.Body; parameters: never }
    }
    subscriptions: {}
  }
}`)
    expect(text).toContain('export namespace Message7 {\n  export type Body = never\n}')
  })

  it('has one type for vhosts with the same routes, although their schemas are copies', async () => {
    const schema = () => ({ type: 'string' })
    const { text } = await routesDeclaration('tenants', {
      publications: ['acme', 'globex', 'shared', 'initech', 'umbrella'].map((vhost) =>
        publication({
          name: vhost === 'shared' ? 'routes' : 'order',
          vhost,
          message: { schema: vhost === 'shared' ? {} : schema() },
        }),
      ),
      subscriptions: ['initech', 'umbrella'].map((vhost) =>
        subscription({ name: 'orders', vhost, message: { schema: schema() } }),
      ),
    })

    expect(text).toContain(`export interface Vhosts {
  acme: Routes
  globex: Routes
  initech: Routes3
  shared: {
    publications: {
      routes: { body: Routes2.Body; parameters: never }
    }
    subscriptions: {}
  }
  umbrella: Routes3
}

/** Of all vhosts with these routes. */
export interface Routes {
  publications: {
    order: { body: Order.Body; parameters: never }
  }
  subscriptions: {}
}

/** Of all vhosts with these routes. */
export interface Routes3 {
  publications: {
    order: { body: Order.Body; parameters: never }
  }
  subscriptions: {
    orders: { body: Order.Body }
  }
}
`)
    expect(text.match(/^export namespace \w+/gm)).toEqual(['export namespace Order', 'export namespace Routes2'])
  })

  it('resolves no references outside a schema, and lists routes without a type', async () => {
    const schema = { $ref: 'https://example.com/order.json' }
    const { text, gaps } = await routesDeclaration('shop', {
      publications: [publication({ message: { schema } })],
      subscriptions: [],
    })
    expect(gaps).toEqual([{ route: 'send-email', reason: expect.stringContaining('https://example.com/order.json') }])
    expect(text).toContain('export namespace SendEmail {\n  export type Body = unknown\n}')
    expect(schema).toEqual({ $ref: 'https://example.com/order.json' })
  })

  it('marks subscriptions to super streams, so that the compiler requires a store of offsets', async () => {
    const sharing = { partitions: [], workers: 'o.workers.s', waiting: 'o.waiting.s' }
    const message = { schema: email, version: 2, accepts: [1, 2] }
    const { text } = await routesDeclaration('shop', {
      publications: [],
      subscriptions: [subscription({ name: 'a', sharing }), subscription({ name: 'b', sharing, message })],
    })

    expect(text).toContain('a: { body: unknown; superStream: true }')
    expect(text).toContain('body: B.Body\n      superStream: true\n      upcast: {')
  })
})
