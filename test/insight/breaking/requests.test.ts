import { describe, expect, it } from 'vitest'
import { findBreaking } from '../../../src/insight/breaking/find-breaking.ts'
import { loadSchemaComparison } from '../../../src/insight/breaking/schemas/compare-schemas.ts'
import { NEWEST_VERSION } from '../../../src/model/broker-version.ts'
import { expanded } from '../../desired/expand/declared.ts'
import type { RequestSection } from '../../../src/desired/declaration/document.ts'

const compare = await loadSchemaComparison()

const SCHEMAS: Readonly<Record<string, object>> = {
  quote: { type: 'object', required: ['price'], properties: { price: { type: 'number' } } },
  withCurrency: {
    type: 'object',
    required: ['price', 'currency'],
    properties: { price: { type: 'number' }, currency: { type: 'string' } },
  },
  maybeWithout: { type: 'object', properties: { price: { type: 'number' } } },
}

function topology(requests: Readonly<Record<string, Partial<RequestSection>>>) {
  const route = { exchange: 'pricing', routingKey: 'quote', subscription: 'quotes' }
  return expanded(
    {
      exchanges: { pricing: {} },
      queues: { quotes: { bindings: [{ exchange: 'pricing', routingKey: 'quote' }] } },
      subscriptions: { quotes: { queue: 'quotes' } },
      requests: Object.fromEntries(Object.entries(requests).map(([name, each]) => [name, { ...route, ...each }])),
    },
    (path) => ({ schema: SCHEMAS[path] }),
  )
}

const before = topology({ quote: { reply: { schema: 'quote' } } })

function found(requests: Readonly<Record<string, Partial<RequestSection>>>): string[] {
  const versions = { old: before, current: topology(requests), others: [], brokerVersion: NEWEST_VERSION }
  return findBreaking(versions, compare).map((each) => `${each.class} ${each.rule} ${each.address}: ${each.reason}`)
}

describe('breaking changes of requests', () => {
  it('are a removed request and a renamed one', () => {
    expect(found({})).toEqual(['breaking request-removed request:%2F/quote: programs that send requests with it fail'])
    expect(found({ price: { reply: { schema: 'quote' } } })).toEqual([
      'breaking request-renamed request:%2F/quote: its name is now "price", and programs that send requests with the old name fail',
      'safe request-added request:%2F/price: it is new',
    ])
  })

  it('are replies that senders of the old version refuse, and replies of old responders that the new version refuses', () => {
    expect(found({ quote: { reply: { schema: 'maybeWithout' } } })).toEqual([
      'breaking message-refused request:%2F/quote: new responders may send a reply that senders of the old version refuse: {}',
    ])
    expect(found({ quote: { reply: { schema: 'withCurrency' } } })).toEqual([
      'breaking message-refused request:%2F/quote: old responders may send a reply that senders of the new version refuse: {"price":1}',
    ])
  })

  it('are replies of another content type, and not another timeout', () => {
    expect(found({ quote: { reply: { schema: 'quote', contentType: 'text/plain' } } })).toEqual([
      'breaking publication-settings request:%2F/quote: senders get replies of text/plain where they expect application/json',
    ])
    expect(found({ quote: { reply: { schema: 'quote' }, timeout: '1s' } })).toEqual([])
  })
})
