import { randomUUID } from 'node:crypto'
import type { Publication } from '../model/routes.ts'
import { encoderFor, JSON_TYPE } from './body.ts'
import type { Encoded } from './body.ts'
import { CLAIM_CHECK } from './confirm-wire.ts'
import type { MessageCheck } from './message-schema.ts'
import type { OutgoingMessage } from './outgoing.ts'
import { PublishError } from './publish-error.ts'
import type { PublishOptions } from './publish-options.ts'
import { routingKeyMaker } from './routing-key.ts'
import type { RoutingKeyMaker } from './routing-key.ts'
import { isReserved } from './warren-headers.ts'

/** The largest message of a publication without `maxBytes`: what RabbitMQ 4 takes by default, in bytes. */
export const LARGEST_MESSAGE = 16 * 1024 * 1024

/** The protocol's limit for short texts such as ids, in bytes. */
const SHORT_TEXT = 255

/** A publication, prepared so that a message costs as little as possible. */
export class PublicationRoute {
  readonly publication: Publication
  readonly #label: string
  readonly #contentType: string
  readonly #maxBytes: number
  readonly #routingKey: RoutingKeyMaker
  readonly #encode: (body: unknown) => Encoded
  readonly #check: MessageCheck | undefined

  constructor(publication: Publication, check: MessageCheck | undefined) {
    this.publication = publication
    this.#label = `publication "${publication.name}"`
    this.#contentType = publication.message?.contentType ?? JSON_TYPE
    this.#maxBytes = publication.message?.maxBytes ?? LARGEST_MESSAGE
    this.#routingKey = routingKeyMaker(publication)
    this.#encode = encoderFor(this.#contentType)
    this.#check = check
  }

  /** Makes the message, or throws a `PublishError` that says what is wrong with it. */
  message(body: unknown, options: PublishOptions): OutgoingMessage {
    const messageId = options.messageId ?? randomUUID()
    const key = this.#routingKey(options.parameters)
    if ('wrong' in key) throw this.#error('invalid', messageId, key.wrong)
    const encoded = this.#encode(body)
    if ('wrong' in encoded) throw this.#error('invalid', messageId, encoded.wrong)
    const { content } = encoded
    if (content.length > this.#maxBytes) {
      const text = `the message has ${content.length} bytes, and ${this.#maxBytes} is the most`
      throw this.#error('tooLarge', messageId, text, CLAIM_CHECK)
    }
    this.#checkSchema(content, messageId)

    const { headers, mandatory, persistent } = this.publication
    const expiration = options.expiration ?? this.publication.expiration
    const priority = options.priority ?? this.publication.priority
    this.#checkOptions(options, messageId, expiration, priority)
    return {
      route: this.publication.name,
      label: this.#label,
      messageId,
      routingKey: key.key,
      content,
      properties: {
        headers: { ...headers, ...options.headers },
        mandatory,
        persistent,
        messageId,
        contentType: this.#contentType,
        timestamp: Math.floor(Date.now() / 1_000),
        ...(options.correlationId !== undefined && { correlationId: options.correlationId }),
        ...(options.type !== undefined && { type: options.type }),
        ...(options.replyTo !== undefined && { replyTo: options.replyTo }),
        ...(expiration !== undefined && { expiration }),
        ...(priority !== undefined && { priority }),
      },
    }
  }

  /** Checks what goes over the wire, which may differ from the value given (`toJSON`, `undefined`). */
  #checkSchema(content: Buffer, messageId: string): void {
    if (!this.#check) return
    let written: unknown
    try {
      written = JSON.parse(content.toString('utf8'))
    } catch {
      throw this.#error('invalid', messageId, 'the body is not JSON, which its schema is for')
    }
    const wrong = this.#check(written)
    if (wrong !== undefined) throw this.#error('invalid', messageId, `the message is not as its schema asks: ${wrong}`)
  }

  #checkOptions(
    options: PublishOptions,
    messageId: string,
    expiration: number | undefined,
    priority: number | undefined,
  ): void {
    const { headers } = options
    const reserved = headers && Object.keys(headers).find(isReserved)
    if (reserved !== undefined)
      throw this.#error('invalid', messageId, `the header "${reserved}" is not the program's to set`)
    if (expiration !== undefined && !(Number.isInteger(expiration) && expiration >= 0)) {
      throw this.#error('invalid', messageId, `the expiration must be whole milliseconds, not ${expiration}`)
    }
    if (priority !== undefined && !(Number.isInteger(priority) && priority >= 0 && priority <= 255)) {
      throw this.#error('invalid', messageId, `the priority must be from 0 to 255, not ${priority}`)
    }
    for (const name of ['messageId', 'correlationId', 'type', 'replyTo'] as const) {
      const text = options[name]
      if (text !== undefined && (typeof text !== 'string' || Buffer.byteLength(text) > SHORT_TEXT)) {
        throw this.#error('invalid', messageId, `${name} must be a text of at most ${SHORT_TEXT} bytes`)
      }
    }
  }

  #error(outcome: 'invalid' | 'tooLarge', messageId: string, what: string, hint?: string): PublishError {
    return new PublishError(`${this.#label}: ${what}`, { outcome, publication: this.publication.name, messageId, hint })
  }
}
