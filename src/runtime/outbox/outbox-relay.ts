import { withCode } from '../../diagnostics/error-code.ts'
import { asError, errorMessage } from '../../diagnostics/thrown.ts'
import { setTimeout as pause } from 'node:timers/promises'
import type { Queryable } from '../postgres/queryable.ts'
import { maskedError } from '../events/masked-error.ts'
import type { PublishOptions } from '../publish/publish-options.ts'
import type { LogLevel, RuntimeLogger } from '../events/runtime-logger.ts'
import { logSafely, stderrLogger } from '../events/runtime-logger.ts'
import { OutboxBatch } from './outbox-batch.ts'
import type { Tried, WaitingMessage } from './outbox-batch.ts'
import { DEFAULT_TABLE } from './outbox-table.ts'

const FIRST = 1_000
const MOST = 60_000

/**
 * When to repeat the attempt to publish a message, in milliseconds from now. Undefined if the message itself is
 * invalid or too large, so that no attempt can succeed.
 */
export function nextTry(error: Error, attempts: number): number | undefined {
  const outcome = 'outcome' in error ? error.outcome : undefined
  if (outcome === 'invalid' || outcome === 'tooLarge') return undefined
  // A refused or unroutable message has to wait until the cause is removed. After a lost connection, the next attempt
  // may succeed immediately.
  const isAnswer = outcome === 'unroutable' || outcome === 'refused'
  return isAnswer ? Math.min(MOST, FIRST * 2 ** Math.min(attempts, 30)) : FIRST
}

/** The part of a pool of `pg` that a relay uses. */
export interface OutboxPool {
  connect(): Promise<OutboxClient>
}

/** A client of such a pool. */
export interface OutboxClient extends Queryable {
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
  release(error?: Error | boolean): void
}

/** The runtime with which a relay publishes. */
export interface OutboxPublisher {
  publish(publication: string, body: unknown, options: PublishOptions): Promise<unknown>
  readonly isClosing: boolean
}

/** Options of a relay. */
export interface RelayOptions {
  /** A pool of `pg`, which the program has to end itself. The relay uses one client at a time. */
  readonly pool: OutboxPool
  /** A runtime; close it after the relay has stopped. */
  readonly runtime: OutboxPublisher
  /** Default `warren_outbox`. */
  readonly table?: string
  /** The maximum number of messages in one transaction. Default 100. */
  readonly batch?: number
  /** How often the relay checks an empty outbox, in milliseconds. Default 200. */
  readonly interval?: number
  /** How long sent messages are kept in the table, in milliseconds. Default 86,400,000: one day. */
  readonly keepSent?: number
  /** Default: warnings and errors, one line each, on the standard error stream. */
  readonly logger?: RuntimeLogger | false
}

const DAY = 24 * 60 * 60_000
const PURGE_EVERY = 60_000
/** The longest pause after an error of the database, in milliseconds. */
const LONGEST_PAUSE = 10_000
const DEFAULT_DEADLINE = 25_000

/**
 * Publishes the messages of an outbox until it is stopped. Several relays may run at the same time, in one process or
 * many. The relay marks a message as sent after the broker has confirmed it, so it is published again if the relay or
 * the database dies in between.
 */
export class OutboxRelay implements AsyncDisposable {
  readonly #options: RelayOptions
  readonly #batch: OutboxBatch
  readonly #logger: RuntimeLogger | undefined
  readonly #stopping = new AbortController()
  readonly #deadline = new AbortController()
  readonly #running: Promise<void>
  #nextPurge = 0

  constructor(options: RelayOptions) {
    this.#options = options
    this.#batch = new OutboxBatch(options.table ?? DEFAULT_TABLE)
    this.#logger = options.logger === false ? undefined : (options.logger ?? stderrLogger)
    this.#running = this.#run()
  }

  /**
   * Stops the relay after its current batch. After `deadline` milliseconds (default 25,000) it no longer waits for
   * confirms.
   */
  async stop({ deadline = DEFAULT_DEADLINE }: { deadline?: number } = {}): Promise<void> {
    this.#stopping.abort()
    const timer = setTimeout(() => this.#deadline.abort(), deadline)
    await this.#running
    clearTimeout(timer)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #run(): Promise<void> {
    const { batch = 100, interval = 200, runtime } = this.#options
    let failures = 0
    while (!this.#stopping.signal.aborted && !runtime.isClosing) {
      try {
        const sent = await this.#relay(batch)
        failures = 0
        if (sent === 0) await this.#pause(interval)
      } catch (thrown) {
        const error = maskedError(thrown)
        this.#log('error', { event: 'outboxFailed', err: error }, `the outbox cannot be read: ${errorMessage(error)}`)
        await this.#pause(Math.min(LONGEST_PAUSE, 100 * 2 ** failures++))
      }
    }
  }

  /** Publishes one batch in one transaction; returns the number of sent messages. */
  async #relay(most: number): Promise<number> {
    const client = await this.#options.pool.connect()
    let lost: Error | undefined
    // If the connection breaks while the relay waits for the broker, the next query fails, which is sufficient.
    const onError = (error: Error): void => void (lost = error)
    client.on('error', onError)
    try {
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
      const messages = await this.#batch.take(client, most)
      const tried = await this.#publish(messages)
      await this.#batch.mark(client, tried)
      if (performance.now() >= this.#nextPurge) {
        this.#nextPurge = performance.now() + PURGE_EVERY
        await this.#batch.purge(client, this.#options.keepSent ?? DAY)
      }
      await client.query('COMMIT')
      return tried.filter(({ error }) => error === undefined).length
    } catch (error) {
      // The end of the connection releases all locks.
      lost ??= asError(error)
      throw error
    } finally {
      client.removeListener('error', onError)
      client.release(lost)
    }
  }

  /** Publishes concurrently. Messages with the same key are published one after the other, up to the first failure. */
  async #publish(messages: readonly WaitingMessage[]): Promise<Tried[]> {
    const tried = await Promise.all(
      linesOf(messages).map(async (line) => {
        const results: Tried[] = []
        for (const message of line) {
          const result = await this.#try(message)
          if (result) results.push(result)
          // If a message is parked, the next one may be sent. If a message will be sent again, the following ones wait.
          if (!result || (result.error && result.again !== undefined)) break
        }
        return results
      }),
    )
    return tried.flat()
  }

  /** Undefined if the outcome is unknown because the relay is stopping. */
  async #try(message: WaitingMessage): Promise<Tried | undefined> {
    const { runtime } = this.#options
    const { publication, body, options, messageId } = message
    try {
      await runtime.publish(publication, body, { ...options, messageId, signal: this.#deadline.signal })
      return { message }
    } catch (thrown) {
      if (runtime.isClosing || this.#deadline.signal.aborted) return undefined
      const error = maskedError(thrown)
      const again = nextTry(error, message.attempts)
      const facts = {
        event: again === undefined ? 'outboxParked' : 'outboxRetried',
        publication,
        messageId,
        err: error,
      }
      if (again === undefined) this.#log('error', facts, `a message of the outbox is parked: ${error.message}`)
      else this.#log('warn', facts, `a message of the outbox is tried again in ${again} ms: ${error.message}`)
      return { message, error, again }
    }
  }

  #log(level: LogLevel, facts: Readonly<Record<string, unknown>>, sentence: string): void {
    if (this.#logger) logSafely(this.#logger, level, facts, sentence)
  }

  async #pause(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
  }
}

/** Groups messages with the same key into one line, in order. Each other message has its own line. */
function linesOf(messages: readonly WaitingMessage[]): WaitingMessage[][] {
  const lines: WaitingMessage[][] = []
  const ofKey = new Map<string, WaitingMessage[]>()
  for (const message of messages) {
    const line = message.key === null ? undefined : ofKey.get(message.key)
    if (line) {
      line.push(message)
      continue
    }
    const next = [message]
    lines.push(next)
    if (message.key !== null) ofKey.set(message.key, next)
  }
  return lines
}

/**
 * Starts to publish the messages of an outbox. Its table must exist; create it with `outboxTable()`.
 *
 * @throws {RangeError} for an invalid batch or time
 */
export function relayOutbox(options: RelayOptions): OutboxRelay {
  check('batch', options.batch ?? 1, 1)
  check('interval', options.interval ?? 1, 1)
  check('keepSent', options.keepSent ?? 0, 0)
  return new OutboxRelay(options)
}

function check(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return
  throw withCode('INVALID_OPTION', new RangeError(`${name} must be a whole number of at least ${least}, not ${value}`))
}
