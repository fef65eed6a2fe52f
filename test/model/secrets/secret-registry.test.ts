import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeName } from '../../../src/model/address.ts'
import { shellWord } from '../../../src/diagnostics/text/shell-word.ts'
import { countable, growthOf, LINEAR } from '../../counting/growth.ts'

const { Secret } = await countable(() => import('../../../src/model/secrets/secret.ts'))
const { SecretRegistry } = await import('../../../src/model/secrets/secret-registry.ts')

const AWKWARD = 'geheim "quo\\ted" {ü}%/@ \'x\''

function registryOf(...secrets: readonly string[]): InstanceType<typeof SecretRegistry> {
  const registry = new SecretRegistry()
  for (const secret of secrets) registry.add(secret)
  return registry
}

const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'percent-encoded': encodeURIComponent,
  'escaped in an address': escapeName,
  'in a table that is escaped in an address': (text) => escapeName(JSON.stringify({ of: text })),
  'base64 by itself': (text) => Buffer.from(text).toString('base64'),
  'base64 within a login': (text) => Buffer.from(`user:${text}`).toString('base64'),
  'base64url within a login': (text) => Buffer.from(`me:${text}!`).toString('base64url'),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
  'a JSON text': (text) => JSON.stringify(text),
  'JSON within JSON': (text) => JSON.stringify(JSON.stringify({ password: text })),
  'a word of a shell': shellWord,
  'a regular expression': (text) => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&'),
  'a list of character codes': (text) => JSON.stringify(Array.from(text, (each) => each.codePointAt(0))),
  'bytes of UTF-8 that are taken for Latin-1': (text) => Buffer.from(text).toString('latin1'),
  'an Erlang binary': (text) => `<<${[...Buffer.from(text)].join(',')}>>`,
  'an Erlang string': (text) => `<<"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}">>`,
  'an Erlang string in a JSON answer': (text) =>
    JSON.stringify(`<<"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}">>`),
  HTML: (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
}

describe('SecretRegistry', () => {
  it.each(Object.entries(ENCODINGS))('masks a secret as %s', (_name, encode) => {
    const shown = registryOf(AWKWARD).mask(`refused: ${encode(AWKWARD)}, sorry`)

    expect(shown).toContain('(secret)')
    expect(shown).not.toContain('geheim')
    expect(shown).not.toContain(encode('geheim "quo'))
  })

  it('masks a secret in every encoding and at every place of a string', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 9, maxLength: 30, unit: 'grapheme' }).filter((text) => /\p{L}{3}/u.test(text)),
        fc.constantFrom(...Object.values(ENCODINGS)),
        fc.string(),
        fc.string(),
        (secret, encode, before, after) => {
          const shown = registryOf(secret).mask(before + encode(secret) + after)

          expect(shown).not.toContain(encode(secret))
        },
      ),
    )
  })

  it('masks secrets that overlap as a whole', () => {
    expect(registryOf('abcd1234', '1234wxyz').mask('<abcd1234wxyz>')).toBe('<(secret)>')
  })

  it('gives the same text when it masks a string twice', () => {
    const registry = registryOf('secret', 'crets', 'abcd(secret)')
    const once = registry.mask('my crets: abcd(secret)')

    expect(registry.mask(once)).toBe(once)
  })

  it('masks each line of a secret of several lines', () => {
    expect(registryOf('-----BEGIN KEY-----\nMIIEvgIBADAN\n-----END KEY-----').mask('    MIIEvgIBADAN\n')).toBe(
      '    (secret)\n',
    )
  })

  it('masks the converted value of a secret duration', () => {
    const registry = registryOf('3600s')

    expect(registry.mask('ttl 3600000, or "1h"')).toBe('ttl (secret), or "(secret)"')
    expect(registry.mask('13600000 messages since 11h')).toBe('13600000 messages since 11h')
  })

  it('masks a secret that equals a name only as a value', () => {
    const registry = registryOf('orders')
    registry.addNames(['orders'])

    expect(registry.mask('queue:%2F/orders  the login "orders" was refused')).toBe(
      'queue:%2F/orders  the login "orders" was refused',
    )
    expect(registry.mask('password: orders, {"password":"orders"}')).toBe('password: (secret), {"password":"(secret)"}')
  })

  it('masks a short secret only where it is a whole value', () => {
    const registry = registryOf('a')

    expect(registry.mask('a plan\n  "x": "a", password=a')).toBe('a plan\n  "x": "(secret)", password=(secret)')
  })

  it.each([
    ['amqp://svc:pa55word@host:5672/vhost', 'amqp://(secret)@host:5672/vhost'],
    ['amqps://h?keyfile=/k&password=pa55word', 'amqps://h?keyfile=/k&password=(secret)'],
    ['amqp://svc:pa pa55word@host', 'amqp://(secret)@host'],
    ['amqp://svc:pa/pa55word@host', 'amqp://(secret)@host'],
    ['amqp://svc:pa?pa55word#x@host', 'amqp://(secret)@host'],
    ['amqp://a:pa55word@h1,amqp://b:pa55word@h2', 'amqp://(secret)@h2'],
    ['amqp://a:pa55word@h1 amqp://b:pa55word@h2', 'amqp://(secret)@h2'],
    ['amqp:user:pa55word@host', 'amqp:(secret)@host'],
    ['http://guest:12/pa55word@mq:15672', 'http://(secret)@mq:15672'],
    ['AMQP://u:%70a55word@host', 'AMQP://(secret)@host'],
    ['amqps://h?access_token=pa55word', 'amqps://h?access_token=(secret)'],
  ])('masks the login in the value %s', (uri, shown) => {
    const registry = new SecretRegistry()
    registry.addFrom({ uris: [uri] })

    expect(registry.maskValue(uri)).toBe(shown)
    expect(registry.mask(`{bad_uri,"${uri}"} and ${uri}`)).not.toContain('a55word')
    expect(registry.mask('the password is pa55word')).toBe('the password is (secret)')
  })

  it('masks the login of a URI that was never registered', () => {
    expect(new SecretRegistry().mask('cannot reach "amqp://svc:pa55word@host/x", retrying')).toBe(
      'cannot reach "amqp://(secret)@host/x", retrying',
    )
  })

  it('masks the header that a proxy echoes', () => {
    expect(new SecretRegistry().mask('<pre>Authorization: Basic Z3Vlc3Q6Z3Vlc3Q=</pre>')).toBe(
      '<pre>Authorization: Basic (secret)</pre>',
    )
  })

  it('registers secrets, passwords and logins at every place of plain data', () => {
    const registry = new SecretRegistry()
    registry.addFrom({
      credential: new Secret('from-a-secret'),
      'src-exchange-key': 'a.routing.key',
      nested: [{ password: 'from-a-key', access_token: ['from-a-list'] }],
      properties: { password: { type: 'from-a-schema' } },
    })

    expect(registry.mask('from-a-secret a.routing.key from-a-key from-a-list from-a-schema')).toBe(
      '(secret) a.routing.key (secret) (secret) from-a-schema',
    )
  })

  it.each<[string, (size: number) => string]>([
    ['one long word', (size) => 'abcdefgh'.repeat(size)],
    ['one long word before a URI', (size) => `${'abcdefgh'.repeat(size)}://u:pa55word@h`],
    ['quotes that are never closed', (size) => `it's ${"'a:b ".repeat(size)}`],
    ['many schemes without a login', (size) => 'a://'.repeat(size)],
    ['many parameters', (size) => `a://b?${'key=x&'.repeat(size)}`],
  ])('masks in a number of steps that grows with the length of a string: %s', (_what, textOf) => {
    const registry = registryOf('hunter2-s3cret')

    expect(growthOf((size) => registry.mask(`: ${textOf(size)}`), 50)).toBeLessThan(LINEAR)
    expect(registry.mask(`: ${textOf(50)}`)).not.toContain('pa55word')
  })

  it('masks a string in the same number of steps, however many secrets there are', () => {
    const text = 'pa55word-pa55word a://a:b '.repeat(20)
    const registries = new Map<number, InstanceType<typeof SecretRegistry>>()
    const mask = (size: number): void => {
      const secrets = Array.from({ length: size }, (_, at) => `pa55word-${at}-pa55word`)
      const registry = registries.get(size) ?? registryOf(...secrets)
      registries.set(size, registry)
      registry.mask(text)
    }
    for (const size of [100, 800]) mask(size)

    expect(growthOf(mask, 100)).toBeLessThan(2)
  })
})
