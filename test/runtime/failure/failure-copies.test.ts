import { describe, expect, it } from 'vitest'
import { failureCopy } from '../../../src/runtime/failure/failure-copies.ts'
import { Delivery } from '../../../src/runtime/consume/delivery.ts'
import { message, UNUSED_SESSION } from '../messages.ts'

const to = { subscription: 'emails', routingKey: '5s', retries: 1, frameMax: 131_072, withOthers: true }
const failure = { reason: 'error', error: new Error('no') } as const

describe('failureCopy', () => {
  it('copies only listed properties, and describes the failure in its own headers (pitfalls 15, 42, 46)', () => {
    const delivery = new Delivery(
      message({
        body: '{"a":1}',
        properties: {
          messageId: 'm-1',
          correlationId: 'c-1',
          type: 'email',
          contentType: 'application/json',
          contentEncoding: 'utf-8',
          timestamp: 1_700_000_000,
          priority: 5,
          replyTo: 'answers',
          appId: 'shop',
          userId: 'guest',
          expiration: '100',
          deliveryMode: 1,
          headers: { trace: 't', CC: ['x'], 'x-death': [], 'x-delivery-count': 2, 'x-warren-sequence': 8 },
        },
      }),
      'email',
      UNUSED_SESSION,
    )
    expect(failureCopy(delivery, failure, to)).toEqual({
      dropped: [],
      copy: {
        route: 'emails',
        label: 'the copy of a failed message of subscription "emails"',
        messageId: 'm-1',
        routingKey: '5s',
        content: Buffer.from('{"a":1}'),
        isOnlyWithId: false,
        properties: {
          mandatory: true,
          persistent: true,
          messageId: 'm-1',
          correlationId: 'c-1',
          type: 'email',
          contentType: 'application/json',
          contentEncoding: 'utf-8',
          timestamp: 1_700_000_000,
          priority: 5,
          replyTo: 'answers',
          appId: 'shop',
          headers: {
            trace: 't',
            'x-warren-attempt': 1,
            'x-warren-reason': 'error',
            'x-warren-error': 'Error: no',
            'x-warren-first-failed': expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
            'x-warren-exchange': 'tasks',
            'x-warren-routing-key': 'email',
          },
        },
      },
    })
  })

  it('keeps the headers of the first failure', () => {
    const delivery = new Delivery(
      message({
        fields: { exchange: 'email.failed', routingKey: 'back' },
        properties: {
          headers: {
            'x-warren-attempt': 1,
            'x-warren-first-failed': '2026-01-01T00:00:00.000Z',
            'x-warren-exchange': 'tasks',
            'x-warren-routing-key': 'email',
          },
        },
      }),
      'email',
      UNUSED_SESSION,
    )
    expect(
      failureCopy(delivery, { reason: 'timeout', error: 'late' }, { ...to, retries: 2 }).copy.properties.headers,
    ).toEqual({
      'x-warren-attempt': 2,
      'x-warren-reason': 'timeout',
      'x-warren-error': 'late',
      'x-warren-first-failed': '2026-01-01T00:00:00.000Z',
      'x-warren-exchange': 'tasks',
      'x-warren-routing-key': 'email',
    })
  })

  it('drops headers and properties of the message on request, and names them', () => {
    const properties = { headers: { huge: 'x' }, type: 'email' }
    const delivery = new Delivery(message({ properties }), 'email', UNUSED_SESSION)
    const { copy, dropped } = failureCopy(delivery, failure, { ...to, withOthers: false })
    expect(dropped).toEqual(['type', 'huge'])
    expect(copy.properties).not.toHaveProperty('type')
    expect(copy.properties.headers).not.toHaveProperty('huge')
    expect(copy.properties.headers).toMatchObject({ 'x-warren-dropped': 'type, huge' })
  })

  it('leaves out the largest headers until the others fit, and names them', () => {
    const headers = { a: 'x'.repeat(30_000), big: 'x'.repeat(50_000), c: 'x'.repeat(20_000), huge: 'x'.repeat(60_000) }
    const delivery = new Delivery(message({ properties: { headers } }), 'email', UNUSED_SESSION)
    const { copy, dropped } = failureCopy(delivery, failure, to)
    expect(dropped).toEqual(['huge', 'big'])
    expect(copy.properties.headers).toMatchObject({ a: headers.a, c: headers.c, 'x-warren-dropped': 'huge, big' })
  })

  it('ignores warren headers that are too long or invalid', () => {
    const long = 'x'.repeat(66_000)
    const headers = {
      'x-warren-attempt': 2 ** 40,
      'x-warren-first-failed': long,
      'x-warren-exchange': long,
      'x-warren-routing-key': { a: 1 },
      'x-warren-dropped': long,
    }
    const delivery = new Delivery(message({ properties: { headers } }), 'email', UNUSED_SESSION)
    expect(failureCopy(delivery, failure, to).copy.properties.headers).toEqual({
      'x-warren-attempt': 1,
      'x-warren-reason': 'error',
      'x-warren-error': 'Error: no',
      'x-warren-first-failed': expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      'x-warren-exchange': 'tasks',
      'x-warren-routing-key': 'email',
    })
  })
})
