import { constants } from 'node:buffer'

/** How long a response may be, in bytes, unless told. */
export const DEFAULT_MAX_RESPONSE = 512_000_000
/** No more than Node.js can hold in one text. */
export const LARGEST_MAX_RESPONSE = constants.MAX_STRING_LENGTH

/** A response as far as it was read. */
export interface ReadBody {
  readonly text: string
  /** False when there was more than the limit; the rest is not read, and the connection is closed. */
  readonly complete: boolean
}

/** Reads a response in chunks, and no more of it than `limit` bytes. */
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
