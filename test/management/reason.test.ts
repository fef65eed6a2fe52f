import { describe, expect, it } from 'vitest'
import { reasonOf } from '../../src/management/reason.ts'

describe('the reason in an answer', () => {
  it.each([
    ['{"error":"bad_request","reason":"no &lt;disk&gt; left"}', 'no <disk> left'],
    ['{"error":"Object Not Found"}', 'Object Not Found'],
    ['{"reason":["not_base64","x"]}', '["not_base64","x"]'],
    [
      '{"reason":"Validation failed\\n\\n[{1}] are\\n  not\\u001b[31m known"}',
      'Validation failed [{1}] are not [31m known',
    ],
    ['<html><h1>Bad\nGateway</h1><p>proxy</p></html>', 'Bad Gateway proxy'],
    [`<p>${'x'.repeat(5_000)}</p>`, `${'x'.repeat(200)}…`],
    ['', '(no reason given)'],
  ])('%j is told as %j', (body, told) => {
    expect(reasonOf(body)).toBe(told)
  })
})
