import { describe, expect, it } from 'vitest'
import { type Upcasters, versionReader } from '../../../../src/runtime/consume/reading/message-versions.ts'
import { RouteError } from '../../../../src/runtime/routes/route-error.ts'

const V1_TO_V2 = (body: { name: string }) => ({ first: body.name })
const V2_TO_V3 = (body: { first: string }) => ({ ...body, last: '' })

function reader(accepts: readonly number[], version: number, upcast?: Upcasters) {
  const read = versionReader({ name: 'orders', message: { accepts, version } }, upcast)
  if (read === undefined) throw new Error('it accepts every version')
  return (body: unknown, version?: unknown) => read(body, version === undefined ? {} : { 'message-version': version })
}

describe('a subscription that accepts several versions', () => {
  const read = reader([1, 2, 3], 3, { 1: V1_TO_V2, 2: V2_TO_V3 })

  it('converts an older body version by version, and leaves the current one as it is', () => {
    expect(read({ name: 'Ann' }, 1)).toEqual({ body: { first: 'Ann', last: '' } })
    expect(read({ first: 'Ann' }, 2)).toEqual({ body: { first: 'Ann', last: '' } })
    expect(read({ first: 'Ann', last: 'Lee' }, 3)).toEqual({ body: { first: 'Ann', last: 'Lee' } })
  })

  it('reads a message without the header as version 1', () => {
    expect(read({ name: 'Ann' })).toEqual({ body: { first: 'Ann', last: '' } })
  })

  it('does not accept another version, or a header that is not a number', () => {
    const wrong = (version: string) => ({ wrong: `its version ${version} is not accepted; accepted: 1, 2, 3` })
    expect(read({}, 4)).toEqual(wrong('4'))
    expect(read({}, '2')).toEqual(wrong('"2"'))
    expect(read({}, { a: 'x'.repeat(100) })).toEqual(wrong(`{"a":"${'x'.repeat(34)}…`))
  })

  it('skips versions that are not accepted when it converts', () => {
    const fromFirst = reader([1, 3], 3, { 1: ({ name }) => ({ first: name, last: 'from 1' }) })
    expect(fromFirst({ name: 'Ann' }, 1)).toEqual({ body: { first: 'Ann', last: 'from 1' } })
    expect(fromFirst({ first: 'Ann' }, 2)).toEqual({ wrong: 'its version 2 is not accepted; accepted: 1, 3' })
  })

  it('checks an older body by the schema of its version, before it is converted', () => {
    const older = versionReader({ name: 'orders', message: { accepts: [1, 2], version: 2 } }, { 1: V1_TO_V2 })
    const check = (version: number, body: unknown) => (body === 'bad' ? `bad ${version}` : undefined)

    expect(older?.({ name: 'Ann' }, {}, check)).toEqual({ body: { first: 'Ann' } })
    expect(older?.('bad', {}, check)).toEqual({ wrong: 'it does not match the schema of its version 1: bad 1' })
    expect(older?.('bad', { 'message-version': 2 }, check)).toEqual({ body: 'bad' })
  })

  it('reads an accepted newer version as it is', () => {
    expect(reader([2, 3], 2)({ first: 'Ann', last: 'Lee' }, 3)).toEqual({ body: { first: 'Ann', last: 'Lee' } })
  })

  it('does not accept a message whose upcaster throws or is asynchronous', () => {
    const failing = reader([1, 2], 2, { 1: (body) => body.name.first.toUpperCase() })
    expect(failing({}, 1)).toEqual({ wrong: expect.stringMatching(/^its upcaster of version 1 failed: .*undefined/) })
    const asynchronous = reader([1, 2], 2, { 1: () => Promise.reject(new Error('late')) })
    expect(asynchronous({}, 1)).toEqual({
      wrong: 'its upcaster of version 1 returns a promise, but messages are read synchronously',
    })
  })
})

describe('the upcasters of a subscription', () => {
  const problem = (accepts: readonly number[], version: number, upcast?: Upcasters) => {
    try {
      reader(accepts, version, upcast)
    } catch (error) {
      return error instanceof RouteError ? `${error.code} ${error.message}` : error
    }
    return undefined
  }

  it('are required for each accepted older version', () => {
    expect(problem([1, 2, 3], 3, { 2: V2_TO_V3 })).toMatch(
      /^INVALID_OPTION consume\("orders"\) needs an upcaster for version 1/,
    )
    expect(problem([1, 2, 3], 3)).toContain('needs an upcaster for the versions 1, 2')
  })

  it('are refused for versions that are not accepted or not older', () => {
    expect(problem([2], 2, { 1: V1_TO_V2 })).toContain(
      'has an upcaster for version 1, and accepts no older message of it',
    )
    expect(problem([1, 2], 2, { 1: V1_TO_V2, 2: V2_TO_V3 })).toContain('has an upcaster for version 2')
  })

  it('are refused for a subscription without versions, which reads every message as it is', () => {
    const plain = { name: 'orders', message: { contentType: 'application/json' } }
    expect(versionReader(plain)).toBeUndefined()
    expect(() => versionReader(plain, { 1: V1_TO_V2 })).toThrow('has an upcaster for version 1')
  })
})
