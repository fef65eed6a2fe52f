import { describe, expect, it } from 'vitest'
import type { HandlerDelivery } from '../../../src/runtime/index.ts'
import { testDelivery } from '../../../src/testing/index.ts'

describe('testDelivery', () => {
  it('makes the first attempt at a default message', () => {
    const delivery: HandlerDelivery = testDelivery()

    expect(delivery).toMatchObject({ attempt: 1, messageId: 'test-message', headers: {}, redelivered: false })
    expect(delivery.signal.aborted).toBe(false)
  })

  it('uses the given values, with the body unchanged', () => {
    const body = { at: new Date(0) }
    const delivery = testDelivery({ body, attempt: 3, headers: { tenant: 'a' }, queue: 'email', lastError: 'busy' })

    expect(delivery).toMatchObject({ attempt: 3, headers: { tenant: 'a' }, routingKey: 'email', lastError: 'busy' })
    expect(delivery.body).toBe(body)
  })

  it('has the version of the message in its header', () => {
    const delivery = testDelivery({ version: 2, headers: { tenant: 'a' } })

    expect(delivery.headers).toEqual({ 'message-version': 2, tenant: 'a' })
    expect(delivery).not.toHaveProperty('version')
    expect(() => testDelivery({ version: 0 })).toThrow('version must be a positive whole number, not 0')
  })

  it('refuses unknown options and invalid attempts', () => {
    expect(() => testDelivery({ atempt: 2 } as never)).toThrow(/no option "atempt" \(did you mean "attempt"\?\)/)
    for (const attempt of [0, 1.5, Number.NaN]) expect(() => testDelivery({ attempt })).toThrow(RangeError)
  })
})
