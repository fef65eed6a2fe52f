import { errorMessage } from '../../diagnostics/thrown.ts'
import { isUtf8 } from 'node:buffer'

export const JSON_TYPE = 'application/json'

/** How a content type is written to and read from bytes. */
type Format = 'json' | 'text' | 'bytes'

const CHARSET = /;\s*charset\s*=\s*"?([^;"\s]+)/i

function formatOf(contentType: string): Format {
  // The fast path for nearly all messages; the code below would be a noticeable part of their cost.
  if (contentType === JSON_TYPE) return 'json'
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()
  if (type === JSON_TYPE || type.endsWith('+json')) return 'json'
  if (!type.startsWith('text/')) return 'bytes'
  const charset = (CHARSET.exec(contentType)?.[1] ?? 'utf-8').toLowerCase()
  return charset === 'utf-8' || charset === 'utf8' || charset === 'us-ascii' ? 'text' : 'bytes'
}

/** A body as bytes, or the reason why it is invalid. */
export type Encoded = { readonly content: Buffer } | { readonly wrong: string }

/**
 * Creates the encoder of a content type. It copies bytes, because the message may have to wait, and checks that they
 * match the content type. For JSON it accepts every JSON value; a string becomes a JSON string.
 */
export function encoderFor(contentType: string): (body: unknown) => Encoded {
  const format = formatOf(contentType)
  return (body) => {
    if (body instanceof Uint8Array) {
      const content = Buffer.from(body)
      const decoded = decodeBody(content, contentType)
      return 'wrong' in decoded ? decoded : { content }
    }
    if (format === 'json') return encodeJson(body)
    if (typeof body === 'string') return { content: Buffer.from(body, 'utf8') }
    return { wrong: `a body of type ${contentType} must be a ${format === 'text' ? 'string' : 'Buffer or string'}` }
  }
}

/** Whether JSON would silently write `{}` or a list of numbers for the value. */
function isLostInJson(body: unknown): body is object {
  return (
    body instanceof Promise ||
    body instanceof Map ||
    body instanceof Set ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body)
  )
}

function encodeJson(body: unknown): Encoded {
  if (isLostInJson(body)) return { wrong: `the body is of type ${body.constructor.name}, which JSON cannot represent` }
  try {
    const text = JSON.stringify(body)
    return text === undefined
      ? { wrong: `the body is ${typeof body}, which JSON cannot represent` }
      : { content: Buffer.from(text, 'utf8') }
  } catch (error) {
    return { wrong: `the body cannot be written as JSON: ${errorMessage(error)}` }
  }
}

/** A decoded body, or the reason why it is invalid. */
export type Decoded = { readonly body: unknown } | { readonly wrong: string }

/** Reads a body: JSON as a value, text as a string, everything else as the bytes themselves. */
export function decodeBody(content: Buffer, contentType: string): Decoded {
  const format = formatOf(contentType)
  if (format === 'bytes') return { body: content }
  if (!isUtf8(content)) return { wrong: `the body is not UTF-8, which ${contentType} requires` }
  const text = content.toString('utf8')
  if (format === 'text') return { body: text }
  try {
    return { body: JSON.parse(text) as unknown }
  } catch {
    // The error of the parser contains the body, which must not be logged.
    return { wrong: content.length === 0 ? 'the body is empty, which is not JSON' : 'the body is not JSON' }
  }
}
