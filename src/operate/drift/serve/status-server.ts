import { createServer, type Server } from 'node:http'
import { WarrenError } from '../../../diagnostics/warren-error.ts'
import { errorMessage } from '../../../diagnostics/thrown.ts'

/** The address at which the server listens. */
export interface ListenAddress {
  /** Empty for all addresses. */
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
}

/** The responses of the server. */
export interface ServedStatus {
  /** The body of `/metrics`, and its media type. */
  readonly metrics: () => { readonly text: string; readonly type: string }
  /** Why the service no longer works; undefined if it works. */
  readonly sickness: () => string | undefined
  /** Why the service is not ready; undefined if it is. */
  readonly unreadiness: () => string | undefined
}

/** A running server. */
export interface StatusServer {
  /** Its base URL. */
  readonly url: string
  readonly close: () => Promise<void>
}

/**
 * Serves `/metrics`, `/healthz` and `/readyz` for GET and HEAD.
 *
 * @throws {WarrenError} `INVALID_USAGE` when it cannot listen there
 */
export async function serveStatus({ host, port }: ListenAddress, status: ServedStatus): Promise<StatusServer> {
  const server = createServer((request, response) => {
    const { code, type = 'text/plain; charset=utf-8', text } = answerTo(request.method, request.url, status)
    response.writeHead(code, { 'content-type': type, 'cache-control': 'no-store' })
    response.end(request.method === 'HEAD' ? undefined : text)
  })
  await listen(server, host, port)
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address : { address: host, port, family: '' }
  return {
    url: `http://${bound.address.includes(':') ? `[${bound.address}]` : bound.address}:${bound.port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface StatusAnswer {
  readonly code: number
  readonly type?: string
  readonly text: string
}

function answerTo(method: string | undefined, url: string | undefined, status: ServedStatus): StatusAnswer {
  if (method !== 'GET' && method !== 'HEAD') return { code: 405, text: 'only GET and HEAD\n' }
  const [path] = (url ?? '').split('?')
  if (path === '/metrics') return { code: 200, ...status.metrics() }
  if (path === '/healthz') return stateAnswer(status.sickness())
  if (path === '/readyz') return stateAnswer(status.unreadiness())
  return { code: 404, text: 'see /metrics, /healthz and /readyz\n' }
}

function stateAnswer(problem: string | undefined): StatusAnswer {
  return problem === undefined ? { code: 200, text: 'ok\n' } : { code: 503, text: `${problem}\n` }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, ...(host !== '' && { host }) }, resolve)
    })
  } catch (error) {
    throw new WarrenError(`cannot serve metrics: ${errorMessage(error)}`, {
      code: 'INVALID_USAGE',
      hint: 'choose another address with --listen HOST:PORT, or none with --listen off',
    })
  }
}
