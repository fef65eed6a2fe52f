import { describe, expect, it } from 'vitest'
import { asError, errorMessage, errorText } from '../../src/diagnostics/thrown.ts'

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

/** An error with a property that no error should have. */
function errorWith(property: string, descriptor: PropertyDescriptor): Error {
  return Object.defineProperty(new Error('no'), property, descriptor)
}

const throwing: PropertyDescriptor = {
  get() {
    throw new Error('a getter has thrown')
  },
}
const circle = new Error('in a circle')
circle.cause = circle
const aggregate = new AggregateError([new Error('first'), new Error('second')], '')
aggregate.errors.push(aggregate)
const unreadable = '(a thrown value that cannot be read)'

const CASES: readonly (readonly [what: string, thrown: unknown, text: string])[] = [
  ['a symbol', Symbol('s'), 'Symbol(s)'],
  ['undefined', undefined, 'undefined'],
  ['a large integer', 10n, '10'],
  ['a table with ten million bytes', { data: new Uint8Array(1e7) }, '{"data":"[object Uint8Array]"}'],
  ['an object without a prototype', Object.create(null), '{}'],
  ['a revoked proxy', revoked({}), unreadable],
  ['a revoked proxy of an error', revoked(new Error('no')), unreadable],
  ['an error whose name is a symbol', errorWith('name', { value: Symbol('n') }), 'Error: no'],
  ['an error whose message is a symbol', errorWith('message', { value: Symbol('m') }), 'Error: Symbol(m)'],
  ['an error whose message throws', errorWith('message', throwing), 'Error: undefined'],
  ['an error whose name throws', errorWith('name', throwing), 'Error: no'],
  ['an error that is its own cause', circle, 'Error: in a circle'],
  ['an error of errors, one of them itself', aggregate, 'AggregateError: first; second'],
  [
    'an object whose toJSON throws',
    {
      toJSON: () => {
        throw new Error('no')
      },
    },
    '[object Object]',
  ],
  ['an object whose toString returns an object', { toJSON: () => undefined, toString: () => ({}) }, '[object Object]'],
  [
    'an object whose getter throws',
    Object.defineProperty({}, 'a', { ...throwing, enumerable: true }),
    '[object Object]',
  ],
  [
    'an object whose tag throws',
    Object.defineProperties(
      {},
      { a: { get: () => circle.stack, enumerable: true }, toJSON: throwing, [Symbol.toStringTag]: throwing },
    ),
    unreadable,
  ],
]

describe('errorText', () => {
  it.each(CASES)('reads %s without throwing', (_what, thrown, text) => {
    expect(errorText(thrown)).toBe(text)
    expect(typeof errorMessage(thrown)).toBe('string')
    expect(asError(thrown)).toBeInstanceOf(Error)
    expect(typeof asError(thrown).message).toBe('string')
  })

  it('shortens a huge message', () => {
    expect(errorText(new Error('x'.repeat(50_000_000))).length).toBeLessThan(11_000)
  })

  it('does not read all of a huge object', () => {
    expect(errorText(Array.from({ length: 5_000_000 }, () => 0))).toBe('[object Array]')
  })
})

describe('asError', () => {
  it('returns an error as it is', () => {
    const error = new TypeError('no')
    expect(asError(error)).toBe(error)
  })
})
