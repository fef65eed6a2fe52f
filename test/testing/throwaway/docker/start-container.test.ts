import { createServer } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  startBackgroundBroker,
  statusBackgroundBroker,
  stopBackgroundBroker,
} from '../../../../src/testing/throwaway/background-broker.ts'
import { startBroker } from '../../../../src/testing/throwaway/start-broker.ts'
import { removeContainer } from '../../../../src/testing/throwaway/docker/start-container.ts'
import { fakeDockerEngine, type FakeDockerEngine, MISSING_IMAGE, silentPort } from '../fake-docker-engine.ts'

let engine: FakeDockerEngine
let temporary: string
beforeAll(async () => {
  // Loading Testcontainers blocks this process, and so the fake engine, for longer than an engine may take to answer.
  await import('testcontainers')
  engine = await fakeDockerEngine((port, environment) =>
    port === '15672/tcp' ? managementApi(environment) : silentPort(),
  )
  // Testcontainers reads the environment of the process.
  vi.stubEnv('DOCKER_HOST', engine.host)
  // Testcontainers leaves a lock file behind.
  temporary = await mkdtemp(join(tmpdir(), 'warren-test-'))
  vi.stubEnv('TMPDIR', temporary)
  vi.stubEnv('TESTCONTAINERS_RYUK_DISABLED', 'true')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  engine.close()
  await rm(temporary, { recursive: true })
})

// The engine and the container are fakes, because there may be no engine. Testcontainers is real.
describe('a broker in a container', () => {
  it('is started if an engine answers, with a random login, and removed when stopped', async () => {
    const broker = await startBroker({ environment: { DOCKER_HOST: engine.host, RABBITMQ_VERSION: '4.0-management' } })

    expect(broker).toMatchObject({ origin: 'container', version: '4.0.5', username: 'warren' })
    expect(engine.running()).toEqual([
      {
        image: 'rabbitmq:4.0-management',
        environment: ['RABBITMQ_DEFAULT_USER=warren', `RABBITMQ_DEFAULT_PASS=${broker.password}`],
      },
    ])

    await broker.stop()
    await broker.stop()

    expect(engine.running()).toEqual([])
  })

  it('outlives its starter in the background, until it is stopped', async () => {
    const project = await mkdtemp(join(tmpdir(), 'warren-test-'))
    onTestFinished(() => rm(project, { recursive: true }))

    const { broker, started } = await startBackgroundBroker({ project, environment: { DOCKER_HOST: engine.host } })

    expect(started).toBe(true)
    expect(engine.running().map(({ image }) => image)).toEqual(['rabbitmq:4-management'])
    expect(await statusBackgroundBroker({ project })).toEqual(broker)

    await stopBackgroundBroker({ project })

    expect(engine.running()).toEqual([])
    expect(await statusBackgroundBroker({ project })).toBeUndefined()
  })

  it('whose image is not available is an error that names the alternatives', async () => {
    const environment = { DOCKER_HOST: engine.host, RABBITMQ_VERSION: MISSING_IMAGE }

    await expect(startBroker({ origins: ['container'], environment })).rejects.toThrow(
      expect.objectContaining({
        code: 'BROKER_NOT_STARTED',
        message: expect.stringMatching(/^There is no RabbitMQ to start: the container did not start: /) as string,
        hint: expect.stringMatching(/start Docker.*apt-get install.*npm run setup.*WARREN_URL/) as string,
      }),
    )
    expect(engine.running()).toEqual([])
  })

  it('is not removed if warren did not start it', async () => {
    const engineHas = async (labels: object) => {
      const create = { method: 'POST', body: JSON.stringify({ Image: 'postgres', Labels: labels }) }
      const response = await fetch(`${engine.host.replace('tcp', 'http')}/containers/create`, create)
      const { Id } = (await response.json()) as { Id: string }
      await fetch(`${engine.host.replace('tcp', 'http')}/containers/${Id}/start`, { method: 'POST' })
      return Id
    }
    const theirs = await engineHas({ purpose: 'theirs' })

    await removeContainer(theirs)

    expect(engine.running().map(({ image }) => image)).toEqual(['postgres'])
  })
})

/** Like RabbitMQ's image, it uses the login in the environment of the container. */
function managementApi(environment: readonly string[]) {
  const login = ['USER', 'PASS'].map(
    (name) => environment.find((each) => each.startsWith(`RABBITMQ_DEFAULT_${name}=`))?.split('=')[1],
  )
  const authorization = `Basic ${Buffer.from(login.join(':')).toString('base64')}`
  return createServer((request, response) => {
    const allowed = request.url === '/' || request.headers.authorization === authorization
    response
      .writeHead(allowed ? 200 : 401)
      .end(JSON.stringify({ rabbitmq_version: '4.0.5', listeners: [{ protocol: 'amqp' }] }))
  })
}
