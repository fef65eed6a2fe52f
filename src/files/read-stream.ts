import { FileError, type FileLimit, LIMITS } from './read-regular-file.ts'

/**
 * Reads a stream such as standard input to its end, up to the limit.
 *
 * @throws {FileError} when it is too large
 */
export async function readStream(stream: AsyncIterable<Uint8Array>, limit: FileLimit): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > LIMITS[limit]) {
      throw new FileError(`it is larger than ${LIMITS[limit] / 1_000_000} MB, the limit`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
