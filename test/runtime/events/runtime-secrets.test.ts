import { describe, expect, it } from 'vitest'
import { connect } from '../../../src/runtime/connect.ts'
import { logEvents } from '../../../src/runtime/events/log-events.ts'
import { RuntimeEmitter } from '../../../src/runtime/events/runtime-events.ts'
import { RuntimeSecrets } from '../../../src/runtime/events/runtime-secrets.ts'

const topology = {
  routes: {
    publications: [],
    subscriptions: [],
  },
}

describe('the secrets of a runtime', () => {
  it('are its login, its key, and the values of its credentials provider', async () => {
    const secrets = new RuntimeSecrets()
    secrets.ofTls({ passphrase: 'open-sesame' })
    await secrets.ofProvider(() => ({ username: 'svc', password: 'token-1234' }))?.()

    expect(secrets.registry.mask('open-sesame token-1234 c3ZjOnRva2VuLTEyMzQ=')).not.toMatch(/sesame|token|c3Zj/)
  })

  it('do not accumulate when a token is renewed repeatedly', async () => {
    const secrets = new RuntimeSecrets()
    let given = 0
    const provider = secrets.ofProvider(() => ({ password: `token-${++given}-of-many` }))
    for (let time = 0; time < 100; time++) await provider?.()

    expect(secrets.registry.size).toBe(4)
    expect(secrets.registry.mask('token-100-of-many, token-1-of-many')).toBe('(secret), token-1-of-many')
  })

  it('are in no event and in no line of a log, for errors of any origin', () => {
    const events = new RuntimeEmitter()
    events.secrets.add('hunter2-s3cret')
    let outputs = ''
    const log = (facts: object, sentence: string) => void (outputs += JSON.stringify(facts) + sentence)
    logEvents(events, { info: log, warn: log, error: log })
    for (const name of ['credentialsFailed', 'connectionDown', 'connectionBlocked'] as const) {
      events.on(
        name,
        (event) => void (outputs += JSON.stringify(event) + ('error' in event ? event.error.message : '')),
      )
    }
    const error = new Error('hunter2-s3cret')
    const about = { subscription: 's', queue: 'q', messageId: 'm', correlationId: undefined, attempt: 1 }
    events.emit('credentialsFailed', { role: 'publish', error })
    events.emit('connectionDown', { role: 'publish', reason: 'no hunter2-s3cret' })
    events.emit('connectionBlocked', { role: 'publish', reason: 'amqp://u:pa55word@h' })
    events.emit('held', { ...about, reason: 'error', error: 'hunter2-s3cret', because: new Error('hunter2-s3cret') })
    events.emit('idempotencyFailed', { ...about, error: new Error('redis://:pa55word@cache refused') })

    expect(outputs).toContain('(secret)')
    expect(outputs).not.toMatch(/hunter2|pa55word/)
  })

  it.each([
    ['a URL that is none', { topology, url: 'amqp:user:pa55word@host' }],
    ['a parameter that nothing knows', { topology, url: 'amqp://user:pa55word@host?pa55word=1' }],
    ['a password with a slash', { topology, url: 'amqp://user:pa/55-pa55word@host' }],
    ['an option that there is not', { topology, url: 'amqp://u:pa55word@host', 'amqp://u:pa55word@host': 1 }],
    [
      'a provider that fails',
      {
        topology,
        url: 'amqp://127.0.0.1:1',
        vhost: '/',
        startTimeout: 1,
        credentials: () => Promise.reject(new Error('vault says no to amqp://u:pa55word@h')),
      },
    ],
  ])('are in no error of connect(): %s', async (_what, options) => {
    const thrown: unknown = await connect(options).catch((error: unknown) => error)

    expect(thrown).toBeInstanceOf(Error)
    expect(`${(thrown as Error).stack}${JSON.stringify(thrown)}`).not.toContain('pa55word')
  })
})
