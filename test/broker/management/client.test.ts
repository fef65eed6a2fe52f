import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ManagementClient } from '../../../src/broker/management/client.ts'
import type { ManagementConnection } from '../../../src/broker/management/connection.ts'
import { apiPath } from '../../../src/broker/management/path.ts'
import { anything } from '../../../src/broker/management/answers/shape.ts'
import { waitForBroker } from '../../../src/broker/management/wait-for-broker.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'

/** Faults of the transport, which a real broker does not produce on demand. */

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

async function clientOf(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: Partial<ManagementConnection> = {},
): Promise<ManagementClient> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = new ManagementClient({
    url: `http://127.0.0.1:${port}`,
    user: 'me',
    password: new Secret('p:w/ü'),
    ...options,
  })
  closers.push(async () => {
    await client.close().catch(() => undefined)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return client
}

describe('ManagementClient', () => {
  it('passes a response that was read ahead to the first reader, and sends a new request for the next', async () => {
    let asked = 0
    const client = await clientOf((_request, response) => response.end(JSON.stringify((asked += 1))))

    client.readAhead('/api/queues')

    expect(await client.get('/api/queues', anything)).toBe(1)
    expect(await client.get('/api/queues', anything)).toBe(2)
  })

  it('reports the error to the next reader when a read ahead got no answer', async () => {
    let asked = 0
    const client = await clientOf((_request, response) => {
      asked += 1
      if (asked === 1) response.destroy()
      else response.writeHead(401).end(JSON.stringify({ error: 'not_authorized', reason: 'Login failed' }))
    })

    client.readAhead('/api/queues')

    await expect(client.get('/api/queues', anything)).rejects.toMatchObject({ status: 401 })
    expect(asked).toBe(2)
  })

  it('does not wait for an unused response when it closes', async () => {
    const client = await clientOf(() => undefined, { timeout: 60_000 })
    client.readAhead('/api/queues')

    await expect(client.close()).resolves.toBeUndefined()
  })

  it('keeps every name in its own segment of the path', async () => {
    const seen: (string | undefined)[] = []
    const client = await clientOf(({ url }, response) => {
      seen.push(url)
      response.end('{}')
    })
    await client.get(apiPath('queues', '/', 'a/b%c d#é~"?'), anything)

    expect(seen).toEqual(['/api/queues/%2F/a%2Fb%25c%20d%23%C3%A9~%22%3F'])
  })

  it.each(['', '.', '..'])('refuses to address the name %j', (name) => {
    expect(() => apiPath('queues', '/', name)).toThrow(/cannot address/)
  })

  it('repeats a request after a temporary failure', async () => {
    let requests = 0
    const client = await clientOf((_request, response) => {
      requests += 1
      response.statusCode = requests < 3 ? 503 : 200
      response.end('{"ok":true}')
    })

    expect(await client.get('/api/whoami', anything)).toEqual({ ok: true })
    expect(client.requestCounts()).toEqual({ GET: 3 })
  })

  it('gives up after the given number of retries, with the reason of the broker', async () => {
    const client = await clientOf(
      (_request, response) => {
        response.statusCode = 500
        response.end('{"error":"internal","reason":"no &lt;disk&gt; left"}')
      },
      { retries: 1 },
    )

    await expect(client.put('/api/vhosts/v', {})).rejects.toMatchObject({
      message: 'PUT /api/vhosts/v answered 500: no <disk> left',
      code: 'REQUEST_FAILED',
    })
    expect(client.requestCounts()).toEqual({ PUT: 2 })
  })

  it.each([
    ['a URI that the cut goes through', (secret: string) => `${'x'.repeat(985)} amqp://svc:${secret}@host:56x72`],
    ['a URI in an Erlang binary', (secret: string) => `{bad_uri,<<"amqp://svc:${secret}@host">>}`],
    ['character codes', (secret: string) => `["invalid",${JSON.stringify([...Buffer.from(secret)])}]`],
    ['a binary of bytes', (secret: string) => `<<${[...Buffer.from(secret)].join(',')}>>`],
  ])('masks the secrets in a reason before it is shortened: %s', async (_what, reasonWith) => {
    const client = await clientOf((_request, response) => {
      response.writeHead(400).end(JSON.stringify({ error: 'bad_request', reason: reasonWith('pa55-of-svc') }))
    })
    client.secrets.add('pa55-of-svc')
    const error: unknown = await client.put('/api/parameters/shovel/v/s', {}).catch((thrown: unknown) => thrown)

    expect(String(error)).toContain('400')
    expect(String(error)).not.toMatch(/pa55|112,97,53|svc:/)
  })

  it('masks the login that the page of a proxy repeats', async () => {
    const client = await clientOf((request, response) => {
      response.writeHead(403).end(`<html><pre>Authorization: ${request.headers.authorization}</pre> p:w/ü</html>`)
    })
    const error: unknown = await client.get('/api/overview', anything).catch((thrown: unknown) => thrown)

    expect(String(error)).toContain('Authorization: Basic (secret)')
    expect(String(error)).not.toContain('p:w/ü')
  })

  it('does not repeat a request that the broker refused', async () => {
    const client = await clientOf((_request, response) => {
      response.statusCode = 400
      response.end('{"reason":"inequivalent arg"}')
    })

    await expect(client.put('/api/queues/v/q', {})).rejects.toMatchObject({ status: 400, reason: 'inequivalent arg' })
    expect(client.requestCounts()).toEqual({ PUT: 1 })
  })

  it('treats a missing object as deleted', async () => {
    const client = await clientOf((_request, response) => {
      response.statusCode = 404
      response.end('{}')
    })

    await expect(client.delete('/api/user-limits/u/max-channels')).resolves.toBeUndefined()
  })

  it.each([
    [
      'a page instead of JSON',
      (response: ServerResponse) => response.end('<html>'),
      /is not a RabbitMQ management API/,
    ],
    ['a connection that is cut', (response: ServerResponse) => response.destroy(), /closed before the answer/],
  ])('explains %s', async (_what, answer, message) => {
    const client = await clientOf((_request, response) => void answer(response), { retries: 0 })

    await expect(client.get('/api/overview', anything)).rejects.toMatchObject({
      message: expect.stringMatching(message),
      code: 'UNREACHABLE',
    })
  })

  it('explains a port where nothing listens, without the login', async () => {
    const client = new ManagementClient({
      url: 'http://127.0.0.1:1',
      user: 'me',
      password: new Secret('hidden'),
      retries: 0,
    })

    await expect(client.get('/api/overview', anything)).rejects.toMatchObject({
      message: 'cannot reach the management API at http://127.0.0.1:1: the connection was refused',
      code: 'UNREACHABLE',
    })
  })

  it('gives up after the timeout even if bytes of the response keep arriving', async () => {
    const client = await clientOf(
      (_request, response) => {
        response.write('[')
        const drip = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(drip))
      },
      { timeout: 200 },
    )

    await expect(client.get('/api/queues', anything)).rejects.toMatchObject({
      message: expect.stringMatching(/did not answer GET \/api\/queues in time: .* after 0.2 s/),
      code: 'UNREACHABLE',
    })
    await expect(client.put('/api/queues/v/q', {})).rejects.toMatchObject({
      message: expect.stringContaining('PUT /api/queues/v/q in time'),
    })
    expect(client.requestCounts()).toEqual({ GET: 1, PUT: 1 })
  })

  it('reads a response only up to its limit, even if it never ends', async () => {
    let sent = 0
    const client = await clientOf(
      (_request, response) => {
        const chunk = Buffer.alloc(16_384, '[')
        const more = (): void => {
          if (!response.destroyed) sent += chunk.length
          if (!response.destroyed) response.write(chunk, () => setImmediate(more))
        }
        more()
      },
      { maxResponse: 100_000 },
    )

    await expect(client.get('/api/queues', anything)).rejects.toMatchObject({
      message: expect.stringMatching(/answered GET \/api\/queues with more than 100,000 bytes$/),
      hint: expect.stringContaining('--max-response'),
      code: 'UNREACHABLE',
    })
    expect(sent).toBeLessThan(20_000_000)
  })

  it('accepts a response of exactly the maximum size', async () => {
    const client = await clientOf((_request, response) => response.end('"12345678"'), { maxResponse: 10 })

    expect(await client.get('/api/queues', anything)).toBe('12345678')
  })

  it('takes the reason from the beginning of an error that never ends', async () => {
    const client = await clientOf((_request, response) => {
      response.statusCode = 400
      const more = (): void => {
        if (!response.destroyed) response.write('word '.repeat(10_000), () => setImmediate(more))
      }
      more()
    })

    await expect(client.put('/api/queues/v/q', {})).rejects.toMatchObject({
      status: 400,
      reason: expect.stringMatching(/^word word .*…$/),
    })
  })

  it('waits for a broker that is still booting', async () => {
    let requests = 0
    const client = await clientOf(
      (_request, response) => {
        requests += 1
        response.statusCode = requests < 3 ? 503 : 200
        response.end('{"rabbitmq_version":"4.3.6"}')
      },
      { retries: 0 },
    )
    await waitForBroker(client, 30_000)

    expect(requests).toBe(3)
  })

  it('sends one request if it must not wait', async () => {
    const client = await clientOf(
      (_request, response) => {
        response.statusCode = 503
        response.end('{}')
      },
      { retries: 0 },
    )

    await expect(waitForBroker(client, 0)).rejects.toMatchObject({ status: 503 })
    expect(client.requestCounts()).toEqual({ GET: 1 })
  })

  it('says which tags are sufficient for a login that may not use the API', async () => {
    const client = await clientOf((_request, response) => {
      response.statusCode = 401
      response.end('{"error":"not_authorized","reason":"Not management user"}')
    })

    await expect(waitForBroker(client, 0)).rejects.toMatchObject({
      code: 'ACCESS_REFUSED',
      message: expect.stringContaining('the login "me" may not use the management API'),
      hint: 'it needs a tag: management is enough to plan, policymaker to apply a topology without users and virtual hosts, administrator for all: rabbitmqctl set_user_tags me policymaker',
    })
  })
})
