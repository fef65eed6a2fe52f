import type { StandardSchemaV1 } from '@standard-schema/spec'
import { decompressBody } from '../../../broker/amqp/messages/body-encoding.ts'
import type { MessageRule } from '../../../model/routes.ts'
import { decodeBody, JSON_TYPE } from '../../payloads/body.ts'
import type { Decoded } from '../../payloads/body.ts'
import type { Delivery } from '../delivery.ts'
import type { MessageCheck } from '../../routes/message-schema.ts'
import { parseBody } from '../../routes/standard-schema.ts'
import type { VersionReader } from './message-versions.ts'

/** The parts of a delivery, or of a reply, that are read. */
interface ReceivedMessage extends Pick<Delivery, 'content'> {
  readonly message: Pick<Delivery['message'], 'properties'>
}

/** How bodies of older versions are read. */
interface ReadVersions {
  /** Absent: every version is read as it is. */
  readonly toCurrent?: VersionReader | undefined
  /** The checks of accepted older versions, by version. */
  readonly olderChecks?: ReadonlyMap<string, MessageCheck> | undefined
}

/** Reads and checks the bodies of one subscription. */
export class MessageReader {
  readonly #rule: MessageRule
  readonly #check: MessageCheck | undefined
  readonly #schema: StandardSchemaV1 | undefined
  readonly #versions: ReadVersions

  constructor(
    rule: MessageRule | undefined,
    check: MessageCheck | undefined,
    schema?: StandardSchemaV1,
    versions: ReadVersions = {},
  ) {
    this.#schema = schema
    this.#versions = versions
    this.#rule = rule ?? {}
    this.#check = check
  }

  /** The declared content type takes precedence over that of the message, which other programs often omit. */
  read({ content, message: { properties } }: ReceivedMessage): Decoded {
    const { contentType, encoding, maxBytes } = this.#rule
    // Without an encoding, bodies are read as they are, whatever other programs say about theirs.
    const plain = encoding === undefined ? { content } : decompressBody(content, properties.contentEncoding, maxBytes)
    if ('wrong' in plain) return plain
    const own: unknown = properties.contentType
    const received = decodeBody(plain.content, contentType ?? (typeof own === 'string' ? own : JSON_TYPE))
    if ('wrong' in received) return received
    // The schema describes the current version, so older ones are converted before the check.
    const { toCurrent, olderChecks } = this.#versions
    const bytes = plain.content.length
    const decoded =
      toCurrent?.(received.body, properties.headers ?? {}, (version, body) =>
        olderChecks?.get(String(version))?.(body, bytes),
      ) ?? received
    if ('wrong' in decoded) return decoded
    const wrong = this.#check?.(decoded.body, bytes)
    if (wrong !== undefined) return { wrong: `${NOT_AS_ASKED}: ${wrong}` }
    if (!this.#schema) return decoded
    const parsed = parseBody(this.#schema, decoded.body)
    return 'wrong' in parsed ? { wrong: `${NOT_AS_ASKED}: ${parsed.wrong}` } : parsed
  }
}

const NOT_AS_ASKED = 'the message does not match its schema'

/** The text that `idempotencyKey` points to: the id of the message, or a property of its body as a dotted path. */
export function idempotencyKeyOf(path: string | undefined, delivery: Delivery, body: unknown): string | undefined {
  if (path === undefined) return undefined
  if (path === 'messageId') return delivery.messageId
  let value = body
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
