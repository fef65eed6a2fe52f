import { describe, expect, it } from 'vitest'
import {
  countHeader,
  failureText,
  LONGEST_ERROR,
  ownHeaders,
} from '../../../../src/broker/amqp/messages/warren-headers.ts'

describe('ownHeaders', () => {
  it('leaves out headers of the broker and of warren, and headers that would route a copy again (pitfall 15)', () => {
    const headers = {
      trace: 'abc',
      CC: ['other'],
      BCC: ['other'],
      'x-death': [{ count: 1 }],
      'x-first-death-queue': 'email',
      'x-last-death-reason': 'expired',
      'x-delivery-count': 3,
      'x-acquired-count': 4,
      'x-stream-offset': 5,
      'x-warren-attempt': 1,
      'x-warren-sequence': 9,
      'x-own': true,
    }
    expect(ownHeaders(headers)).toEqual({ trace: 'abc', 'x-own': true })
  })

  it('treats __proto__ like any other header', () => {
    const headers = JSON.parse('{"__proto__":"x"}') as Record<string, unknown>
    expect(Object.entries(ownHeaders(headers))).toEqual([['__proto__', 'x']])
  })

  it('is empty for a message without headers', () => {
    expect(ownHeaders(undefined)).toEqual({})
  })
})

describe('countHeader', () => {
  it.each([
    [3, 3],
    [0, 0],
    [-1, 0],
    [1.5, 0],
    ['3', 0],
    [undefined, 0],
    [Number.MAX_VALUE, 0],
    [1_000_001, 0],
  ])('reads %j as %j', (written, count) => {
    expect(countHeader({ n: written }, 'n')).toBe(count)
  })
})

describe('failureText', () => {
  it('contains the name and the message of an error', () => {
    expect(failureText(new TypeError('no'))).toBe('TypeError: no')
  })

  it('describes a thrown value that is not an error', () => {
    expect(failureText('no')).toBe('no')
    expect(failureText(undefined)).toBe('undefined')
    expect(failureText({ code: 7 })).toBe('{"code":7}')
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    expect(failureText(circle)).toBe('[object Object]')
  })

  it('shortens a long text between two characters, so that the headers fit into a frame (pitfall 44)', () => {
    const text = failureText(new Error('é'.repeat(2_000)))
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LONGEST_ERROR)
    expect(text).toMatch(/^Error: é+…$/)
  })
})
