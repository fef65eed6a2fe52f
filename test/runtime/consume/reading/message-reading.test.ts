import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Delivery } from '../../../../src/runtime/consume/delivery.ts'
import { idempotencyKeyOf, MessageReader } from '../../../../src/runtime/consume/reading/message-reading.ts'
import { message, UNUSED_SESSION } from '../../messages.ts'

function delivery(...parts: Parameters<typeof message>): Delivery {
  return new Delivery(message(...parts), 'email', UNUSED_SESSION)
}

describe('MessageReader', () => {
  it('reads a message without a content type as JSON, because other programs send such messages', () => {
    expect(new MessageReader(undefined, undefined).read(delivery({ body: '{"a":1}' }))).toEqual({ body: { a: 1 } })
  })

  it('uses the content type of the message, with precedence for the declared one', () => {
    const text = delivery({ body: 'hello', properties: { contentType: 'text/plain' } })
    expect(new MessageReader(undefined, undefined).read(text)).toEqual({ body: 'hello' })
    expect(new MessageReader({ contentType: 'application/json' }, undefined).read(text)).toEqual({
      wrong: 'the body is not JSON',
    })
  })

  it('checks the body by its schema', () => {
    const reader = new MessageReader(undefined, (body) => (body === 1 ? undefined : 'must be 1'))
    expect(reader.read(delivery({ body: '1' }))).toEqual({ body: 1 })
    expect(reader.read(delivery({ body: '2' }))).toEqual({ wrong: 'the message does not match its schema: must be 1' })
  })
})

describe('MessageReader of a subscription with an encoding', () => {
  const reader = new MessageReader({ encoding: 'gzip', maxBytes: 1000 }, undefined)
  const gzipped = (text: string, contentEncoding = 'gzip') =>
    delivery({ body: gzipSync(text), properties: { contentEncoding } })

  it.each(['gzip', 'GZIP'])('decompresses a body of the encoding %s', (encoding) => {
    expect(reader.read(gzipped('{"a":1}', encoding))).toEqual({ body: { a: 1 } })
  })

  it('reads a body that is not compressed, so that publishers can change one by one', () => {
    expect(reader.read(delivery({ body: '{"a":1}' }))).toEqual({ body: { a: 1 } })
    expect(reader.read(delivery({ body: '1', properties: { contentEncoding: 'identity' } }))).toEqual({ body: 1 })
  })

  it('checks the size and the schema without compression', () => {
    const sizes: number[] = []
    const checked = new MessageReader({ encoding: 'gzip' }, (_body, bytes) => void sizes.push(bytes))
    checked.read(gzipped(JSON.stringify('x'.repeat(998))))
    expect(sizes).toEqual([1000])
  })

  it('stops at the largest size of the subscription, so that a small message cannot fill the memory', () => {
    expect(reader.read(gzipped(JSON.stringify('x'.repeat(998))))).toEqual({ body: 'x'.repeat(998) })
    expect(reader.read(gzipped(JSON.stringify('x'.repeat(1_000_000))))).toEqual({
      wrong: 'it has more than 1000 bytes when decompressed',
    })
  })

  it('refuses a body that does not match its encoding, and an unknown encoding', () => {
    expect(reader.read(delivery({ body: '{}', properties: { contentEncoding: 'gzip' } }))).toEqual({
      wrong: 'the body is not gzip',
    })
    expect(reader.read(gzipped('{}', 'br'))).toEqual({ wrong: 'its content-encoding is neither gzip nor zstd' })
  })

  it('does not change bodies if the subscription has no encoding', () => {
    const plain = delivery({ body: '{"a":1}', properties: { contentEncoding: 'gzip' } })
    expect(new MessageReader(undefined, undefined).read(plain)).toEqual({ body: { a: 1 } })
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
