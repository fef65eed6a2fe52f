import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'

/** Only the owner may read it. */
const PRIVATE = 0o600

/**
 * Replaces a file. Even after a crash, it contains either its old content or all of the new: the text is written to a file next
 * to it, which is flushed to the disk and renamed.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    const file = await open(draft, 'wx', PRIVATE)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
