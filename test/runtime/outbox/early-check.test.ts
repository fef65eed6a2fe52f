import { describe, expect, it } from 'vitest'
import { enqueue, openOutbox } from '../../../src/runtime/outbox/index.ts'
import type { EnqueueOptions, OutboxOptions } from '../../../src/runtime/outbox/index.ts'
import { publication } from '../routes.ts'

/** Keeps the rows that an outbox would write into a table. */
function client() {
  const written: unknown[][] = []
  return {
    written,
    query: (_text: string, values: unknown[] = []) => {
      written.push(values)
      return Promise.resolve({ rows: [] })
    },
  }
}

const order = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }
const routes = {
  publications: [
    publication({ name: 'ping', delays: [{ delay: 60_000, exchange: 'tasks.delay.1m', queue: 'tasks.delay.1m' }] }),
    publication({
      name: 'order-event',
      routingKey: 'order.{region}',
      parameters: ['region'],
      message: { schema: order, maxBytes: 100 },
    }),
    publication({ name: 'text', message: { contentType: 'text/plain' } }),
  ],
  subscriptions: [],
}

const open = (options: Partial<OutboxOptions> = {}) => openOutbox({ topology: { routes }, ...options })
const options = { parameters: { region: 'eu' } }

describe('an outbox with its topology', () => {
  it('writes the message that the relay publishes later', async () => {
    const database = client()
    const outbox = await open()
    await outbox.enqueue(database, 'order-event', { id: '7' }, { ...options, messageId: 'm-1', headers: { a: 1 } })
    await outbox.enqueue(database, 'order-event', Buffer.from('{"id":"8"}'), { ...options, messageId: 'm-2' })
    await outbox.enqueue(database, 'text', 'hello', { messageId: 'm-3' })
    await outbox.enqueue(database, 'ping', 1, { messageId: 'm-4', delay: '1m' })

    const kept = '{"parameters":{"region":"eu"}'
    expect(database.written).toEqual([
      ['m-1', 'order-event', null, '{"id":"7"}', null, `${kept},"headers":{"a":1}}`],
      ['m-2', 'order-event', null, null, Buffer.from('{"id":"8"}'), `${kept}}`],
      ['m-3', 'text', null, '"hello"', null, '{}'],
      ['m-4', 'ping', null, '1', null, '{"delay":"1m"}'],
    ])
  })

  it.each<[string, [string, unknown, EnqueueOptions?], string]>([
    ['a name that does not exist', ['order-events', { id: '7' }, options], 'no publication "order-events"'],
    ['a body that its schema refuses', ['order-event', { id: 7 }, options], '/id'],
    ['bytes that its schema refuses', ['order-event', Buffer.from('{"id":7}'), options], '/id'],
    ['bytes that are not JSON', ['order-event', Buffer.from('{'), options], 'the body is not JSON'],
    ['a body that is too large', ['order-event', { id: 'x'.repeat(100) }, options], '100 is the maximum'],
    ['a parameter that is missing', ['order-event', { id: '7' }], 'the parameter "region"'],
    ['a parameter that does not exist', ['ping', 1, options], 'there is no parameter "region"'],
    ['a delay that is not declared', ['ping', 1, { delay: '7m' }], 'it declares no delay "7m", and has 1m'],
    ['a string that is none', ['text', { a: 1 }], 'must be a string'],
  ])('refuses %s, and writes nothing', async (_what, [name, body, given], error) => {
    const database = client()
    const outbox = await open()
    await expect(outbox.enqueue(database, name, body, given)).rejects.toThrow(error)
    expect(database.written).toEqual([])
  })

  it('accepts bodies that a payload store of the relay accepts', async () => {
    const database = client()
    const outbox = await open({ payloadsAbove: 50 })
    await outbox.enqueue(database, 'order-event', { id: 'x'.repeat(100) }, options)
    expect(database.written).toHaveLength(1)
  })

  it('reports an unusable topology, vhost or table at once', async () => {
    await expect(open({ topology: 'none.yaml' })).rejects.toThrow('none.yaml')
    await expect(open({ vhost: 'shop' })).rejects.toThrow('no routes in the vhost "shop"')
    await expect(open({ table: 'a b' })).rejects.toThrow('is not the name of a table')
    await expect(open({ schemas: { pings: {} as never } })).rejects.toThrow('no publication or subscription "pings"')
  })
})

const own: Record<string, unknown> = {}
own['own'] = own

describe('enqueue', () => {
  it('accepts bytes of any kind, since the publication may name their type', async () => {
    const database = client()
    await enqueue(database, 'anything', Buffer.from([0xff, 0]))
    expect(database.written).toHaveLength(1)
  })

  it.each<[string, [string, unknown, object?], string]>([
    ['no name', ['', 1], 'needs the name of a publication'],
    ['a Map, of which JSON would keep nothing', ['a', new Map([[1, 2]])], 'of type Map'],
    ['a promise that was not awaited', ['a', Promise.resolve(1)], 'of type Promise'],
    ['undefined', ['a', undefined], 'the body is undefined'],
    [
      'bytes that are not what they are said to be',
      ['a', Buffer.from('{'), { contentType: 'application/json' }],
      'JSON',
    ],
    ['a priority beyond 255', ['a', 1, { priority: 999 }], 'the priority must be from 0 to 255'],
    ['an expiration that is not a time', ['a', 1, { expiration: 1e20 }], 'the expiration must be whole milliseconds'],
    ['a delay that is not text', ['a', 1, { delay: 60_000 }], 'the delay must be a string such as 10m'],
    ['a delay and an expiration', ['a', 1, { delay: '1m', expiration: 5 }], 'cannot have an expiration'],
    ['a header of warren', ['a', 1, { headers: { 'x-warren-attempt': 1 } }], "is not the program's to set"],
    ['a header that JSON changes', ['a', 1, { headers: { b: Buffer.from('b') } }], 'cannot keep the header "b"'],
    ['a header that AMQP does not know', ['a', 1, { headers: { at: new Date(0) } }], 'the header "at" holds a value'],
    ['a header that contains itself', ['a', 1, { headers: { own } }], 'cannot keep the header "own"'],
    [
      'a message id that PostgreSQL cannot store',
      ['a', 1, { messageId: 'a\0' }],
      'messageId holds the character U+0000',
    ],
    ['a key that PostgreSQL cannot store', ['a', 1, { key: '\0' }], 'key holds the character U+0000'],
    ['a header that is not a number', ['a', 1, { headers: { n: Number.NaN } }], 'holds a number that is not finite'],
    ['a message id that is too long', ['a', 1, { messageId: 'x'.repeat(256) }], 'at most 255 bytes'],
    ['parameters that are none', ['a', 1, { parameters: 'eu' }], 'the parameters must be an object'],
    ['an option that does not exist', ['a', 1, { keys: 'x' }], 'enqueue() has no option "keys"'],
  ])('refuses %s, and writes nothing', async (_what, [name, body, given = {}], error) => {
    const database = client()
    await expect(enqueue(database, name, body, given as EnqueueOptions)).rejects.toThrow(error)
    expect(database.written).toEqual([])
  })
})
