import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connectionEnvironment } from '../../src/runtime/connection-environment.ts'

/** Makes a folder the current one, as far as relative paths are concerned. */
async function inFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-env-'))
  const before = process.cwd()
  process.chdir(folder)
  onTestFinished(async () => {
    process.chdir(before)
    await rm(folder, { recursive: true })
  })
  return folder
}

describe('connectionEnvironment', () => {
  it('reads .env of the current folder; what the process has wins', async () => {
    const folder = await inFolder()
    await writeFile(join(folder, '.env'), 'WARREN_AMQP_URL=amqp://file\nRABBITMQ_HOST="mq" # the host\n')

    expect(connectionEnvironment({})).toEqual({ WARREN_AMQP_URL: 'amqp://file', RABBITMQ_HOST: 'mq' })
    expect(connectionEnvironment({ WARREN_AMQP_URL: 'amqp://process' })).toEqual({
      WARREN_AMQP_URL: 'amqp://process',
      RABBITMQ_HOST: 'mq',
    })
  })

  it('does without one', async () => {
    const folder = await inFolder()
    expect(connectionEnvironment({ A: 'b' })).toEqual({ A: 'b' })
    await mkdir(join(folder, '.env'))
    expect(connectionEnvironment({ A: 'b' })).toEqual({ A: 'b' })
  })
})
