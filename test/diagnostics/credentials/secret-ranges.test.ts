import { describe, expect, it } from 'vitest'
import { countable, growthOf, LINEAR } from '../../counting/growth.ts'

const { secretRanges } = await countable(() => import('../../../src/diagnostics/credentials/secret-ranges.ts'))

/** The text of each range. */
const secretsIn = (text: string) => secretRanges(text).map(({ start, end }) => text.slice(start, end))

describe('the secrets of a string', () => {
  it.each([
    ['password: one', ['one']],
    ['"password" : one', ['one']],
    ["'passwrod': 'it''s'", ["'it''s'"]],
    ['{ pw: one, secret: "t,wo" }', ['one', '"t,wo"']],
    ['password:\n  - one\n\n  - two\nname: x', ['- one\n\n  - two']],
    ['password: *it # this\nx: &it one', ['*it # this', 'one']],
    ['url: amqp://a:b@c@host', ['a:b@c']],
    ['password: ${env:X}\nxpassword: ${env:X:-one}', ['${env:X:-one}']],
    ['password-reset: { type: quorum }', []],
    ['password-reset: type: quorum', []],
    ['words: none', []],
  ])('are found in %j: %j', (text, secrets) => {
    expect(secretsIn(text)).toEqual(secrets)
  })

  it.each([
    'password',
    'password:',
    'secret: ',
    '{password:',
    '"password": "',
    'password: *a\n&a x\n',
    'password: &x !y ',
    'a://',
    'a://b@',
    '&a',
    '\n',
    '\n password:',
  ])('are found in a number of steps that is linear in the length of a string of %j', (part) => {
    expect(growthOf((size) => secretRanges(part.repeat(size)), 30)).toBeLessThan(LINEAR)
  })
})
