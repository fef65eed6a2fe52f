import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, type Dispatcher } from 'undici'
import { textOf } from '../../model/secrets/secret.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { ManagementConnection } from './connection.ts'
import { DECODING_PROBE, decodingProxy, hasEncodedSlash, isWhoami } from './answers/decoding-proxy.ts'
import { ManagementError } from './errors.ts'
import { parseAnswer, DEFAULT_MAX_RESPONSE, LARGEST_MAX_RESPONSE, readBody } from './answers/read-answer.ts'
import { reasonOf } from './answers/reason.ts'
import type { Shape } from './answers/shape.ts'
import { explainTransportError, notAnApi, notInTime, tooLarge, wrongShape } from './transport-error.ts'
import type { SharedReads } from './shared-reads.ts'

/** Whether a write created a resource or found an existing one: 201 or 204. */
export type Written = 'made' | 'found'

const OK = 200
const CREATED = 201
/** The status codes of a successful write: created, or already existing, changed or deleted. */
const WRITTEN: ReadonlySet<number> = new Set([CREATED, 204])
/** The maximum length of a header in an error, in characters. */
const ENOUGH_OF_A_HEADER = 40
/** The status code of a health check that fails. */
const UNHEALTHY = 503
const DEFAULT_TIMEOUT = 30_000
const DEFAULT_RETRIES = 4
/** The maximum number of open requests. Callers with many requests have their own limits. */
const MOST_CONNECTIONS = 256
/** The time after which an object that is being deleted is no longer listed, in milliseconds. */
const DELETION = 20
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 5_000
/** The maximum length to read of a response to a write, or with the reason of an error, in bytes. */
const ENOUGH_OF_A_REASON = 1_000_000

/** The number of requests by method, for benchmarks and tests. */
export type RequestCounts = Readonly<Record<string, number>>

/**
 * A client of the management API of one broker.
 *
 * Every request that warren sends is idempotent (RabbitMQ docs, HTTP API reference: PUT of an equal object and POST
 * of an existing binding change nothing). So a request that fails in transit or with a 5xx is sent again, after a
 * growing, jittered pause.
 */
export class ManagementClient {
  /** The base URL, without login. */
  readonly url: string
  readonly user: string
  /** The secrets of this run, which are masked in the broker's reasons before these are shortened. */
  readonly secrets: SecretRegistry
  readonly #agent: Agent
  readonly #origin: string
  readonly #prefix: string
  readonly #authorization: string
  readonly #retries: number
  readonly #timeout: number
  readonly #maxResponse: number
  #decodes: Promise<boolean> | undefined
  readonly #counts: Record<string, number> = {}
  readonly #ahead = new Map<string, Promise<unknown>>()
  readonly #shared: SharedReads | undefined

  /**
   * @param secrets the registry for the login and for secrets in the broker's responses
   * @param shared the responses of several clients that only read. Default: each read is a request
   */
  constructor(connection: ManagementConnection, secrets = new SecretRegistry(), shared?: SharedReads) {
    this.secrets = secrets
    this.#shared = shared
    secrets.addLogin(connection.user, connection.password)
    const url = new URL(connection.url)
    this.url = connection.url.replace(/\/+$/, '')
    this.user = connection.user
    this.#origin = url.origin
    this.#prefix = url.pathname.replace(/\/+$/, '')
    const login = Buffer.from(`${connection.user}:${textOf(connection.password)}`, 'utf8').toString('base64')
    this.#authorization = `Basic ${login}`
    this.#retries = connection.retries ?? DEFAULT_RETRIES
    this.#timeout = connection.timeout ?? DEFAULT_TIMEOUT
    this.#maxResponse = Math.min(connection.maxResponse ?? DEFAULT_MAX_RESPONSE, LARGEST_MAX_RESPONSE)
    this.#agent = new Agent({
      connections: MOST_CONNECTIONS,
      connect: { timeout: this.#timeout, ...connection.tls },
      // Disabled in favor of the limit for a whole request, because these limits start again with every byte.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  /**
   * Reads a resource.
   *
   * @param shape the expected response, in the parts that warren reads
   * @throws {ManagementError} with `isNotFound()` if the resource does not exist
   * @throws {UnreachableError} if the response has another shape
   */
  async get<T>(path: string, shape: Shape<T>): Promise<T> {
    const answer = (await this.#takeAhead(path)) ?? (await this.#read(path))
    if (shape.misfit(answer) === undefined) return answer as T
    // A list may contain an object that is being deleted, such as a virtual host without a name.
    await sleep(DELETION)
    const again = await this.#send('GET', path)
    const misfit = shape.misfit(again)
    if (misfit === undefined) return again as T
    // If a proxy changed the path of the request, the response belongs to another path.
    throw (await this.#decodingOf('GET', path)) ?? wrongShape(this.url, 'GET', path, misfit)
  }

  /**
   * Requests a health check of the broker, which answers with 503 if it fails. The request is not repeated then.
   *
   * @param shape of the answer if the check passes
   * @returns whether it passes
   */
  async check(path: string, shape: Shape<unknown>): Promise<boolean> {
    try {
      const misfit = shape.misfit(await this.#send('GET', path, undefined, 0))
      if (misfit !== undefined) throw wrongShape(this.url, 'GET', path, misfit)
      return true
    } catch (error) {
      if (error instanceof ManagementError && error.status === UNHEALTHY) return false
      throw error
    }
  }

  #read(path: string): Promise<unknown> {
    const request = (shared: string) => this.#send('GET', shared)
    return this.#shared?.read(`${this.url} ${this.user}`, path, request) ?? request(path)
  }

  /** Starts a read that will be needed soon: the first `get` of this path receives the response, if there is one. */
  readAhead(path: string): void {
    if (this.#shared) return
    const answer = this.#send('GET', path, undefined, 0)
    // The next caller repeats the request and receives the error.
    this.#ahead.set(
      path,
      answer.catch(() => undefined),
    )
  }

  /** Discards responses that were read ahead, so that they are requested again. */
  forgetAhead(): void {
    this.#ahead.clear()
  }

  async #takeAhead(path: string): Promise<unknown> {
    const answer = this.#ahead.get(path)
    this.#ahead.delete(path)
    return answer
  }

  /** Writes a resource. Returns whether the broker created the object (201) or it already existed (204). */
  async put(path: string, body: unknown): Promise<Written> {
    return (await this.#send('PUT', path, body)) === CREATED ? 'made' : 'found'
  }

  async post(path: string, body: unknown): Promise<void> {
    await this.#send('POST', path, body)
  }

  /**
   * Deletes a resource. A missing resource counts as deleted.
   *
   * @param again false: does not repeat the request if there is no answer, because another client may have created an
   *   object with the same name meanwhile. Default true.
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
    // Does not wait for an unused response.
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
        if (passing && attempt < retries) {
          await sleep(pauseBefore(attempt))
          continue
        }
        throw explainTransportError(error, this.url)
      }
    }
  }

  async #sendOnce(method: Dispatcher.HttpMethod, path: string, body?: unknown): Promise<unknown> {
    this.#counts[method] = (this.#counts[method] ?? 0) + 1
    const { status, text, complete, encoding } = await this.#exchange(method, path, body)
    // RabbitMQ answers a wrongly decoded path with one of several codes: 404, 401, 405, 406.
    const decoding = status >= 300 && status < 500 ? await this.#decodingOf(method, path) : undefined
    if (decoding !== undefined) throw decoding
    if (status >= 400) throw new ManagementError({ method, path, status, reason: reasonOf(text, this.secrets) })
    const isRead = method === 'GET'
    // A page from a proxy with status 200 does not confirm a write.
    if (!(isRead ? status === OK : WRITTEN.has(status)))
      throw notAnApi(this.url, `it answered ${status} to ${method} ${path}`)
    if (!isRead) return status
    if (!complete) throw tooLarge(this.url, method, path, this.#maxResponse)
    const parsed = parseAnswer(text)
    if (parsed === undefined) {
      const what = encoding === undefined ? 'with JSON' : `with plain JSON, but encoded as ${JSON.stringify(encoding)}`
      throw (await this.#decodingOf(method, path)) ?? notAnApi(this.url, `it did not answer ${method} ${path} ${what}`)
    }
    if ('problem' in parsed) throw notAnApi(this.url, `it answered ${method} ${path} with ${parsed.problem}`)
    return parsed.value
  }

  /** Sends a request and reads the response to its end, both within the timeout. */
  async #exchange(method: Dispatcher.HttpMethod, path: string, body: unknown) {
    const signal = this.#timeout > 0 ? AbortSignal.timeout(this.#timeout) : null
    try {
      const answer = await this.#agent.request({
        origin: this.#origin,
        path: this.#prefix + path,
        method,
        headers: {
          authorization: this.#authorization,
          'content-type': 'application/json',
          // Up to 3.10, the limits of vhosts and users answer 406 to a write that accepts only JSON.
          ...(method === 'GET' && { accept: 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal,
      })
      const isWanted = method === 'GET' && answer.statusCode < 300
      const read = await readBody(answer.body, isWanted ? this.#maxResponse : ENOUGH_OF_A_REASON)
      return { status: answer.statusCode, encoding: encodingOf(answer.headers['content-encoding']), ...read }
    } catch (error) {
      throw signal?.aborted === true ? notInTime(this.url, method, path, this.#timeout) : error
    }
  }

  /**
   * The error about a proxy that decodes paths, if there is one. Checked once, and only for a path with an encoded
   * slash.
   */
  async #decodingOf(method: string, path: string): Promise<Error | undefined> {
    if (!hasEncodedSlash(path)) return undefined
    this.#decodes ??= this.#exchange('GET', DECODING_PROBE, undefined).then(
      ({ status, text }) => status < 300 && isWhoami(JSON.parse(text)),
    )
    const decodes = await this.#decodes.catch(() => false)
    return decodes ? decodingProxy(this.url, method, path) : undefined
  }
}

/** The compression of a response; warren never requests one. */
function encodingOf(header: string | string[] | undefined): string | undefined {
  const encoding = [header ?? []].flat().join(', ').slice(0, ENOUGH_OF_A_HEADER)
  return encoding === '' || encoding === 'identity' ? undefined : encoding
}

/** Full jitter, so that clients that failed together do not retry together. */
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
