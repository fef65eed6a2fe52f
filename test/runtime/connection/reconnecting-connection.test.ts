import { describe, expect, it } from 'vitest'
import { explainConnectionFailure } from '../../../src/runtime/connection/reconnecting-connection.ts'
import { brokerAddresses } from '../../../src/runtime/connection/connection-settings.ts'

const [address] = brokerAddresses('amqp://app:hunter2@mq.example', {})

function explain(thrown: unknown): { text: string; hint: string | undefined; final: boolean; code: string } {
  if (!address) throw new Error('no address')
  const { error, final } = explainConnectionFailure(thrown, address, '/shop')
  expect(error.message.endsWith(` — ${error.hint}`)).toBe(true)
  return { text: error.message.split(' — ')[0] ?? '', hint: error.hint, final, code: error.code }
}

function coded(code: string, message = 'something'): Error {
  return Object.assign(new Error(message), { code })
}

describe('explainConnectionFailure', () => {
  it('recognizes a refused login as permanent', () => {
    const text =
      'Handshake terminated by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused"'
    expect(explain(new Error(text))).toEqual({
      text: 'the broker at amqp://mq.example:5672 refused the login',
      hint: 'check the user name and the password; guest may only log in from the same machine',
      final: true,
      code: 'ACCESS_REFUSED',
    })
  })

  it('recognizes a refused vhost, for which the client library reports no reason', () => {
    expect(explain(new Error('Expected ConnectionOpenOk; got <ConnectionClose channel:0>'))).toEqual({
      text: 'the broker at amqp://mq.example:5672 refused access to the vhost "/shop"',
      hint: 'check that the vhost exists, that the user has a permission on it, and that no connection limit is reached',
      final: true,
      code: 'ACCESS_REFUSED',
    })
  })

  it('recognizes an untrusted certificate, and a port without TLS', () => {
    expect(explain(coded('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'))).toMatchObject({
      text: 'the broker at amqp://mq.example:5672 could not be trusted: self-signed certificate in certificate chain',
      final: true,
    })
    expect(explain(coded('ERR_SSL_WRONG_VERSION_NUMBER'))).toMatchObject({
      hint: 'this port does not speak TLS: use amqp://, or the port of the TLS listener',
      final: true,
    })
  })

  it('reports that no address of a broker is configured', () => {
    const [unsaid] = brokerAddresses(undefined, {})
    if (!unsaid) throw new Error('no address')
    const { error } = explainConnectionFailure(coded('ECONNREFUSED'), unsaid, '/shop')
    expect(error.hint).toBe(
      'WARREN_AMQP_URL is not set, so the default was used: set it, or give the url option; otherwise check the host, ' +
        'the port (5672, with TLS 5671; not that of the management API) and that the broker is running',
    )
  })

  it('retries errors that a booting broker may cause', () => {
    expect(explain(coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5672'))).toMatchObject({
      text: 'the broker at amqp://mq.example:5672 could not be reached: connect ECONNREFUSED 127.0.0.1:5672',
      final: false,
    })
    expect(explain(coded('ECONNREFUSED', ''))).toMatchObject({
      text: 'the broker at amqp://mq.example:5672 could not be reached: ECONNREFUSED',
    })
  })
})
