import { withCode } from '../../diagnostics/error-code.ts'
import { asError } from '../../diagnostics/thrown.ts'
import type { Delivery } from '../consume/delivery.ts'
import type { OutgoingMessage } from '../publish/outgoing-message.ts'
import type { PayloadOptions, PayloadStore } from './payload-store.ts'
import { PublishError } from '../publish/publish-error.ts'
import { PAYLOAD_HEADER, textHeader } from '../../broker/amqp/messages/warren-headers.ts'

const DEFAULT_ABOVE = 1024 * 1024
/** How long a store may take to find a payload, in milliseconds. */
const FETCH_TIMEOUT = 60_000
/** All headers have to fit into one frame, which may have only 4 KiB. */
const LONGEST_REFERENCE = 1_000
const NOTHING = Buffer.alloc(0)

/** Replaces large payloads by references, and fetches them again. */
export class PayloadOffload {
  /** The largest body that is sent through the broker, in bytes. */
  readonly above: number
  readonly #store: PayloadStore

  constructor({ store, above = DEFAULT_ABOVE }: PayloadOptions) {
    if (!(Number.isInteger(above) && above >= 0)) {
      throw withCode(
        'INVALID_OPTION',
        new RangeError(`payloads.above must be a whole number of bytes, not ${String(above)}`),
      )
    }
    this.#store = store
    this.above = above
  }

  /** Stores the payload, and resolves with the message that is sent instead. */
  async store(message: OutgoingMessage): Promise<OutgoingMessage> {
    const { route, messageId, label, content, properties } = message
    const contentType: unknown = properties.contentType
    const about = {
      publication: route,
      messageId,
      contentType: typeof contentType === 'string' ? contentType : undefined,
    }
    try {
      const reference = await this.#store.put(content, about)
      if (typeof reference !== 'string' || reference === '' || Buffer.byteLength(reference) > LONGEST_REFERENCE) {
        throw withCode(
          'PAYLOAD_UNAVAILABLE',
          new TypeError(`the reference must be a string of at most ${LONGEST_REFERENCE} bytes`),
        )
      }
      const headers = { ...properties.headers, [PAYLOAD_HEADER]: reference }
      return { ...message, content: NOTHING, properties: { ...properties, headers } }
    } catch (error) {
      throw new PublishError(`${label}: the store did not keep its payload of ${content.length} bytes`, {
        outcome: 'refused',
        publication: route,
        messageId,
        hint: 'nothing was published; look at the cause',
        cause: error,
      })
    }
  }

  /** Fetches the payload of a delivery. */
  async load(delivery: Delivery, reference: string): Promise<void> {
    const signal = AbortSignal.any([AbortSignal.timeout(FETCH_TIMEOUT), delivery.session.over])
    // A store may ignore the signal, but the message must not wait for it.
    const given = await Promise.race([this.#store.get(reference, { signal }), rejectedBy(signal)])
    delivery.payload = Buffer.from(given)
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(asError(signal.reason))
    signal.addEventListener('abort', () => reject(asError(signal.reason)), { once: true })
  })
}

/** The reference in a message without its payload. */
export function payloadReferenceOf({ message }: Delivery): string | undefined {
  return textHeader(message.properties.headers, PAYLOAD_HEADER, LONGEST_REFERENCE)
}
