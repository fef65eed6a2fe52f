import { stat } from 'node:fs/promises'

/** Whether a path is a folder or something that can be read as a file; undefined if it does not exist. */
export async function kindOfPath(path: string): Promise<'folder' | 'file' | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found === undefined ? undefined : found.isDirectory() ? 'folder' : 'file'
}
