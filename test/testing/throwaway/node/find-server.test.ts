import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findServer } from '../../../../src/testing/throwaway/node/find-server.ts'

describe('findServer', () => {
  it('prefers the installation that RABBITMQ_HOME names', async () => {
    const home = await freshFolder()
    await program(join(home, 'sbin/rabbitmq-server'))
    await program(join(home, 'bin/epmd'))

    const server = await findServer({ RABBITMQ_HOME: home, PATH: join(home, 'bin') })

    expect(server?.script).toBe(join(home, 'sbin/rabbitmq-server'))
    expect(server?.epmd).toBe(join(home, 'bin/epmd'))
    expect(server?.path.split(':')).toEqual(
      expect.arrayContaining([join(home, 'bin'), '/usr/sbin', '/opt/homebrew/sbin']),
    )
  })

  it('does not use a script that changes to another user, or one that is not executable', async () => {
    const home = await freshFolder()
    await program(join(home, 'sbin/rabbitmq-script-wrapper'))
    await symlink(join(home, 'sbin/rabbitmq-script-wrapper'), join(home, 'sbin/rabbitmq-server'))
    await writeFile(join(home, 'rabbitmq-server'), '')

    const server = await findServer({ RABBITMQ_HOME: home, PATH: home })

    expect(server?.script.startsWith(home) ?? false).toBe(false)
  })
})

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

async function program(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, '#!/bin/sh\n', { mode: 0o755 })
}
