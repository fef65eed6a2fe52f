import { decompressBody } from '../../broker/amqp/messages/body-encoding.ts'
import { decodeBody, JSON_TYPE } from '../../runtime/payloads/body.ts'
import type { OutgoingMessage } from '../../runtime/publish/outgoing-message.ts'

/**
 * The body of a recorded message as a consumer decodes it, or its bytes if they cannot be decoded.
 *
 * @param declared the content type that the subscription declares
 */
export function decodedContent({ content, properties }: OutgoingMessage, declared?: string): unknown {
  const plain = decompressBody(content, properties.contentEncoding)
  if ('wrong' in plain) return content
  const own: unknown = properties.contentType
  const decoded = decodeBody(plain.content, declared ?? (typeof own === 'string' ? own : JSON_TYPE))
  return 'body' in decoded ? decoded.body : content
}
