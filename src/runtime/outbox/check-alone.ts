import { withCode } from '../../diagnostics/error-code.ts'
import { isDeepStrictEqual } from 'node:util'
import { PublicationRoute } from '../publish/publication-route.ts'
import { PublishError } from '../publish/publish-error.ts'
import type { PublishOptions } from '../publish/publish-options.ts'
import type { EnqueueOptions } from './enqueue-arguments.ts'

const KEPT: readonly (keyof PublishOptions & keyof EnqueueOptions)[] = [
  'parameters',
  'contentType',
  'correlationId',
  'type',
  'replyTo',
  'headers',
  'expiration',
  'delay',
  'priority',
]
const OTHERS: readonly string[] = ['messageId', 'key', 'table']

/** Returns the options that are stored with the message. */
export function keptOptions(options: EnqueueOptions): Partial<PublishOptions> {
  const unknown = Object.keys(options).find((each) => !OTHERS.includes(each) && !KEPT.some((name) => name === each))
  if (unknown !== undefined) {
    throw withCode(
      'INVALID_OPTION',
      new TypeError(`enqueue() has no option "${unknown}"; there are: ${[...OTHERS, ...KEPT].join(', ')}`),
    )
  }
  return Object.fromEntries(KEPT.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])))
}

/**
 * Checks a message without its topology, so that a transaction does not commit a message that the relay could only
 * park.
 *
 * @throws {PublishError} when the message is invalid, with the reason
 */
export function checkAlone(publication: string, body: unknown, options: EnqueueOptions): void {
  const given: unknown = publication
  if (typeof given !== 'string' || given === '') {
    throw wrong(String(given), 'enqueue() needs the name of a publication')
  }
  const { parameters, delay, ...others } = keptOptions(options)
  if (parameters !== undefined && (typeof parameters !== 'object' || parameters === null)) {
    throw wrong(publication, "the parameters must be an object such as { region: 'eu' }")
  }
  // Only the topology knows the delays.
  if (delay !== undefined && typeof delay !== 'string')
    throw wrong(publication, 'the delay must be a string such as 10m')
  if (delay !== undefined && others.expiration !== undefined) {
    throw wrong(publication, 'a delayed message cannot have an expiration')
  }
  const { messageId = '', key } = options
  for (const [name, text] of Object.entries({ messageId, key })) {
    if (typeof text === 'string' && text.includes('\0')) {
      throw wrong(publication, `${name} holds the character U+0000, which PostgreSQL cannot store`)
    }
  }
  // Bytes are allowed as any body without a content type.
  const contentType = others.contentType ?? (body instanceof Uint8Array ? 'application/octet-stream' : undefined)
  anyPublication(publication).message(body, {
    ...others,
    messageId,
    ...(contentType !== undefined && { contentType }),
  })
  checkHeaders(publication, others.headers ?? {})
}

/**
 * A publication that accepts everything that any publication accepts. Only the topology determines its routing key
 * and its largest size.
 */
function anyPublication(name: string): PublicationRoute {
  const rule = { vhost: '', exchange: '', routingKey: '', parameters: [], headers: {}, message: { maxBytes: Infinity } }
  return new PublicationRoute({ ...rule, name, persistent: true, mandatory: true, confirm: true }, undefined)
}

/** The table stores headers as JSON, which has fewer types than AMQP. */
function checkHeaders(publication: string, headers: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue
    if (isKeptByJson(value)) continue
    throw wrong(
      publication,
      `the outbox cannot keep the header "${name}": use text, numbers, booleans, lists and objects`,
    )
  }
}

function isKeptByJson(value: unknown): boolean {
  try {
    const text: string | undefined = JSON.stringify(value)
    return text !== undefined && isDeepStrictEqual(JSON.parse(text), value)
  } catch {
    // The value is a bigint, or contains itself.
    return false
  }
}

function wrong(publication: string, what: string): PublishError {
  return new PublishError(`publication "${publication}": ${what}`, { outcome: 'invalid', publication })
}
