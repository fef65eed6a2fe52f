import { describe, expect, it } from 'vitest'
import { Delivery } from '../../../src/runtime/consume/delivery.ts'
import { idempotencyKeyOf, MessageReader } from '../../../src/runtime/consume/message-reading.ts'
import { message, UNUSED_SESSION } from '../messages.ts'

function delivery(...parts: Parameters<typeof message>): Delivery {
  return new Delivery(message(...parts), 'email', UNUSED_SESSION)
}

describe('MessageReader', () => {
  it('takes a message without a content type for JSON, as other programs send it', () => {
    expect(new MessageReader(undefined, undefined).read(delivery({ body: '{"a":1}' }))).toEqual({ body: { a: 1 } })
  })

  it('believes the message, and the declaration before it', () => {
    const text = delivery({ body: 'hello', properties: { contentType: 'text/plain' } })
    expect(new MessageReader(undefined, undefined).read(text)).toEqual({ body: 'hello' })
    expect(new MessageReader({ contentType: 'application/json' }, undefined).read(text)).toEqual({
      wrong: 'the body is not JSON',
    })
  })

  it('checks the body by its schema', () => {
    const reader = new MessageReader(undefined, (body) => (body === 1 ? undefined : 'must be 1'))
    expect(reader.read(delivery({ body: '1' }))).toEqual({ body: 1 })
    expect(reader.read(delivery({ body: '2' }))).toEqual({ wrong: 'the message is not as its schema asks: must be 1' })
  })
})

describe('idempotencyKeyOf', () => {
  const one = delivery({ properties: { messageId: 'm-1' } })

  it.each([
    ['messageId', {}, 'm-1'],
    ['task_id', { task_id: 'email-3' }, 'email-3'],
    ['order.id', { order: { id: 7 } }, '7'],
    ['order.id', { order: null }, undefined],
    ['constructor', {}, undefined],
    ['task_id', 'text', undefined],
    [undefined, { task_id: 'x' }, undefined],
  ])('finds %j in %j', (path, body, key) => {
    expect(idempotencyKeyOf(path, one, body)).toBe(key)
  })
})
