import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FilePayloadStore } from '../../../src/runtime/index.ts'

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'warren-payloads-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

const signal = new AbortController().signal

describe('FilePayloadStore', () => {
  it('returns the stored body, and leaves no unfinished files', async () => {
    const path = join(await folder(), 'new')
    const store = new FilePayloadStore(path)
    const reference = await store.put(Buffer.from('payload'))
    expect((await store.get(reference, { signal })).toString()).toBe('payload')
    expect(await readdir(path)).toEqual([reference])
  })

  it('reads nothing outside its folder', async () => {
    const path = await folder()
    await writeFile(join(path, 'secret'), 'x')
    const store = new FilePayloadStore(join(path, 'payloads'))
    for (const reference of ['../secret', '/etc/hostname', 'secret', '']) {
      await expect(store.get(reference, { signal })).rejects.toThrow('the reference does not belong to this store')
    }
  })

  it('removes only old payloads, and only its own', async () => {
    const path = await folder()
    const store = new FilePayloadStore(path)
    const [old, young] = [await store.put(Buffer.from('1')), await store.put(Buffer.from('2'))]
    await writeFile(join(path, 'notes.txt'), 'mine')
    const yesterday = new Date(Date.now() - 86_400_000)
    for (const name of [old, 'notes.txt']) await utimes(join(path, name), yesterday, yesterday)

    expect(await store.removeOlderThan(3_600_000)).toBe(1)
    expect(new Set(await readdir(path))).toEqual(new Set([young, 'notes.txt']))
  })
})
