import type { ConsumeMessage } from 'amqplib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeadLetter, readDeadLetter } from '../../src/operate/dead-letters/dead-letter.ts'
import { UncopyableError } from '../../src/broker/amqp/messages/copied-properties.ts'
import { replayProperties } from '../../src/operate/dead-letters/replay-publisher.ts'
import { copyableHeaders, LARGEST_HEADERS } from '../../src/broker/amqp/messages/copyable-headers.ts'
import { countedBy } from '../../src/runtime/consume/broker-counts.ts'
import { HandlerDeliveryView } from '../../src/runtime/consume/handler-delivery.ts'
import { failureCopy } from '../../src/runtime/failure/failure-copies.ts'
import { Delivery } from '../../src/runtime/consume/delivery.ts'
import { decodeTable, encodeProperties, encodeTable } from './amqplib-codec.ts'
import { message, UNUSED_SESSION } from './messages.ts'

/** Names that have a meaning for warren or the broker, and any others, some of which amqplib cannot write. */
const anyName = fc.oneof(
  fc.constantFrom(
    ...['attempt', 'reason', 'error', 'first-failed', 'exchange', 'routing-key', 'dropped', 'sequence', 'x'].map(
      (name) => `x-warren-${name}`,
    ),
    'x-death',
    'x-delivery-count',
    'x-acquired-count',
    'x-first-death-queue',
    'x-stream-offset',
    'x-claim-check',
    'CC',
    'BCC',
    '__proto__',
    'constructor',
    '!',
    '',
    '\uFFFD'.repeat(255),
  ),
  fc.string({ maxLength: 40, unit: 'binary' }),
)

/** Values in the form in which amqplib reads them from the network. */
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.nat(100_000).map((length) => 'x'.repeat(length)),
    fc.integer(),
    fc.double(),
    fc.constantFrom(2 ** 63, -(2 ** 63), 2 ** 53, -1e300, 999, -0),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.oneof(fc.double(), fc.constantFrom(0, 2 ** 64, 2 ** 53)).map((value) => ({ '!': 'timestamp', value })),
    fc.record({ '!': fc.constantFrom('timestamp', 'decimal', 'long', 'nonsense'), value: tie('value') }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(anyName, tie('value'), { maxKeys: 5 }),
  ),
})).value

const anyHeaders = fc.dictionary(anyName, anyValue, { maxKeys: 12 })
const anyShortText = fc.oneof(
  fc.constantFrom(undefined, 'amq.rabbitmq.reply-to', '\uFFFD'.repeat(255)),
  fc.string({ maxLength: 255, unit: 'binary' }),
)
const anyProperties = fc.record({
  headers: anyHeaders,
  messageId: anyShortText,
  correlationId: anyShortText,
  type: anyShortText,
  contentType: anyShortText,
  contentEncoding: anyShortText,
  replyTo: anyShortText,
  appId: anyShortText,
  expiration: anyShortText,
  userId: anyShortText,
  priority: fc.option(fc.nat(255), { nil: undefined }),
  timestamp: fc.option(fc.constantFrom(0, 1_700_000_000, 2 ** 53, 2 ** 64), { nil: undefined }),
})
const SEED = { seed: 20_261_130, numRuns: 400 }

/** The properties of a replay, or why the dead letter is kept where it is. */
function replayOf(received: ConsumeMessage, letter: DeadLetter): unknown {
  try {
    return replayProperties(received, letter)
  } catch (error) {
    if (error instanceof UncopyableError) return error.message
    throw error
  }
}

describe('any headers of a publisher', () => {
  it('can be read, and copied within the limits of amqplib and of the frame', () => {
    fc.assert(
      fc.property(anyProperties, fc.boolean(), fc.constantFrom(4_096, 131_072), (properties, redelivered, frameMax) => {
        const received = message({ properties, fields: { redelivered } })
        const delivery = new Delivery(received, 'email', UNUSED_SESSION, false, 'none')
        const view = new HandlerDeliveryView('emails', delivery, undefined)
        expect(view.attempt).toBeLessThanOrEqual(1_000_001)
        expect(delivery.returns).toBe(0)
        expect(Buffer.byteLength(view.lastError ?? '')).toBeLessThanOrEqual(1_000)
        expect(view.exchange.length).toBeLessThanOrEqual(255)
        expect(view.routingKey.length).toBeLessThanOrEqual(255)
        expect(view.timestamp?.toISOString()).not.toBe('')

        const to = { subscription: 'emails', routingKey: '5s', retries: 1, frameMax, withOthers: true }
        const { copy } = failureCopy(delivery, { reason: 'error', error: new Error('no') }, to)
        expect(encodeProperties(copy.properties).length).toBeLessThanOrEqual(frameMax)

        const letter = readDeadLetter(received, { vhost: '/', name: 'email.dead', routes: [] })
        expect(letter.reason.length).toBeLessThanOrEqual(255)
        expect(replayOf(received, letter)).toBeDefined()
      }),
      SEED,
    )
  })

  it('is copied without losing or changing a header that fits', () => {
    fc.assert(
      fc.property(anyHeaders, (headers) => {
        // When amqplib reads this name, it sets the prototype of the table.
        fc.pre(!JSON.stringify(headers).includes('__proto__'))
        const { headers: copied, dropped } = copyableHeaders(headers, LARGEST_HEADERS)
        const encoded = encodeTable(copied)
        expect(encoded.length).toBeLessThanOrEqual(LARGEST_HEADERS)
        const read = decodeTable(encoded)
        expect(copyableHeaders(read, LARGEST_HEADERS)).toEqual({ headers: copied, dropped: [] })
        expect([...Object.keys(copied), ...dropped].toSorted()).toEqual(Object.keys(headers).toSorted())
      }),
      SEED,
    )
  })
})

describe('the counters of the broker', () => {
  const forged = { 'x-delivery-count': 999, 'x-acquired-count': 999 }
  const returns = (queueType: string | undefined, version: string, redelivered: boolean, headers: object) =>
    new Delivery(
      message({ properties: { headers: { ...headers } }, fields: { redelivered } }),
      'email',
      UNUSED_SESSION,
      false,
      countedBy(queueType, version),
    ).returns

  it.each(['3.10.8', '4.0.5', '4.3.6'])('are ignored on a classic queue of %s', (version) => {
    expect(returns('classic', version, true, forged)).toBe(0)
  })

  it.each(['3.10.8', '4.0.5', '4.3.6'])('are ignored on the first delivery of a quorum queue of %s', (version) => {
    expect(returns('quorum', version, false, forged)).toBe(0)
  })

  it('are those that the version writes itself', () => {
    expect(returns('quorum', '3.10.8', true, { ...forged, 'x-delivery-count': 2 })).toBe(2)
    expect(returns('quorum', '4.0.5', true, { ...forged, 'x-delivery-count': 2 })).toBe(2)
    expect(returns('quorum', '4.3.6', true, { ...forged, 'x-acquired-count': 3 })).toBe(3)
  })
})
