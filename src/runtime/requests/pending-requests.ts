import type { ConsumeMessage } from 'amqplib'
import { setMaxListeners } from 'node:events'
import { textHeader } from '../../broker/amqp/messages/warren-headers.ts'
import { errorMessage } from '../../diagnostics/thrown.ts'
import { durationLabel } from '../../model/values/duration.ts'
import type { Clock, ClockTimer } from '../clock.ts'
import { MessageReader } from '../consume/reading/message-reading.ts'
import { nextMessageId } from '../publish/next-message-id.ts'
import type { DeclaredRequest } from '../routes/declared-routes.ts'
import { ERROR_HEADER, LONGEST_REASON } from './reply-header.ts'
import { RequestError } from './request-error.ts'
import type { RequestErrorCode } from './request-error.ts'

/** The wait of one caller for its reply. */
export interface PendingRequest {
  readonly correlationId: string
  /** Resolves with the body of the reply. */
  readonly reply: Promise<unknown>
  /** The broker has confirmed the request: from now on, it is lost with its channel. */
  sent(): void
  /** The request could not be sent. */
  fail(error: unknown): void
}

/** How long and how a caller waits. */
interface Wait {
  /** In milliseconds. */
  readonly timeout: number
  readonly signal?: AbortSignal | undefined
}

/** A received reply. */
export type Reply = Pick<ConsumeMessage, 'content' | 'properties'>

interface Entry {
  readonly exchange: string
  isSent: boolean
  received(reply: Reply): void
  fail(code: RequestErrorCode, what: string, hint?: string, cause?: unknown): void
}

/** The requests of a runtime that wait for their replies, by correlation id. Each is settled once. */
export class PendingRequests {
  readonly #entries = new Map<string, Entry>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The number of callers that wait. */
  get size(): number {
    return this.#entries.size
  }

  add(declared: DeclaredRequest, { timeout, signal }: Wait): PendingRequest {
    const { name, exchange } = declared.request
    const correlationId = nextMessageId()
    const { promise, resolve, reject } = withResolvers()
    let timer: ClockTimer | undefined
    const settle = (): boolean => {
      if (!this.#entries.delete(correlationId)) return false
      this.#clock.clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      return true
    }
    const entry: Entry = {
      exchange,
      isSent: false,
      received: (reply) => {
        if (!settle()) return
        const read = readReply(declared, reply)
        if (read instanceof RequestError) reject(read)
        else resolve(read.body)
      },
      fail: (code, what, hint, cause) => {
        if (settle()) reject(new RequestError(code, name, what, hint, cause))
      },
    }
    const expire = (): void => {
      const what = entry.isSent ? 'no reply arrived' : 'the broker did not confirm the request'
      const hint = entry.isSent ? `check that a program responds to it; ${REPEAT}` : REPEAT
      entry.fail('REPLY_TIMEOUT', `${what} within ${durationLabel(timeout)}`, hint)
    }
    const abort = (): void => entry.fail('REPLY_CANCELLED', 'the signal was aborted', undefined, signal?.reason)
    this.#entries.set(correlationId, entry)
    if (signal?.aborted) abort()
    else {
      timer = this.#clock.setTimeout(expire, timeout)
      if (signal) {
        // One signal may end many requests, and Node.js warns of more than ten listeners.
        setMaxListeners(0, signal)
        signal.addEventListener('abort', abort, { once: true })
      }
    }
    return {
      correlationId,
      reply: promise,
      sent: () => (entry.isSent = true),
      fail: (error) => {
        if (settle()) reject(error)
      },
    }
  }

  /** Settles the request of a reply. A reply whose caller no longer waits is dropped. */
  received(reply: Reply): void {
    const id: unknown = reply.properties.correlationId
    if (typeof id === 'string') this.#entries.get(id)?.received(reply)
  }

  /** The requests of an exchange that are waiting now. */
  of(exchange: string): readonly Entry[] {
    return [...this.#entries.values()].filter((each) => each.exchange === exchange)
  }

  /** Ends those requests whose replies are lost; the others have not been sent, or have failed already. */
  lost(entries: readonly Entry[], reason: unknown): void {
    for (const entry of entries) {
      if (entry.isSent) entry.fail('REPLY_LOST', `the reply is lost: ${errorMessage(reason)}`, REPEAT)
    }
  }

  close(): void {
    for (const entry of this.#entries.values()) {
      entry.fail('REPLY_LOST', 'the runtime was closed before the reply arrived', REPEAT)
    }
  }
}

const REPEAT = 'repeat the request only if doing its work twice does no harm'

function readReply({ request, checkReply }: DeclaredRequest, { content, properties }: Reply) {
  const reason = textHeader(properties.headers, ERROR_HEADER, LONGEST_REASON)
  if (reason !== undefined) {
    return new RequestError('REPLY_FAILED', request.name, `the responder failed: ${reason}`)
  }
  const reader = new MessageReader(request.reply.message, checkReply)
  const read = reader.read({ content, message: { properties } })
  if (!('wrong' in read)) return read
  const hint = 'correct the responder, or the reply that the topology declares'
  return new RequestError('REPLY_INVALID', request.name, `the reply is invalid: ${read.wrong}`, hint)
}

/** `Promise.withResolvers`, which Node.js 20 does not have. */
function withResolvers() {
  let resolve: (body: unknown) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<unknown>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
