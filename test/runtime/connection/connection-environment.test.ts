import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connectionEnvironment } from '../../../src/runtime/connection/connection-environment.ts'

/** Makes a folder the current one for relative paths. */
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
  it('reads .env of the current folder, with precedence for variables of the process', async () => {
    const folder = await inFolder()
    await writeFile(join(folder, '.env'), 'WARREN_AMQP_URL=amqp://file\nRABBITMQ_HOST="mq" # the host\n')

    expect(connectionEnvironment({})).toEqual({ WARREN_AMQP_URL: 'amqp://file', RABBITMQ_HOST: 'mq' })
    expect(connectionEnvironment({ WARREN_AMQP_URL: 'amqp://process' })).toEqual({ WARREN_AMQP_URL: 'amqp://process' })
    expect(connectionEnvironment({ AMQP_URL: 'amqp://process' })).toEqual({ AMQP_URL: 'amqp://process' })
  })

  it.each([
    ['RABBITMQ_HOST=evil', { RABBITMQ_USER: 'deploy', RABBITMQ_PASSWORD: 's3cret' }],
    ['RABBITMQ_PORT=5673', { RABBITMQ_PASSWORD_FILE: '/run/secrets/mq' }],
    ['RABBITMQ_USER=file\nRABBITMQ_PASSWORD=s3cret', { RABBITMQ_HOST: 'mq' }],
    ['RABBITMQ_PASSWORD=s3cret', { RABBITMQ_USER: 'deploy' }],
  ])(
    'refuses the address and the login of one broker from two sources: %j in .env and %j',
    async (text, environment) => {
      await writeFile(join(await inFolder(), '.env'), text)

      expect(() => connectionEnvironment(environment)).toThrow(
        expect.objectContaining({
          code: 'INVALID_CONNECTION',
          message: expect.stringMatching(
            /^RABBITMQ_\w+( and RABBITMQ_\w+)? comes? from the file \.env, and RABBITMQ_\w+( and RABBITMQ_\w+)? from outside of it: URLs and login must come from one source/,
          ) as string,
        }),
      )
      expect(() => connectionEnvironment(environment)).not.toThrow(/s3cret/)
    },
  )

  it('accepts a URL of .env together with a login of the process, which is not sent to it', async () => {
    await writeFile(join(await inFolder(), '.env'), 'WARREN_AMQP_URL=amqp://app:word@file')
    const login = { RABBITMQ_USER: 'deploy', RABBITMQ_PASSWORD: 's3cret' }

    expect(connectionEnvironment(login)).toEqual({ WARREN_AMQP_URL: 'amqp://app:word@file', ...login })
  })

  it('needs no file .env', async () => {
    const folder = await inFolder()
    expect(connectionEnvironment({ A: 'b' })).toEqual({ A: 'b' })
    await mkdir(join(folder, '.env'))
    expect(connectionEnvironment({ A: 'b' })).toEqual({ A: 'b' })
  })
})
