import { withCode } from '../../diagnostics/error-code.ts'
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readRegularFile } from '../../files/read-regular-file.ts'
import type { PayloadStore } from './payload-store.ts'

const REFERENCE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** The suffix of files that are being written. */
const UNFINISHED = '.part'

/** Stores payloads as files in a folder that producers and consumers share, such as a network drive. */
export class FilePayloadStore implements PayloadStore {
  readonly #folder: string

  /** @param folder the folder, which is created with the first payload */
  constructor(folder: string) {
    this.#folder = folder
  }

  async put(payload: Buffer): Promise<string> {
    const reference = randomUUID()
    const path = join(this.#folder, reference)
    await mkdir(this.#folder, { recursive: true })
    const file = await open(path + UNFINISHED, 'wx')
    try {
      await file.writeFile(payload)
      // The broker stores the message safely, so its payload has to be equally safe.
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(path + UNFINISHED, path)
    return reference
  }

  async get(reference: string, { signal }: { readonly signal: AbortSignal }): Promise<Buffer> {
    // The reference comes from a message that anyone may have published, so it must not lead out of the folder.
    if (!REFERENCE.test(reference))
      throw withCode('PAYLOAD_UNAVAILABLE', new Error('the reference does not belong to this store'))
    signal.throwIfAborted()
    return readRegularFile(join(this.#folder, reference), 'data')
  }

  /**
   * Deletes payloads that are older than `age`, and returns how many. Choose it longer than any message can wait.
   *
   * @param age in milliseconds
   */
  async removeOlderThan(age: number): Promise<number> {
    let removed = 0
    for (const name of await readdir(this.#folder)) {
      if (!REFERENCE.test(name.replace(UNFINISHED, ''))) continue
      const path = join(this.#folder, name)
      if (Date.now() - (await stat(path)).mtimeMs <= age) continue
      await unlink(path)
      removed++
    }
    return removed
  }
}
