import { describe, expect, it } from 'vitest'
import { ManagementError } from '../../../src/broker/management/errors.ts'
import { bindingPath } from '../../../src/broker/management/path.ts'

describe('the path of a binding', () => {
  const ends = { vhost: '/', source: 'e/1', destinationType: 'queue', destination: 'null' } as const

  it.each([
    ['~', '~'],
    ['k', 'k'],
    ['a%7Eb', 'a%257Eb'],
    ['null', '%256Eull'],
    ['null~9nmLZQ', '%256Eull~9nmLZQ'],
    ['undefined', '%2575ndefined'],
    ['.', '%252E'],
    ['..', '%252E.'],
    ['nulls', 'nulls'],
    ['.a', '.a'],
  ])('contains the properties key %s as %s', (propertiesKey, segment) => {
    expect(bindingPath(ends, propertiesKey)).toBe(`/api/bindings/%2F/e/e%2F1/q/null/${segment}`)
  })
})

describe('a list of bindings that the broker answers with 500', () => {
  const hintOf = (path: string, status = 500) =>
    new ManagementError({ method: 'GET', path, status, reason: '' }).hint ?? ''

  it.each([
    '/api/bindings/a%20b?columns=vhost',
    '/api/queues/a%20b/q/bindings',
    '/api/exchanges/a%20b/e/bindings/source',
  ])('is explained by the faulty binding and the command that removes it: %s', (path) => {
    expect(hintOf(path)).toContain("rabbitmqctl list_bindings -p 'a b' source_name")
  })

  it.each(['/api/queues/v', '/api/queues/v/bindings', '/api/overview'])('is not %s', (path) => {
    expect(hintOf(path)).toContain('has a problem')
  })
})
