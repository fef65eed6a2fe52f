import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'

/** The maximum size of files, in bytes. Files that people write are smaller than exports of a broker or plans. */
export const LIMITS = {
  /** A secret, a certificate, a variables file, or a file that `${file:}` names. */
  value: 1_000_000,
  /** A topology file, a compiled topology, a message schema. */
  document: 100_000_000,
  /** The definitions of a broker, a saved plan, a payload. */
  data: 512_000_000,
} as const

export type FileLimit = keyof typeof LIMITS

/** Why the target of a path is not read. */
export class FileError extends Error {
  override readonly name = 'FileError'
  readonly code = 'UNREADABLE_FILE'
}

/** Does not wait for a writer of a pipe. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK
const CHUNK = 1_000_000

/**
 * Reads a file up to its limit, following links.
 *
 * @throws {FileError} when it is a folder, a device, a pipe or a socket, or too large
 */
export async function readRegularFile(path: string, limit: FileLimit): Promise<Buffer> {
  const file = await open(path, FLAGS)
  try {
    const chunks = new Chunks(await file.stat(), limit)
    for (let length = 1; length > 0;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunks.next), 0, chunks.next)
      chunks.add(buffer.subarray(0, bytesRead))
      length = bytesRead
    }
    return chunks.all()
  } finally {
    await file.close()
  }
}

/** The same, synchronously. */
export function readRegularFileSync(path: string, limit: FileLimit): Buffer {
  const file = openSync(path, FLAGS)
  try {
    const chunks = new Chunks(fstatSync(file), limit)
    for (let length = 1; length > 0;) {
      const buffer = Buffer.allocUnsafe(chunks.next)
      length = readSync(file, buffer, 0, buffer.length, null)
      chunks.add(buffer.subarray(0, length))
    }
    return chunks.all()
  } finally {
    closeSync(file)
  }
}

/** The content of a file, which may be larger than its reported size, like files in `/proc`. */
class Chunks {
  readonly #limit: FileLimit
  readonly #chunks: Buffer[] = []
  readonly #expected: number
  #size = 0

  constructor(stats: Stats, limit: FileLimit) {
    this.#limit = limit
    this.#expected = stats.size
    if (stats.isDirectory()) throw new FileError('it is a folder')
    if (!stats.isFile()) throw new FileError(`it is ${kindOf(stats)}: write its content into a file, and name that`)
    this.#check(stats.size)
  }

  /** The size of the next chunk. One byte more than expected detects the end of most files at once. */
  get next(): number {
    const rest = this.#expected - this.#size
    return rest < 0 ? CHUNK : Math.min(CHUNK, rest + 1)
  }

  add(chunk: Buffer): void {
    this.#size += chunk.length
    this.#check(this.#size)
    if (chunk.length > 0) this.#chunks.push(chunk)
  }

  all(): Buffer {
    return this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks)
  }

  #check(size: number): void {
    if (size <= LIMITS[this.#limit]) return
    const limit = LIMITS[this.#limit] / 1_000_000
    throw new FileError(`it is larger than ${limit} MB, the limit for such a file: check that it is the right one`)
  }
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return 'a pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}
