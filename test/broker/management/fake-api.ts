import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { ManagementConnection } from '../../../src/broker/management/connection.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'

/** Answers a request instead of the management API; undefined for the usual answer of an empty broker. */
export type Answer = (path: string, request: IncomingMessage, response: ServerResponse) => unknown

export interface FakeApi {
  readonly connection: ManagementConnection
  /** Method and path of every request so far, without its query. */
  readonly requests: readonly string[]
  /** The requests that would have changed something on a broker. */
  readonly writes: () => readonly string[]
}

const OVERVIEW = { rabbitmq_version: '4.3.6', cluster_name: 'rabbit@fake', exchange_types: [{ name: 'direct' }] }
const USUAL: Readonly<Record<string, unknown>> = {
  '/api/overview': OVERVIEW,
  '/api/whoami': { name: 'me', tags: ['administrator'] },
  '/api/vhosts': [{ name: '/' }],
}

/**
 * An HTTP server for behavior that a real broker does not show on demand: faults of the transport, and responses that
 * RabbitMQ never sends. If `answer` returns nothing and sends nothing, the server answers like an empty broker.
 */
export async function fakeApi(answer: Answer = () => undefined): Promise<FakeApi> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?')
    requests.push(`${request.method} ${path}`)
    const given = answer(path, request, response)
    if (response.writableEnded || response.headersSent || response.destroyed || given === SENT) return
    if (request.method !== 'GET') response.writeHead(201).end()
    else if (given === undefined && path.startsWith('/api/global-parameters/')) response.writeHead(404).end('{}')
    else response.end(JSON.stringify(given ?? USUAL[path] ?? []))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  const connection = { url: `http://127.0.0.1:${port}`, user: 'me', password: new Secret('pa55word'), retries: 0 }
  return { connection, requests, writes: () => requests.filter((each) => !each.startsWith('GET ')) }
}

/** Records that a response was or is being sent. */
export const SENT = Symbol('sent')
