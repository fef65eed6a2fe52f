import { describe, expect, it } from 'vitest'
import { reasonOf } from '../../../../src/broker/management/answers/reason.ts'
import { SecretRegistry } from '../../../../src/model/secrets/secret-registry.ts'

/** Different proxies write texts into their pages in different ways. */
function inEntities(text: string): string {
  return text.replaceAll('"', '&quot;').replaceAll("'", '&#x27;').replaceAll('-', '&#045;')
}

describe('the reason in an answer', () => {
  it.each([
    ['{"error":"bad_request","reason":"no &lt;disk&gt; left"}', 'no <disk> left'],
    ['{"error":"Object Not Found"}', 'Object Not Found'],
    ['{"reason":["not_base64","x"]}', '["not_base64","x"]'],
    ['{"reason":["invalid_regexp",[40,120,228],7,[]]}', '["invalid_regexp","(xä",7,[]]'],
    ['{"reason":[[110,111,[32,[119,97]],"y"],{"at":[5672,1]}]}', '["no way",{"at":[5672,1]}]'],
    ['{"reason":"bad &lt;&lt;103,101&gt;&gt; and <<\\"a\\\\\\"b\\">> [40,120,97,98]"}', 'bad "ge" and "a\\"b" "(xab"'],
    ['{"reason":"ports [5672,15672,1883] stay"}', 'ports [5672,15672,1883] stay'],
    [
      '{"reason":"Validation failed\\n\\n[{1}] are\\n  not\\u001b[31m known"}',
      'Validation failed [{1}] are not [31m known',
    ],
    ['<html><h1>Bad\nGateway</h1><p>proxy</p></html>', 'Bad Gateway proxy'],
    [`<p>${'x'.repeat(5_000)}</p>`, `${'x'.repeat(200)}…`],
    ['<p>it&#39;s &lt;b&gt; &#x110000; &#x1F980;</p>', "it's <b> &#x110000; 🦀"],
    ['', '(no reason given)'],
  ])('of %j is shown as %j', (body, expected) => {
    expect(reasonOf(body, new SecretRegistry())).toBe(expected)
  })

  it.each([
    [
      'a list of character codes',
      (secret: string) => JSON.stringify({ reason: ['no', [...Buffer.from(`(${secret})`)]] }),
    ],
    ['lists in lists', (secret: string) => JSON.stringify({ reason: [[40, [...Buffer.from(secret)]], 'x'] })],
    ['a binary', (secret: string) => JSON.stringify({ reason: `no <<${[...Buffer.from(`:${secret}!`)].join(',')}>>` })],
    ['an escaped text', (secret: string) => JSON.stringify({ reason: `no <<"${secret}\\"x">>` })],
    ['a list of bytes of UTF-8', (secret: string) => JSON.stringify({ reason: [...Buffer.from(`é${secret}`)] })],
    ['a string with entities of HTML', (secret: string) => JSON.stringify({ reason: inEntities(secret) })],
    ['a page with entities of HTML', (secret: string) => `<p>${inEntities(`no "${secret}"`)}</p>`],
    ['a page that is cut within it', (secret: string) => `<p>${'x'.repeat(195)}${inEntities(secret)}</p>`],
    ['a long text that is cut within it', (secret: string) => JSON.stringify({ reason: 'x'.repeat(995) + secret })],
  ])('is masked when %s contains a secret', (_what, bodyOf) => {
    const secrets = new SecretRegistry()
    secrets.add("hunter2-'Zaéß")
    const reason = reasonOf(bodyOf("hunter2-'Zaéß"), secrets)

    expect(reason).toMatch(/\(secret\)|\(sec/)
    expect(reason).not.toMatch(/hunt/)
  })

  it('is shown unchanged if it is nested too deeply to be read', () => {
    const body = `{"reason":${'['.repeat(200_000)}${']'.repeat(200_000)}}`

    expect(reasonOf(body, new SecretRegistry())).toMatch(/^\{"reason":\[\[/)
  })
})
