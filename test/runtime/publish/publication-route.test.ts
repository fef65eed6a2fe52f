import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { PublicationRoute } from '../../../src/runtime/publish/publication-route.ts'
import { PublishError } from '../../../src/runtime/publish/publish-error.ts'
import type { PublishOptions } from '../../../src/runtime/publish/publish-options.ts'
import { publication } from '../routes.ts'

const route = new PublicationRoute(
  publication({ headers: { kind: 'mail' }, expiration: 60_000, priority: 3 }),
  undefined,
)

function failure(make: () => unknown): unknown {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof PublishError)) throw error
    const { message: whole, hint, outcome, maybePublished, publication: name, messageId } = error
    const message = hint === undefined ? whole : whole.replace(` — ${hint}`, '')
    return { message, outcome, maybePublished, name, messageId }
  }
}

describe('PublicationRoute', () => {
  it('makes a persistent, mandatory message with all declared properties of the publication (pitfalls 1, 9)', () => {
    const { properties, ...message } = route.message(
      { to: 'a' },
      { messageId: 'm-1', correlationId: 'c-1', headers: { trace: 't' } },
    )
    expect(message).toEqual({
      route: 'send-email',
      label: 'publication "send-email"',
      messageId: 'm-1',
      routingKey: 'email',
      content: Buffer.from('{"to":"a"}'),
      isOnlyWithId: false,
      isForStore: false,
    })
    expect(properties).toEqual({
      headers: { kind: 'mail', trace: 't' },
      mandatory: true,
      persistent: true,
      messageId: 'm-1',
      correlationId: 'c-1',
      contentType: 'application/json',
      timestamp: expect.any(Number),
      expiration: 60_000,
      priority: 3,
    })
  })

  it('compresses the body of a publication with an encoding, and checks it before', () => {
    const sizes: number[] = []
    const check = (_body: unknown, bytes: number): undefined => void sizes.push(bytes)
    const compressed = new PublicationRoute(publication({ message: { encoding: 'gzip', maxBytes: 1000 } }), check, 500)

    const { content, properties, isForStore } = compressed.message('x'.repeat(998), {})

    expect(gunzipSync(content).toString()).toBe(JSON.stringify('x'.repeat(998)))
    expect([properties.contentEncoding, sizes, isForStore]).toEqual(['gzip', [1000], false])
    expect(failure(() => compressed.message('x'.repeat(999), { messageId: 'm-1' }))).toMatchObject({
      message: 'publication "send-email": the message has 1001 bytes, and 1000 is the maximum',
      outcome: 'tooLarge',
    })
  })

  it('does not let the program set the version of a publication that declares one', () => {
    const headers = { 'message-version': 1 }
    const versioned = new PublicationRoute(publication({ headers, message: { version: 1 } }), undefined)

    expect(versioned.message(1, { headers: { trace: 't' } }).properties.headers).toEqual({ ...headers, trace: 't' })
    expect(failure(() => versioned.message(1, { headers }))).toMatchObject({
      message: expect.stringContaining('the header "message-version" is not') as string,
    })
    expect(route.message(1, { headers }).properties.headers).toMatchObject(headers)
  })

  it('sends a message to the exchange of its delay, in any unit, and refuses other delays and an expiration', () => {
    const delays = [
      { delay: 90_000, exchange: 'tasks.delay.90s', queue: 'tasks.delay.90s' },
      { delay: 600_000, exchange: 'tasks.delay.10m', queue: 'tasks.delay.10m' },
    ]
    const delayed = new PublicationRoute(publication({ delays }), undefined)

    expect(delayed.message(1, { delay: '10m' }).delayExchange).toBe('tasks.delay.10m')
    expect(delayed.message(1, { delay: '600s' }).delayExchange).toBe('tasks.delay.10m')
    expect(delayed.message(1, {})).not.toHaveProperty('delayExchange')
    const refusals: [PublicationRoute, PublishOptions, string][] = [
      [delayed, { delay: '7m' }, 'it declares no delay "7m", and has 90s, 10m'],
      [delayed, { delay: '' }, 'it declares no delay "", and has 90s, 10m'],
      [delayed, { delay: 600_000 as never }, 'it declares no delay 600000, and has 90s, 10m'],
      [route, { delay: '10m' }, 'it declares no delay "10m", and has none'],
      [delayed, { delay: '10m', expiration: 5 }, 'a delayed message cannot have an expiration'],
    ]
    for (const [from, options, what] of refusals) {
      expect(failure(() => from.message(1, { messageId: 'm', ...options }))).toMatchObject({
        message: `publication "send-email": ${what}`,
        outcome: 'invalid',
      })
    }
  })

  it('gives every message a unique id', () => {
    const [a, b] = [route.message(1, {}), route.message(1, {})]
    expect(a.messageId).toMatch(/^[\w-]{22}-[0-9a-z]+$/)
    expect(a.messageId).not.toBe(b.messageId)
    expect([a.isOnlyWithId, b.isOnlyWithId]).toEqual([true, true])
  })

  it('lets the program decide on the time to live and the priority of one message', () => {
    expect(route.message(1, { expiration: 0, priority: 0 }).properties).toMatchObject({ expiration: 0, priority: 0 })
  })

  it.each<[PublishOptions, string]>([
    [{ headers: { 'x-warren-attempt': 1 } }, 'the header "x-warren-attempt" is not the program\'s to set'],
    [{ headers: { n: Infinity } }, 'the header "n" holds a number that is not finite'],
    [{ headers: { n: [{ at: -Infinity }] } }, 'the header "n" holds a number that is not finite'],
    [{ headers: { n: Number.NaN } }, 'the header "n" holds a number that is not finite'],
    [{ headers: { n: new Date(0) } }, 'the header "n" holds a value of type Date, which AMQP does not support'],
    [{ headers: { n: { at: [new Map()] } } }, 'the header "n" holds a value of type Map, which AMQP does not support'],
    [
      { headers: { n: new Uint8Array(1) } },
      'the header "n" holds a value of type Uint8Array, which AMQP does not support',
    ],
    [{ headers: { n: () => 1 } }, 'the header "n" holds a function, which AMQP does not support'],
    [{ headers: { CC: ['other'] } }, 'the header "CC" is not the program\'s to set'],
    [{ expiration: -1 }, 'the expiration must be whole milliseconds from 0 to 4294967295, not -1'],
    [{ expiration: 1e20 }, 'the expiration must be whole milliseconds from 0 to 4294967295, not 100000000000000000000'],
    [{ priority: 256 }, 'the priority must be from 0 to 255, not 256'],
    [{ contentType: 'é'.repeat(128) }, 'contentType must be a string of at most 255 bytes'],
    [{ correlationId: 'é'.repeat(128) }, 'correlationId must be a string of at most 255 bytes'],
    [{ parameters: { to: 'x' } }, 'there is no parameter "to": the routing key has no parameters'],
  ])('refuses %j before anything is sent', (options, what) => {
    expect(failure(() => route.message(1, { messageId: 'm', ...options }))).toEqual({
      message: `publication "send-email": ${what}`,
      outcome: 'invalid',
      maybePublished: false,
      name: 'send-email',
      messageId: 'm',
    })
  })

  it('accepts headers of every type that AMQP has', () => {
    const headers = {
      text: 'a',
      n: 1.5,
      no: false,
      none: null,
      bytes: Buffer.from('b'),
      list: [1, { deep: 'c' }],
      left: undefined,
    }
    expect(route.message(1, { headers }).properties.headers).toEqual({ kind: 'mail', ...headers })
  })

  it('sends the properties that a single message sets', () => {
    const { content, properties } = route.message(Buffer.from([255]), { contentType: 'image/png' })
    expect([content, properties.contentType]).toEqual([Buffer.from([255]), 'image/png'])
    expect(route.message('ä', { contentType: 'text/plain' }).content.toString()).toBe('ä')
  })

  it('refuses bytes that its consumers could not read', () => {
    expect(failure(() => route.message(Buffer.from('{"to":'), { messageId: 'm' }))).toEqual({
      message: 'publication "send-email": the body is not JSON',
      outcome: 'invalid',
      maybePublished: false,
      name: 'send-email',
      messageId: 'm',
    })
  })

  it('includes the remedy in the message of an error, for loggers that print only the message', () => {
    expect(() => route.message(Buffer.from('{'), {})).toThrow(
      'publication "send-email": the body is not JSON — the body is sent as application/json; declare another with ' +
        'message.contentType of the publication, or give the contentType option: JSON takes any value, text a string, ' +
        'everything else a Buffer',
    )
  })

  it('refuses a message that is too large (pitfall 14)', () => {
    const small = new PublicationRoute(publication({ message: { maxBytes: 4 } }), undefined)
    expect(small.message('ab', {}).content).toHaveLength(4)
    expect(failure(() => small.message('abc', { messageId: 'm' }))).toMatchObject({
      message: 'publication "send-email": the message has 5 bytes, and 4 is the maximum',
      outcome: 'tooLarge',
    })
  })

  it('checks the serialized message, not the value before serialization', () => {
    const seen: unknown[] = []
    const checked = new PublicationRoute(publication(), (body) => {
      seen.push(body)
      return undefined
    })
    checked.message({ at: new Date(0), gone: undefined }, {})
    checked.message(Buffer.from('{"raw":1}'), {})
    expect(seen).toEqual([{ at: '1970-01-01T00:00:00.000Z' }, { raw: 1 }])
  })

  it('refuses a message that its schema refuses', () => {
    const strict = new PublicationRoute(publication(), () => '/to must be string')
    expect(failure(() => strict.message({ to: 1 }, { messageId: 'm' }))).toMatchObject({
      message: 'publication "send-email": the message does not match its schema: /to must be string',
      outcome: 'invalid',
    })
    expect(failure(() => strict.message(Buffer.from('{'), {}))).toMatchObject({ outcome: 'invalid' })
  })
})
