import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readEnvironment } from '../../../../src/cli/options/connection/environment.ts'

const before = process.cwd()
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/warren-env-`)
  process.chdir(folder)
})
afterEach(async () => {
  process.chdir(before)
  await rm(folder, { recursive: true })
})

describe('the file .env', () => {
  it('adds variables that the process does not have', async () => {
    await writeFile('.env', 'WARREN_FROM_FILE=one\n')

    expect(readEnvironment().environment['WARREN_FROM_FILE']).toBe('one')
  })

  it('is refused if its links form a cycle', async () => {
    await symlink('.env', '.env')

    expect(() => readEnvironment()).toThrow(
      expect.objectContaining({
        message: 'the file .env cannot be read: its links lead in a circle',
        code: 'INVALID_USAGE',
      }),
    )
  })

  it('is not read if a link to /dev/null disables it', async () => {
    await symlink('/dev/null', '.env')

    expect(readEnvironment().fileVariables?.size).toBe(0)
  })
})
