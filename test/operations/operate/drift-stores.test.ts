import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { NO_DRIFT, observe } from '../../../src/operate/drift/drift-state.ts'
import { fileStore } from '../../../src/operations/operate/drift-stores.ts'

const SHOP = { project: 'shop', environment: 'prod' }
const { state: DRIFTED } = observe(NO_DRIFT, SHOP, {
  drifts: [{ address: 'queue:%2F/bills', kind: 'queue', action: 'create', differences: [], fingerprint: 'a1' }],
  now: 0,
  webhooks: ['hook'],
})

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'warren-state-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

describe('fileStore', () => {
  it('keeps the state of each project over a restart, and leaves no other file', async () => {
    const at = await folder()
    const store = await fileStore(join(at, 'state.json'))
    await Promise.all([store.save(SHOP, DRIFTED), store.save({ project: 'mail' }, NO_DRIFT)])

    const again = await fileStore(join(at, 'state.json'))
    expect(await again.load(SHOP)).toEqual(DRIFTED)
    expect(await again.load({ project: 'mail' })).toEqual(NO_DRIFT)
    expect(await again.load({ project: 'new' })).toEqual(NO_DRIFT)
    expect(await readdir(at)).toEqual(['state.json'])
  })

  it('keeps the last of several states that are saved at once', async () => {
    const at = await folder()
    const store = await fileStore(join(at, 'state.json'))

    await Promise.all([...Array.from({ length: 20 }, () => store.save(SHOP, NO_DRIFT)), store.save(SHOP, DRIFTED)])

    expect(await (await fileStore(join(at, 'state.json'))).load(SHOP)).toEqual(DRIFTED)
  })

  it.each(['', '{', '[]', '{"format":1,"states":{"/shop":{"format":2}}}'])(
    'refuses a file that is not a state, and does not overwrite it: %j',
    async (text) => {
      const path = join(await folder(), 'state.json')
      await writeFile(path, text)

      await expect(fileStore(path)).rejects.toMatchObject({ code: 'DAMAGED_RECORD' })
      expect(await readFile(path, 'utf8')).toBe(text)
    },
  )

  it('reports a folder that it cannot write to', async () => {
    const store = await fileStore(join(await folder(), 'missing', 'state.json'))

    await expect(store.save(SHOP, DRIFTED)).rejects.toMatchObject({ code: 'INVALID_USAGE' })
  })
})
