import { constants } from 'node:buffer'

/** The default limit of a response, in bytes. */
export const DEFAULT_MAX_RESPONSE = 512_000_000
/** The longest text that Node.js supports. */
export const LARGEST_MAX_RESPONSE = constants.MAX_STRING_LENGTH

/** A response, complete or up to the limit. */
export interface ReadBody {
  readonly text: string
  /** False if it exceeded the limit; the rest is not read, and the connection is closed. */
  readonly complete: boolean
}

/** Reads a response in chunks, up to `limit` bytes. */
export async function readBody(body: AsyncIterable<Buffer>, limit: number): Promise<ReadBody> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    const room = limit - size
    chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk)
    size += Math.min(chunk.length, room)
    if (chunk.length > room) return { text: Buffer.concat(chunks).toString('utf8'), complete: false }
  }
  return { text: Buffer.concat(chunks).toString('utf8'), complete: true }
}

/** The value of a response, or the reason why warren does not use it. */
export type ParsedAnswer = { readonly value: unknown } | { readonly problem: string }

/**
 * Parses a response, and finds values that JSON allows but no broker contains: names with half a character, which
 * cannot be sent in a path, and numbers above all limits, which would be sent as null.
 *
 * @returns undefined if it is not JSON
 */
export function parseAnswer(text: string): ParsedAnswer | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const problem = MAY_HOLD.test(text) ? problemIn(value) : undefined
  return problem === undefined ? { value } : { problem }
}

/**
 * A string without these cannot contain such values: an escaped surrogate, an exponent of three digits, or very many
 * digits.
 */
const MAY_HOLD = /\\u[dD][89a-fA-F]|\d[eE]\+?0*\d{3}|\d{309}/
const SURROGATE = /\p{Surrogate}/u

function problemIn(answer: unknown): string | undefined {
  // Uses an explicit stack, because a response may be nested deeper than the call stack allows.
  const left: unknown[] = [answer]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === 'number' && !Number.isFinite(value)) return 'a number beyond all limits'
    if (typeof value === 'string' && SURROGATE.test(value)) return HALF
    if (typeof value !== 'object' || value === null) continue
    for (const [key, each] of Object.entries(value)) {
      if (SURROGATE.test(key)) return HALF
      left.push(each)
    }
  }
  return undefined
}

const HALF = 'a string with half a character (an unpaired surrogate)'
