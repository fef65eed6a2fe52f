import { Agent, fetch, type Response } from 'undici'
import type { Login } from '../../../../src/testing/throwaway/broker.ts'

/**
 * A path of the management API below `/api`, with one item for each segment and names without encoding: `['queues',
 * vhost, 'orders']`.
 */
export type Path = readonly string[]

/** The management API, with which tests prepare and inspect a broker without the code under test. */
export interface ManagementApi {
  /** Undefined if there is no such object. */
  get<T = Record<string, unknown>>(path: Path): Promise<T | undefined>
  put(path: Path, body?: unknown): Promise<void>
  post<T = unknown>(path: Path, body?: unknown): Promise<T>
  /** A missing object is not an error. */
  delete(path: Path): Promise<void>
}

/**
 * One second, far less than the five after which the broker closes an idle connection: if the broker closes a
 * connection just when a request is sent, the request fails.
 */
const dispatcher = new Agent({ keepAliveTimeout: 1_000, keepAliveMaxTimeout: 1_000 })

export function managementApi(managementUrl: string, { username, password }: Login): ManagementApi {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

  async function send(method: string, path: Path, body?: unknown): Promise<Response> {
    const url = `${managementUrl}/api/${path.map(encodeURIComponent).join('/')}`
    const request = {
      method,
      dispatcher,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }
    // On a busy machine, the broker may still close a connection.
    const response = await fetch(url, request).catch(() => fetch(url, request))
    const missing = response.status === 404 && (method === 'GET' || method === 'DELETE')
    if (!response.ok && !missing) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`)
    return response
  }

  return {
    async get<T>(path: Path) {
      const response = await send('GET', path)
      return response.ok ? ((await response.json()) as T) : undefined
    },
    async put(path, body = {}) {
      await send('PUT', path, body)
    },
    async post<T>(path: Path, body: unknown = {}) {
      const text = await (await send('POST', path, body)).text()
      return (text === '' ? undefined : JSON.parse(text)) as T
    },
    async delete(path) {
      await send('DELETE', path)
    },
  }
}
