import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findConfig } from '../../../src/desired/workspace/find-config.ts'

const before = process.cwd()
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warren-config-'))
  await mkdir(join(folder, 'repository/.git'), { recursive: true })
  await mkdir(join(folder, 'repository/billing/queues'), { recursive: true })
  process.chdir(join(folder, 'repository/billing/queues'))
})
afterEach(async () => {
  process.chdir(before)
  await rm(folder, { recursive: true })
})

const add = (path: string) => writeFile(join(folder, path), 'warrenConfig: 1\n')

describe('the search for warren.config.yaml', () => {
  it('goes up from the working directory to the folder that holds .git', async () => {
    await add('repository/warren.config.yaml')

    expect(await findConfig(undefined)).toBe('../../warren.config.yaml')
  })

  it('takes the nearest', async () => {
    await add('repository/warren.config.yaml')
    await add('repository/billing/queues/warren.config.yaml')

    expect(await findConfig(undefined)).toBe('warren.config.yaml')
  })

  it('ends at the folder that holds .git', async () => {
    await add('warren.config.yaml')

    expect(await findConfig(undefined)).toBeUndefined()
  })

  it('refuses a file that belongs to another user', async () => {
    await add('repository/warren.config.yaml')
    const own = process.getuid?.() ?? 0

    expect(await findConfig(own)).toBe('../../warren.config.yaml')
    await expect(findConfig(own + 1)).rejects.toMatchObject({
      code: 'INVALID_USAGE',
      message:
        '../../warren.config.yaml belongs to another user, who could use it to send your login to another broker',
    })
  })
})
