import { type MessageRule, type Publication, VERSION_HEADER } from '../../model/routes.ts'
import { encoderFor, JSON_TYPE } from '../payloads/body.ts'
import type { Encoded } from '../payloads/body.ts'
import type { MessageCheck } from '../routes/message-schema.ts'
import { HEADER_HINT, headerProblem } from './header-problem.ts'
import { nextMessageId } from './next-message-id.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import { PublishError, TOO_LARGE_HINT } from './publish-error.ts'
import type { PublishOptions } from './publish-options.ts'
import { routingKeyMaker } from './routing-key.ts'
import type { RoutingKeyMaker } from './routing-key.ts'
import { durationLabel, parseDuration } from '../../model/values/duration.ts'
import { compressBody } from '../../broker/amqp/messages/body-encoding.ts'
import { isReserved } from '../../broker/amqp/messages/warren-headers.ts'

/** The largest message of a publication without `maxBytes`: the default limit of RabbitMQ 4, in bytes. */
export const LARGEST_MESSAGE = 16 * 1024 * 1024

/** In milliseconds. The broker closes the channel for a larger value (rabbit_misc: check_expiry). */
const LONGEST_EXPIRATION = 2 ** 32 - 1

/** The protocol's limit for short texts such as ids, in bytes. */
const SHORT_TEXT = 255

const SHORT_PROPERTIES = ['contentType', 'correlationId', 'type', 'replyTo'] as const

/** A publication, prepared so that each message costs as little as possible. */
export class PublicationRoute {
  readonly publication: Publication
  readonly #label: string
  /**
   * The headers of every message; undefined if there are none, which is shorter in the protocol than an empty table.
   */
  readonly #headers: Publication['headers'] | undefined
  readonly #rule: MessageRule
  readonly #contentType: string
  readonly #maxBytes: number
  readonly #storeAbove: number
  readonly #routingKey: RoutingKeyMaker
  readonly #encode: (body: unknown) => Encoded
  readonly #check: MessageCheck | undefined

  /**
   * @param storeAbove the size above which a payload store receives the body, so no body is too large
   * @param label its name in errors
   */
  constructor(
    publication: Publication,
    check: MessageCheck | undefined,
    storeAbove?: number,
    label = `publication "${publication.name}"`,
  ) {
    this.publication = publication
    this.#label = label
    this.#headers = Object.keys(publication.headers).length > 0 ? publication.headers : undefined
    this.#rule = publication.message ?? {}
    this.#contentType = this.#rule.contentType ?? JSON_TYPE
    this.#maxBytes = this.#rule.maxBytes ?? LARGEST_MESSAGE
    this.#storeAbove = storeAbove === undefined ? Infinity : Math.min(storeAbove, this.#maxBytes)
    this.#routingKey = routingKeyMaker(publication)
    this.#encode = encoderFor(this.#contentType)
    this.#check = check
  }

  /** Builds the message, or throws a `PublishError` with the reason why it is invalid. */
  message(body: unknown, options: PublishOptions): OutgoingMessage {
    const messageId = options.messageId ?? nextMessageId()
    const key = this.#routingKey(options.parameters)
    if ('wrong' in key) throw this.#error('invalid', messageId, key.wrong)
    if (options.contentType !== undefined) this.#checkShort('contentType', options.contentType, messageId)
    const { contentType = this.#contentType } = options
    const encode = contentType === this.#contentType ? this.#encode : encoderFor(contentType)
    const encoded = encode(body)
    if ('wrong' in encoded) throw this.#error('invalid', messageId, encoded.wrong, bodyHint(contentType))
    const { content: plain } = encoded
    const { encoding } = this.#rule
    const content = encoding === undefined ? plain : compressBody(plain, encoding)
    const isForStore = content.length > this.#storeAbove
    if (plain.length > this.#maxBytes && !isForStore) {
      const text = `the message has ${plain.length} bytes, and ${this.#maxBytes} is the maximum`
      throw this.#error('tooLarge', messageId, text, TOO_LARGE_HINT)
    }
    this.#checkSchema(plain, messageId)

    return {
      route: this.publication.name,
      label: this.#label,
      messageId,
      routingKey: key.key,
      ...(options.delay !== undefined && { delayExchange: this.#delayExchange(options.delay, messageId) }),
      content,
      properties: this.#properties(messageId, options),
      isOnlyWithId: options.messageId === undefined,
      isForStore,
    }
  }

  #properties(messageId: string, options: PublishOptions): OutgoingMessage['properties'] {
    const { headers, mandatory, persistent } = this.publication
    const properties: OutgoingMessage['properties'] = {
      headers: options.headers ? { ...headers, ...options.headers } : this.#headers,
      mandatory,
      persistent,
      messageId,
      contentType: this.#contentType,
      timestamp: Math.floor(Date.now() / 1_000),
    }
    if (this.#rule.encoding !== undefined) properties.contentEncoding = this.#rule.encoding
    if (options.headers) this.#checkHeaders(options.headers, messageId)
    if (options.messageId !== undefined) this.#checkShort('messageId', options.messageId, messageId)
    for (const name of SHORT_PROPERTIES) {
      const text = options[name]
      if (text === undefined) continue
      this.#checkShort(name, text, messageId)
      properties[name] = text
    }
    const expiration = options.expiration ?? this.publication.expiration
    if (expiration !== undefined && options.delay !== undefined) {
      throw this.#error('invalid', messageId, 'a delayed message cannot have an expiration', EXPIRATION_HINT)
    }
    if (expiration !== undefined) {
      if (!(Number.isInteger(expiration) && expiration >= 0 && expiration <= LONGEST_EXPIRATION)) {
        const text = `the expiration must be whole milliseconds from 0 to ${LONGEST_EXPIRATION}, not ${expiration}`
        throw this.#error('invalid', messageId, text)
      }
      properties.expiration = expiration
    }
    const priority = options.priority ?? this.publication.priority
    if (priority !== undefined) {
      if (!(Number.isInteger(priority) && priority >= 0 && priority <= 255)) {
        throw this.#error('invalid', messageId, `the priority must be from 0 to 255, not ${priority}`)
      }
      properties.priority = priority
    }
    return properties
  }

  /** The exchange for a declared delay, which may be written in another unit. */
  #delayExchange(delay: string, messageId: string): string {
    const { delays = [] } = this.publication
    const milliseconds = typeof delay === 'string' ? parseDuration(delay) : undefined
    const declared = delays.find((each) => each.delay === milliseconds)
    if (declared !== undefined) return declared.exchange
    const known = delays.map((each) => durationLabel(each.delay)).join(', ')
    const what = `it declares no delay ${JSON.stringify(delay)}, and has ${known === '' ? 'none' : known}`
    throw this.#error('invalid', messageId, what, DELAY_HINT)
  }

  /** Checks the transmitted value, which may differ from the given one (`toJSON`, `undefined`). */
  #checkSchema(content: Buffer, messageId: string): void {
    if (!this.#check) return
    let written: unknown
    try {
      written = JSON.parse(content.toString('utf8'))
    } catch {
      throw this.#error('invalid', messageId, 'the body is not JSON, so it cannot match its schema')
    }
    const wrong = this.#check(written, content.length)
    if (wrong !== undefined) {
      const what = `the message does not match its schema: ${wrong}`
      throw this.#error('invalid', messageId, what, 'correct the message, or the schema that the publication declares')
    }
  }

  #checkHeaders(headers: Readonly<Record<string, unknown>>, messageId: string): void {
    const reserved = Object.keys(headers).find(
      (name) => isReserved(name) || (name === VERSION_HEADER && this.#rule.version !== undefined),
    )
    if (reserved !== undefined)
      throw this.#error('invalid', messageId, `the header "${reserved}" is not the program's to set`)
    for (const [name, value] of Object.entries(headers)) {
      const problem = headerProblem(value)
      if (problem !== undefined) throw this.#error('invalid', messageId, `the header "${name}" ${problem}`, HEADER_HINT)
    }
  }

  #checkShort(name: string, text: unknown, messageId: string): void {
    if (typeof text === 'string' && (text.length < SHORT_TEXT / 3 || Buffer.byteLength(text) <= SHORT_TEXT)) return
    throw this.#error('invalid', messageId, `${name} must be a string of at most ${SHORT_TEXT} bytes`)
  }

  #error(outcome: 'invalid' | 'tooLarge', messageId: string, what: string, hint?: string): PublishError {
    return new PublishError(`${this.#label}: ${what}`, { outcome, publication: this.publication.name, messageId, hint })
  }
}

const DELAY_HINT =
  'add it to delays of the publication, and apply: each delay needs its own queue, because RabbitMQ expires only the message at the head of a queue'
const EXPIRATION_HINT =
  'leave out one of the two: an earlier expiration would end the delay, and RabbitMQ removes the property when the delay ends'

function bodyHint(contentType: string): string {
  return (
    `the body is sent as ${contentType}; declare another with message.contentType of the publication, or give the ` +
    'contentType option: JSON takes any value, text a string, everything else a Buffer'
  )
}
