import { describe, expect, it } from 'vitest'
import { decodeBody, encoderFor } from '../../../src/runtime/payloads/body.ts'

const encode = encoderFor('application/json')

describe('encoderFor', () => {
  it('writes any JSON value', () => {
    expect(encode({ to: 'ä' })).toEqual({ content: Buffer.from('{"to":"ä"}') })
    expect(encode('{"a":1}')).toEqual({ content: Buffer.from(JSON.stringify('{"a":1}')) })
    expect(encode('text')).toEqual({ content: Buffer.from('"text"') })
    expect(encode(null)).toEqual({ content: Buffer.from('null') })
  })

  it('refuses values that JSON cannot represent, instead of publishing nothing', () => {
    expect(encode(undefined)).toEqual({ wrong: 'the body is undefined, which JSON cannot represent' })
    expect(encode(() => 1)).toEqual({ wrong: 'the body is function, which JSON cannot represent' })
    expect(encode({ n: 1n })).toHaveProperty('wrong')
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    expect(encode(circle)).toHaveProperty('wrong')
  })

  it('refuses values that JSON would omit', () => {
    expect(encode(Promise.resolve({ a: 1 }))).toEqual({
      wrong: 'the body is of type Promise, which JSON cannot represent',
    })
    expect(encode(new Map([['a', 1]]))).toEqual({ wrong: 'the body is of type Map, which JSON cannot represent' })
    expect(encode(new ArrayBuffer(2))).toEqual({
      wrong: 'the body is of type ArrayBuffer, which JSON cannot represent',
    })
  })

  it('refuses bytes that do not match their declared type', () => {
    expect(encode(Buffer.from('{"password":"hunter2'))).toEqual({ wrong: 'the body is not JSON' })
    expect(encode(Buffer.from([0xff]))).toEqual({ wrong: 'the body is not UTF-8, which application/json requires' })
    expect(encoderFor('text/plain')(Buffer.from([0xff]))).toHaveProperty('wrong')
    expect(encoderFor('text/plain; charset=iso-8859-1')(Buffer.from([0xe4]))).toEqual({ content: Buffer.from([0xe4]) })
    expect(encoderFor('application/octet-stream')(new Uint8Array([0xff]))).toEqual({ content: Buffer.from([0xff]) })
  })

  it('copies bytes, so that a message that waits does not change', () => {
    const bytes = Buffer.from('{}')
    const encoded = encode(bytes)
    bytes.write('[]')
    expect(encoded).toEqual({ content: Buffer.from('{}') })
  })

  it('writes text as UTF-8 and refuses other values for it', () => {
    expect(encoderFor('text/plain; charset=utf-8')('ä')).toEqual({ content: Buffer.from('ä') })
    expect(encoderFor('text/plain')({ a: 1 })).toEqual({ wrong: 'a body of type text/plain must be a string' })
    expect(encoderFor('image/png')(7)).toEqual({ wrong: 'a body of type image/png must be a Buffer or string' })
  })
})

describe('decodeBody', () => {
  it('reads JSON, even with a more specific content type', () => {
    expect(decodeBody(Buffer.from('{"a":1}'), 'application/json; charset=utf-8')).toEqual({ body: { a: 1 } })
    expect(decodeBody(Buffer.from('[1]'), 'application/cloudevents+json')).toEqual({ body: [1] })
  })

  it('returns text as a string and everything else as bytes', () => {
    expect(decodeBody(Buffer.from('ä'), 'text/plain')).toEqual({ body: 'ä' })
    expect(decodeBody(Buffer.from([0xe4]), 'text/plain; charset=iso-8859-1')).toEqual({ body: Buffer.from([0xe4]) })
    expect(decodeBody(Buffer.from([255]), 'image/png')).toEqual({ body: Buffer.from([255]) })
  })

  it('does not quote the body that it cannot read', () => {
    expect(decodeBody(Buffer.from('{"password":"hunter2'), 'application/json')).toEqual({
      wrong: 'the body is not JSON',
    })
    expect(decodeBody(Buffer.alloc(0), 'application/json')).toEqual({ wrong: 'the body is empty, which is not JSON' })
  })

  it('refuses bytes that are not UTF-8 rather than replacing them', () => {
    const content = Buffer.concat([Buffer.from('"'), Buffer.from([0xff]), Buffer.from('"')])
    expect(decodeBody(content, 'application/json')).toEqual({
      wrong: 'the body is not UTF-8, which application/json requires',
    })
  })
})
