import { describe, expect, it } from 'vitest'
import { brokerReason, replyCode } from '../../src/diagnostics/broker-reason.ts'

function said(text: string): Error {
  return new Error(`Channel closed by server: 403 (ACCESS-REFUSED) with message "${text}"`)
}

describe('brokerReason', () => {
  it("is the broker's own reason, without the name of the login", () => {
    expect(
      brokerReason(said("ACCESS_REFUSED - write access to exchange 'x' in vhost '/' refused for user 'app'")),
    ).toBe("ACCESS_REFUSED - write access to exchange 'x' in vhost '/' refused")
    expect(brokerReason(said("NOT_ALLOWED - access to vhost '/' refused for user 'o'neil': quota"))).toBe(
      "NOT_ALLOWED - access to vhost '/' refused: quota",
    )
    expect(brokerReason(said("user 'app' is not allowed"))).toBe('the user is not allowed')
  })

  it('is the reason of the network, or at least its code', () => {
    expect(brokerReason(new Error('read ECONNRESET'))).toBe('read ECONNRESET')
    expect(brokerReason(Object.assign(new Error(''), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED')
    expect(brokerReason('the connection was lost')).toBe('the connection was lost')
  })
})

describe('replyCode', () => {
  it('is a number of the protocol, not a code of the network', () => {
    expect(replyCode(Object.assign(new Error(), { code: 404 }))).toBe(404)
    expect(replyCode(Object.assign(new Error(), { code: 'ECONNRESET' }))).toBeUndefined()
    expect(replyCode('no')).toBeUndefined()
  })
})
