import * as zlib from 'node:zlib'
import type { BodyEncoding } from '../../../model/routes.ts'

/** Node.js has Zstandard from 22.15 and 23.8 on; the types of older versions do not know it. */
const { zstdCompressSync, zstdDecompressSync } = zlib as Partial<{
  readonly zstdCompressSync: (content: Buffer) => Buffer
  readonly zstdDecompressSync: (content: Buffer, options: { readonly maxOutputLength: number }) => Buffer
}>

/** Whether this version of Node.js supports an encoding. */
export function isEncodingSupported(encoding: BodyEncoding): boolean {
  return encoding === 'gzip' || (zstdCompressSync !== undefined && zstdDecompressSync !== undefined)
}

/** The first version of Node.js that has Zstandard, for error messages. */
export const ZSTD_SINCE = '22.15'

export function compressBody(content: Buffer, encoding: BodyEncoding): Buffer {
  if (encoding === 'gzip') return zlib.gzipSync(content)
  if (zstdCompressSync === undefined) throw new Error(`zstd needs Node.js ${ZSTD_SINCE}`)
  return zstdCompressSync(content)
}

/** The largest body that is decompressed where no route limits it, in bytes. */
const LARGEST_BODY = 128 * 1024 * 1024

/** The bytes of a body without compression, or the reason why they cannot be read. */
export type Decompressed = { readonly content: Buffer } | { readonly wrong: string }

/**
 * Decompresses a body as its `content-encoding` says. A body without encoding is returned as it is, so that publishers
 * can begin to compress one by one.
 *
 * @param encoding the property of the message, which may have been set by any program
 * @param most the largest body to accept, in bytes: a few bytes can expand to gigabytes
 */
export function decompressBody(content: Buffer, encoding: unknown, most = LARGEST_BODY): Decompressed {
  const name = typeof encoding === 'string' ? encoding.toLowerCase() : ''
  if (name === '' || name === 'identity') return { content }
  try {
    if (name === 'gzip') return { content: zlib.gunzipSync(content, { maxOutputLength: most }) }
    if (name !== 'zstd') return { wrong: 'its content-encoding is neither gzip nor zstd' }
    if (zstdDecompressSync === undefined)
      return { wrong: `its content-encoding is zstd, which needs Node.js ${ZSTD_SINCE}` }
    return { content: zstdDecompressSync(content, { maxOutputLength: most }) }
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    return { wrong: isTooLarge ? `it has more than ${most} bytes when decompressed` : `the body is not ${name}` }
  }
}
