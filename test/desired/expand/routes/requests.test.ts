import { describe, expect, it } from 'vitest'
import { at, expanded, found, type Sections } from '../declared.ts'

const SHOP: Sections = {
  exchanges: { tasks: {} },
  queues: { quotes: { bindings: [{ exchange: 'tasks', routingKey: 'quote.eu' }] } },
  subscriptions: { quotes: { queue: 'quotes' } },
}

describe('requests', () => {
  it('become publications with a reply, which expire when their sender no longer waits', () => {
    const message = { schema: './product.json' }
    const reply = { schema: './quote.json', contentType: 'application/vnd.quote+json', maxBytes: '1KiB' }
    const quote = {
      exchange: 'tasks',
      routingKey: 'quote.{region}',
      headers: { source: 'shop' },
      priority: 3,
      message,
      reply,
      subscription: 'quotes',
      timeout: '5s',
    }
    const { routes } = expanded({ ...SHOP, requests: { quote } }, (path) => ({ schema: { title: path } }))

    expect(routes.publications).toEqual([
      {
        name: 'quote',
        vhost: '/',
        exchange: 'tasks',
        routingKey: 'quote.{region}',
        parameters: ['region'],
        headers: { source: 'shop' },
        persistent: false,
        mandatory: true,
        confirm: true,
        expiration: 5_000,
        priority: 3,
        message: { schema: { title: './product.json' } },
        reply: {
          timeout: 5_000,
          subscription: 'quotes',
          message: { schema: { title: './quote.json' }, contentType: 'application/vnd.quote+json', maxBytes: 1024 },
        },
        origin: at('requests.quote'),
      },
    ])
  })

  it('wait 30 seconds, and need no subscription if another project answers them', () => {
    const { routes } = expanded({ ...SHOP, requests: { 'a quote/~#@ "x"': { queue: 'quotes' } } })

    expect(routes.publications).toMatchObject([{ routingKey: 'quotes', reply: { timeout: 30_000 } }])
  })

  it('are refused with an unknown subscription, the name of a publication, or no destination', () => {
    const quote = { exchange: 'tasks', routingKey: 'quote.eu' }
    const publications = { quote }

    expect(
      found({ ...SHOP, publications, requests: { quote, no: {}, unknown: { ...quote, subscription: 'qoutes' } } }),
    ).toEqual([
      'request-named-twice at requests.quote, the publication publications.quote',
      'publication-route at requests.no',
      'unknown-route at requests.unknown.subscription',
    ])
  })

  it('are refused with a timeout that no timer supports, and reported if no queue can get them', () => {
    const requests = {
      quick: { exchange: 'tasks', routingKey: 'quote.eu', timeout: 0 },
      lost: { exchange: 'tasks', routingKey: 'nothing' },
    }

    expect(found({ ...SHOP, requests })).toEqual([
      'out-of-range at requests.quick.timeout',
      'publication-reaches-nothing at requests.lost.routingKey',
    ])
  })
})
