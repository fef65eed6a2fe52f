import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeFileError } from '../../src/files/describe-file-error.ts'
import { LIMITS, readRegularFile, readRegularFileSync } from '../../src/files/read-regular-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warren-files-'))
  await writeFile(join(folder, 'file'), 'content')
  await writeFile(join(folder, 'empty'), '')
  await symlink('file', join(folder, 'link'))
  await symlink('loop', join(folder, 'loop'))
  execFileSync('mkfifo', [join(folder, 'pipe')])
  await writeFile(join(folder, 'exact'), Buffer.alloc(LIMITS.value))
  await writeFile(join(folder, 'large'), '')
  await truncate(join(folder, 'large'), LIMITS.document + 1)
})
afterAll(() => rm(folder, { recursive: true }))

const READERS = {
  'waited for': (name: string) => readRegularFile(join(folder, name), 'value'),
  'read at once': async (name: string) => Promise.resolve(readRegularFileSync(join(folder, name), 'value')),
}

describe.each(Object.entries(READERS))('a file that is %s', (_how, read) => {
  it.each([
    ['file', 7],
    ['link', 7],
    ['empty', 0],
    ['exact', LIMITS.value],
  ])('is read to its end: %s', async (name, length) => {
    expect(await read(name)).toHaveLength(length)
  })

  it.each([
    ['.', 'it is a folder'],
    ['pipe', 'it is a pipe: write its content into a file, and name that'],
    ['/dev/zero', 'it is a device: write its content into a file, and name that'],
    ['loop', 'its links lead in a circle'],
    ['missing', 'there is no such file'],
    ['large', 'it is larger than 1 MB, the limit for such a file: check that it is the right one'],
  ])('is refused with the reason: %s', async (name, reason) => {
    const path = name.startsWith('/') ? `../../../../../../..${name}` : name
    const error: unknown = await read(path).catch((each: unknown) => each)

    expect(describeFileError(error)).toBe(reason)
  })

  it('may be larger than its size, like files of the system', async () => {
    expect((await read('../../../../../../../proc/self/status')).toString()).toContain('Name:')
  })
})
