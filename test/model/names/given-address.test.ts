import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { address, escapeName } from '../../../src/model/address.ts'
import { readAddress, readGlob, readGlobOfKind } from '../../../src/model/names/given-address.ts'

describe('an address that a person writes', () => {
  it('is read in any percent-encoding of its parts, and written as warren prints it', () => {
    for (const text of ['queue:V/a@b', 'queue:V/a%40b', 'queue:%56/%61%40b'])
      expect(readAddress('--migrate', text)).toBe('queue:V/a@b')
    expect(readAddress('--migrate', 'queue:%2f/größe 1')).toBe(address('queue', '/', 'größe 1'))
    expect(readAddress('--allow delete=', 'binding:v/x/queue/q/a.%2a')).toBe('binding:v/x/queue/q/a.%2A')
    expect(readAddress('--allow delete=', 'binding:v/x/queue/q/k/{"a":1}')).toBe(
      address('binding', 'v', 'x', 'queue', 'q', 'k', '{"a":1}'),
    )
  })

  it('keeps every name, whichever characters are encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const printed = address('queue', '/', name)
        const encoded = [...Buffer.from(name)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')

        expect(readAddress('--target', printed)).toBe(printed)
        expect(readAddress('--target', `queue:%2F/${encoded}`)).toBe(printed)
        expect(readGlob('--target', `*/${encodeURIComponent(name).replaceAll('*', '%2A')}`)).toBe(
          `*/${escapeName(name)}`,
        )
      }),
    )
  })

  it('has the parts of its kind', () => {
    expect(() => readAddress('--target', 'queue:orders')).toThrow(
      '--target queue:orders has 1 part, and the address of a queue has 2: queue:VHOST/NAME',
    )
    expect(() => readAddress('--allow delete=', 'queue://orders')).toThrow('--allow delete=queue://orders has 3 parts')
    expect(() => readAddress('the address', 'binding:v/x/queue/q')).toThrow(
      'binding:VHOST/EXCHANGE/DESTINATION_TYPE/DESTINATION/ROUTING_KEY',
    )
    expect(readAddress('the address', 'binding:v/x/queue/q/')).toBe('binding:v/x/queue/q/')
  })

  it('begins with a kind', () => {
    expect(() => readAddress('--target', 'quue:v/orders')).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', hint: 'did you mean queue:v/orders?' }),
    )
    expect(() => readGlob('--target', 'orders')).toThrow('--target orders does not begin with a kind of object')
  })

  it('is refused with a broken encoding', () => {
    for (const text of ['queue:v/50%', 'queue:v/%4', 'queue:v/%zz', 'queue:v/%4*'])
      expect(() => readGlob('--exclude', text)).toThrow('a % begins the two hexadecimal digits')
    for (const text of ['queue:v/%C3', 'queue:v/%FF', 'queue:v/%C3*%A4'])
      expect(() => readGlob('--exclude', text)).toThrow('has percent-encoded bytes that are not UTF-8 text')
  })
})

describe('a glob', () => {
  it('keeps its wildcards, and an encoded asterisk as one of a name', () => {
    expect(readGlob('--target', '*')).toBe('*')
    expect(readGlob('--target', 'qu*')).toBe('qu*')
    expect(readGlob('--target', 'queue:V/a%40*%2a')).toBe('queue:V/a@*%2A')
  })

  it('must name the kind in full if it permits a step', () => {
    expect(readGlobOfKind('--migrate', 'queue:a%2a/*')).toBe('queue:a%2A/*')
    expect(() => readGlobOfKind('--migrate', '*')).toThrow('--migrate * does not begin with a kind')
    expect(() => readGlobOfKind('--migrate', 'qu*:a')).toThrow('--migrate qu*:a does not begin with a kind')
  })

  it('accepts the record entry of an object whose address is unknown', () => {
    expect(readGlob('the address', 'binding#abcdefghijklmnopqrstuv')).toBe('binding#abcdefghijklmnopqrstuv')
  })
})
