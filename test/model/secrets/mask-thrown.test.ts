import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { maskThrown } from '../../../src/model/secrets/mask-thrown.ts'
import { SecretRegistry } from '../../../src/model/secrets/secret-registry.ts'

const secrets = new SecretRegistry()
secrets.add('hunter2-s3cret')

class NamedError extends Error {
  override readonly name = 'NamedError'
  readonly details = { tried: ['hunter2-s3cret'] }
}

const shown = (thrown: unknown) => inspect(thrown, { depth: 9 }) + JSON.stringify(thrown) + String(thrown)

/** Tables that each contain the next one twice: forty levels make a million million paths. */
function manyWays(): object {
  let table: object = { secret: 'hunter2-s3cret' }
  for (let level = 0; level < 40; level++) table = { a: table, b: table }
  return table
}

describe('a thrown value with more data than can be searched', () => {
  it.each([
    ['a list of 200,000 entries', () => Array.from({ length: 200_000 })],
    ['tables that hold one another many times', manyWays],
  ])('is replaced by its text, or shown without the data: %s', (_what, make) => {
    const error = Object.assign(new Error('no'), { data: make() })

    expect(maskThrown(make(), secrets)).toBeInstanceOf(Error)
    expect(maskThrown(error, secrets)).toMatchObject({ message: 'no', data: '(too large to be shown)' })
    expect(error.data).not.toBe('(too large to be shown)')
  })
})

describe('a value that is thrown to a program', () => {
  it.each([
    ['an error', () => new Error('the login hunter2-s3cret was refused')],
    ['an error with a cause', () => new Error('failed', { cause: new Error('hunter2-s3cret') })],
    ['several errors', () => new AggregateError([new Error('hunter2-s3cret')], 'all failed')],
    ['an error with properties', () => new NamedError('refused')],
    ['a frozen error', () => Object.freeze(new NamedError('hunter2-s3cret'))],
    ['a string', () => 'hunter2-s3cret'],
    ['a table', () => ({ error: 'hunter2-s3cret' })],
    ['an error with a URI of another server', () => new Error('cannot reach postgres://app:pa55word@db/shop')],
  ])('shows no secret: %s', (_what, make) => {
    const masked = maskThrown(make(), secrets)

    expect(shown(masked)).not.toMatch(/hunter2|pa55word/)
    expect(shown(masked)).toContain('(secret)')
  })

  it('remains the same error, or has the same class if it had to be copied', () => {
    const error = new NamedError('hunter2-s3cret')

    expect(maskThrown(error, secrets)).toBe(error)
    expect(maskThrown(Object.freeze(new NamedError('hunter2-s3cret')), secrets)).toBeInstanceOf(NamedError)
  })

  it.each([
    ['a symbol', Symbol('s')],
    ['an object without a prototype', Object.create(null)],
    ['nothing', undefined],
    [
      'a getter that throws',
      Object.defineProperty(new Error('x'), 'message', {
        get: () => {
          throw new Error('no')
        },
      }),
    ],
    ['a revoked proxy', revoked()],
    ['an error that causes itself', causesItself()],
  ])('never fails on it: %s', (_what, thrown) => {
    expect(() => maskThrown(thrown, secrets)).not.toThrow()
  })
})

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

function causesItself(): Error {
  const error = new Error('hunter2-s3cret')
  error.cause = error
  return error
}
