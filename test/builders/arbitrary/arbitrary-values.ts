import fc from 'fast-check'
import type { Arguments, ArgumentValue } from '../../../src/model/arguments.ts'
import { maskCredentials } from '../../../src/model/secrets/mask-credentials.ts'
import type { ParameterValue } from '../../../src/model/topology.ts'

/** Hostile names and values that a broker accepts. There are few of each, so that objects often refer to each other. */

/** Names of exchanges, queues, policies and users. */
export const hostileName = fc.constantFrom(
  'orders',
  'a/b',
  'a%2Fb',
  'a b',
  ' ',
  '~',
  '#',
  '*.#',
  '@',
  '+',
  '...',
  '"quoted"',
  "it's",
  '\\',
  '?x=1&y',
  'null',
  'ünïcode ✓ 兔',
  'e\u0301',
  '\u200B',
  '__proto__',
  'constructor',
  'x'.repeat(255),
  'é'.repeat(127),
)

/** Any characters, including those that JSON has to escape and those with four bytes. */
export const anyText = fc.string({ unit: 'binary', maxLength: 40 })

/** Routing keys; the longest in AMQP has 255 bytes. */
export const routingKey = fc.oneof(fc.constant(''), hostileName, anyText)

const finiteNumber = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 1.5, 1e21, 5e3, 5e-324, 2 ** 31, 2 ** 32, -(2 ** 31) - 1),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e18, max: 1e18 }),
)

/** Names of arguments without a meaning for a broker. */
export const argumentName = fc.oneof(
  hostileName.filter((name) => Buffer.byteLength(name) <= 128),
  fc.constantFrom('x-of-mine', 'x-', 'X-MESSAGE-TTL'),
)

/** Values that a broker stores in an argument without a meaning for it. */
export const argumentValue: fc.Arbitrary<ArgumentValue> = fc.letrec<{ value: ArgumentValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.boolean(), finiteNumber, anyText, hostileName),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(argumentName, tie('value'), { maxKeys: 3 }),
  ),
})).value

/** Arguments without a meaning for a broker, in most cases none. */
export const ownArguments: fc.Arbitrary<Arguments> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.dictionary(argumentName, argumentValue, { maxKeys: 3 }) },
)

/** Addresses of other brokers, with and without a login. */
export const LOGIN_URIS = [
  'amqp://user:secret@broker/%2f',
  'amqps://us%40er:s%2Fecret@[::1]:5671/ü',
  'amqp://broker',
  'http://:@',
]

/** Any JSON, with logins in URIs as secrets. */
export const parameterValue: fc.Arbitrary<ParameterValue> = fc
  .letrec<{ value: ParameterValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(
        fc.constant(null),
        fc.boolean(),
        finiteNumber,
        anyText,
        hostileName,
        fc.constantFrom(...LOGIN_URIS, Number.MAX_SAFE_INTEGER),
      ),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(hostileName, anyText), tie('value'), { maxKeys: 3 }),
    ),
  }))
  .value.map(maskCredentials)

/** Regular expressions that PCRE accepts. */
export const expression = fc.constantFrom(
  '',
  '.*',
  '^$',
  '^orders$',
  '^(a/b|ünïcode ✓ 兔)$',
  '"',
  '\\\\',
  '^a%2Fb|\\#',
  '[^/]+',
  '(?i)ORDERS',
  '\\x{e9}',
)
