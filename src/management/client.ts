import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, type Dispatcher } from 'undici'
import { SecretRegistry } from '../model/secrets/secret-registry.ts'
import type { ManagementConnection } from './connection.ts'
import { ManagementError } from './errors.ts'
import { reasonOf } from './reason.ts'
import { explainTransportError, notAnApi } from './transport-error.ts'

/** Whether a write made a resource, or found it there: 201 or 204. */
export type Written = 'made' | 'found'

const CREATED = 201
const DEFAULT_TIMEOUT = 30_000
const DEFAULT_RETRIES = 4
/** How many requests may be open at once; whoever sends many keeps to a limit of its own. */
const MOST_CONNECTIONS = 256
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 5_000

/** How often a request was sent, by method; for benchmarks and for tests that count. */
export type RequestCounts = Readonly<Record<string, number>>

/**
 * Talks to the management API of one broker.
 *
 * Every request that warren sends is idempotent (RabbitMQ docs, HTTP API reference: PUT of an equal object and
 * POST of an existing binding change nothing), so a request that failed on the way, or with a 5xx, is sent again
 * with a growing, jittered pause.
 */
export class ManagementClient {
  /** The base URL, without login. */
  readonly url: string
  readonly user: string
  /** The secrets of this run: they are masked in the broker's reasons before these are shortened. */
  readonly secrets: SecretRegistry
  readonly #agent: Agent
  readonly #origin: string
  readonly #prefix: string
  readonly #authorization: string
  readonly #retries: number
  readonly #counts: Record<string, number> = {}
  readonly #ahead = new Map<string, Promise<unknown>>()

  /** @param secrets where the login and what the broker answers of secrets are registered */
  constructor(connection: ManagementConnection, secrets = new SecretRegistry()) {
    this.secrets = secrets
    secrets.addLogin(connection.user, connection.password)
    const url = new URL(connection.url)
    this.url = connection.url.replace(/\/+$/, '')
    this.user = connection.user
    this.#origin = url.origin
    this.#prefix = url.pathname.replace(/\/+$/, '')
    const login = Buffer.from(`${connection.user}:${connection.password.reveal()}`, 'utf8').toString('base64')
    this.#authorization = `Basic ${login}`
    this.#retries = connection.retries ?? DEFAULT_RETRIES
    const timeout = connection.timeout ?? DEFAULT_TIMEOUT
    this.#agent = new Agent({
      connections: MOST_CONNECTIONS,
      connect: { timeout, ...connection.tls },
      headersTimeout: timeout,
      bodyTimeout: timeout,
    })
  }

  /** Reads a resource. @throws {ManagementError} with `isNotFound()` when it is not there. */
  async get<T>(path: string): Promise<T> {
    const ahead = await this.#takeAhead(path)
    return (ahead ?? (await this.#send('GET', path))) as T
  }

  /** Begins to read what somebody will ask for soon: the first `get` of this path takes the answer, if there is one. */
  readAhead(path: string): void {
    const answer = this.#send('GET', path, undefined, 0)
    // Whoever asks for it sends it again then, and is told what is wrong.
    this.#ahead.set(
      path,
      answer.catch(() => undefined),
    )
  }

  /** Forgets what was read ahead: it is to be read anew. */
  forgetAhead(): void {
    this.#ahead.clear()
  }

  async #takeAhead(path: string): Promise<unknown> {
    const answer = this.#ahead.get(path)
    this.#ahead.delete(path)
    return answer
  }

  /** Writes a resource. Answers whether the broker made it (201) rather than found it there (204). */
  async put(path: string, body: unknown): Promise<Written> {
    return (await this.#send('PUT', path, body)) === CREATED ? 'made' : 'found'
  }

  async post(path: string, body: unknown): Promise<void> {
    await this.#send('POST', path, body)
  }

  /**
   * Deletes a resource; one that is not there counts as deleted.
   *
   * @param again false: it is not sent again when no answer came, since meanwhile somebody may have made another one of
   *   its name. Default true.
   */
  async delete(path: string, again = true): Promise<void> {
    try {
      await this.#send('DELETE', path, undefined, again ? this.#retries : 0)
    } catch (error) {
      if (!(error instanceof ManagementError && error.isNotFound())) throw error
    }
  }

  requestCounts(): RequestCounts {
    return { ...this.#counts }
  }

  async close(): Promise<void> {
    // An answer that nobody wants is not waited for.
    await (this.#ahead.size > 0 ? this.#agent.destroy() : this.#agent.close())
  }

  async #send(
    method: Dispatcher.HttpMethod,
    path: string,
    body?: unknown,
    retries: number = this.#retries,
  ): Promise<unknown> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#sendOnce(method, path, body)
      } catch (error) {
        const passing = error instanceof ManagementError ? error.status >= 500 : isPassing(error)
        if (!passing || attempt >= retries) throw explainTransportError(error, this.url)
        await sleep(pauseBefore(attempt))
      }
    }
  }

  async #sendOnce(method: Dispatcher.HttpMethod, path: string, body: unknown): Promise<unknown> {
    this.#counts[method] = (this.#counts[method] ?? 0) + 1
    const answer = await this.#agent.request({
      origin: this.#origin,
      path: this.#prefix + path,
      method,
      headers: {
        authorization: this.#authorization,
        'content-type': 'application/json',
        // Up to 3.10 the limits of vhosts and users answer 406 to a write that accepts JSON only.
        ...(method === 'GET' && { accept: 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const text = await answer.body.text()
    if (answer.statusCode >= 400) {
      throw new ManagementError({ method, path, status: answer.statusCode, reason: reasonOf(this.secrets.mask(text)) })
    }
    if (answer.statusCode >= 300) throw notAnApi(this.url, `it answered ${answer.statusCode}`)
    if (method !== 'GET') return answer.statusCode
    try {
      return JSON.parse(text) as unknown
    } catch {
      throw notAnApi(this.url, 'it did not answer with JSON')
    }
  }
}

/** Full jitter: several clients that failed together do not come back together. */
function pauseBefore(attempt: number): number {
  return Math.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt + 1))
}

const PASSING = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
])

function isPassing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && PASSING.has(String(error.code))
}
