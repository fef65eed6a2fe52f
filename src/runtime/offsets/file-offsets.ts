import { withCode } from '../../diagnostics/error-code.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'
import { replaceFile } from '../../files/replace-file.ts'
import type { OffsetStore } from './offset-store.ts'

/**
 * Keeps offsets in a JSON file, for a single process on one machine: it replaces the file with each write, and knows only its own
 * subscriptions.
 *
 * @param path the file, which is created by the first write; its folder has to exist
 */
export function fileOffsets(path: string): OffsetStore {
  let kept: Promise<Map<string, number>> | undefined
  /** The writes so far: one after the other, since each replaces the whole file. */
  let written: Promise<void> = Promise.resolve()

  async function read(): Promise<Map<string, number>> {
    // A failed read is repeated, so that it is not taken for an empty file.
    kept ??= readOffsets(path).catch((error: unknown) => {
      kept = undefined
      throw error
    })
    return kept
  }

  return {
    read: async (name) => (await read()).get(name),
    async write(name, next) {
      const offsets = await read()
      offsets.set(name, Math.max(next, offsets.get(name) ?? 0))
      const writing = written.then(() =>
        replaceFile(path, `${JSON.stringify(Object.fromEntries(offsets), undefined, 2)}\n`),
      )
      written = writing.catch(() => undefined)
      await writing
    },
  }
}

async function readOffsets(path: string): Promise<Map<string, number>> {
  let text: string
  try {
    text = (await readRegularFile(path, 'data')).toString('utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map()
    throw error
  }
  const value = parsed(text)
  if (value === undefined || Object.values(value).some((each) => !(Number.isSafeInteger(each) && Number(each) >= 0))) {
    const what = `${path} does not contain offsets: delete it to start again, or restore it`
    throw withCode('OFFSETS_UNAVAILABLE', new Error(what))
  }
  return new Map(Object.entries(value) as [string, number][])
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
