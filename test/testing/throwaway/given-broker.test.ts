import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { givenBroker } from '../../../src/testing/throwaway/given-broker.ts'
import { startBroker } from '../../../src/testing/throwaway/start-broker.ts'

describe('givenBroker', () => {
  it('is undefined when the environment names none', async () => {
    expect(await givenBroker({ WARREN_URL: '', RABBITMQ_USER: 'me' })).toBeUndefined()
  })

  it('takes the login from the URL, and keeps it out of the URL', async () => {
    const { port, requests } = await managementApi()
    const environment = {
      WARREN_URL: `http://us%40er:pass%2Fword@127.0.0.1:${port}/`,
      WARREN_AMQP_URL: 'amqp://mq.example:5673/',
    }

    const broker = await startBroker({ environment })
    await broker.stop()

    expect(broker).toMatchObject({
      managementUrl: `http://127.0.0.1:${port}`,
      amqpUrl: 'amqp://mq.example:5673',
      username: 'us@er',
      password: 'pass/word',
      version: '4.0.5',
      origin: 'given',
    })
    expect(requests).toEqual([{ url: '/api/overview', login: 'us@er:pass/word' }])
  })

  it('derives the AMQP URL from the management URL, with the login of the environment', async () => {
    const { port } = await managementApi()

    const broker = await givenBroker({
      WARREN_URL: `http://127.0.0.1:${port}`,
      RABBITMQ_USER: 'me',
      RABBITMQ_PASSWORD: 'secret',
    })

    expect(broker).toMatchObject({ amqpUrl: 'amqp://127.0.0.1:5672', username: 'me', password: 'secret' })
  })

  it('reports a refused login, without the password', async () => {
    const { port } = await managementApi(401)

    await expect(givenBroker({ WARREN_URL: `http://me:hidden@127.0.0.1:${port}` })).rejects.toThrow(
      expect.objectContaining({
        code: 'ACCESS_REFUSED',
        message: `The broker at http://127.0.0.1:${port} cannot be used: the management API answered 401`,
        hint: 'check the login (me), which needs the tag administrator',
      }),
    )
  })

  it.each(['me:hidden@somewhere:port', 'http://me:hidden@mq.example', 'hidden', 'amqp://'])(
    'refuses %s for AMQP, without repeating it',
    async (url) => {
      await expect(givenBroker({ WARREN_AMQP_URL: url })).rejects.toThrow(
        expect.objectContaining({
          code: 'INVALID_CONNECTION',
          message: 'WARREN_AMQP_URL is not a URL of amqp: or amqps:',
        }),
      )
    },
  )
})

/** A management API with only the overview. */
async function managementApi(status = 200) {
  const requests: { url: string | undefined; login: string }[] = []
  const server = createServer((request, response) => {
    requests.push({ url: request.url, login: loginOf(request) })
    response.writeHead(status).end(JSON.stringify({ rabbitmq_version: '4.0.5', listeners: [] }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, requests }
}

function loginOf({ headers }: IncomingMessage): string {
  return Buffer.from((headers.authorization ?? '').replace('Basic ', ''), 'base64').toString()
}
