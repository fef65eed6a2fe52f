import { explainConnectionRefusal } from '../../broker/amqp/connections/connection-refusal.ts'
import { ConnectError } from './connect-error.ts'
import type { BrokerAddress } from './connection-settings.ts'
import { jitteredPause, RECONNECT } from './backoff.ts'
import { brokerReason } from '../../diagnostics/broker-reason.ts'
import { keepRenewing } from './credentials.ts'
import { logIn } from './log-in.ts'
import type { ConnectionSettings, LoggedIn } from './log-in.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import { pause } from '../pause.ts'
import type { ConnectionRole, RuntimeEmitter } from '../events/runtime-events.ts'

/** Why a connection could not be opened, and whether another attempt may succeed. */
export interface ConnectionFailure {
  readonly error: ConnectError
  /**
   * True for errors that another attempt does not solve, such as a wrong password. False for a broker that is still
   * booting.
   */
  readonly final: boolean
}

/** Explains a failed attempt to connect, without any part of the login. */
export function explainConnectionFailure(thrown: unknown, address: BrokerAddress, vhost: string): ConnectionFailure {
  const unset = address.isDefault
    ? 'WARREN_AMQP_URL is not set, so the default was used: set it, or give the url option; otherwise '
    : ''
  const { code, message, hint, final } = explainConnectionRefusal(thrown, address, vhost)
  return { final, error: new ConnectError(message, { code, hint: unset + hint }) }
}

/**
 * After a connection of at least this duration, in milliseconds, the pause before a reconnect is short again.
 */
const STABLE_AFTER = 10_000

/** The runtime is closed, and opens no more connections. */
export class ClosedError extends Error {
  override readonly name = 'ClosedError'
  readonly code = 'CLOSED'

  constructor() {
    super('the runtime is closed')
  }
}

/**
 * A connection to the broker that reconnects after each loss until it is closed.
 *
 * The first attempts fail immediately if another attempt cannot succeed, and otherwise after the given time. After
 * that, it reconnects forever, because a person would have to restart a worker that gives up.
 */
export class ReconnectingConnection {
  readonly role: ConnectionRole
  readonly #settings: ConnectionSettings
  readonly #events: RuntimeEmitter
  readonly #closing = new AbortController()
  readonly #writable: (() => void)[] = []
  #nextAddress: number
  #current: OpenConnection | undefined
  #waiters: { readonly resolve: (connection: OpenConnection) => void; readonly reject: (error: Error) => void }[] = []
  #ended: Promise<void> = Promise.resolve()

  constructor(role: ConnectionRole, settings: ConnectionSettings, events: RuntimeEmitter) {
    this.role = role
    this.#settings = settings
    this.#events = events
    this.#nextAddress = Math.floor(Math.random() * 1_000)
  }

  /** The connection, while it is open. */
  get current(): OpenConnection | undefined {
    return this.#current
  }

  /** Whether the broker accepts messages from it now. */
  get isWritable(): boolean {
    return this.#current !== undefined && this.#current.blocked === undefined
  }

  /** Calls back whenever the connection is opened, or is no longer blocked. */
  onWritable(listener: () => void): void {
    this.#writable.push(listener)
  }

  /** Opens the first connection within `timeout` milliseconds, or rejects with the reason and gives up. */
  async start(timeout: number): Promise<void> {
    const deadline = performance.now() + timeout
    let reason: string | undefined
    for (let tries = 0; ; tries++) {
      const opened = await this.#tryOpen()
      if (this.#closing.signal.aborted) throw new ClosedError()
      if ('connection' in opened) {
        this.#ended = this.#keepOpen(opened)
        return
      }
      const wait = jitteredPause(RECONNECT, tries)
      const isLastNode = (tries + 1) % opened.of === 0
      if ((opened.final && isLastNode) || performance.now() + wait > deadline) throw opened.error
      if (opened.error.message !== reason) this.#emitDown((reason = opened.error.message))
      await pause(wait, this.#closing.signal)
    }
  }

  /** Resolves with the open connection. Rejects with `ClosedError` if there will be no connection any more. */
  ready(): Promise<OpenConnection> {
    if (this.#current) return Promise.resolve(this.#current)
    if (this.#closing.signal.aborted) return Promise.reject(new ClosedError())
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }))
  }

  /** Closes it for good, gracefully within `deadline` milliseconds. */
  async close(deadline: number): Promise<void> {
    this.#closing.abort()
    for (const { reject } of this.#waiters.splice(0)) reject(new ClosedError())
    await this.#current?.close(deadline)
    // An attempt to connect cannot be cancelled, but it closes the connection that it opens.
    await Promise.race([this.#ended, pause(deadline, undefined, false)])
  }

  /** `of` is the number of addresses. */
  async #tryOpen(): Promise<LoggedIn | { error: ConnectError; final: boolean; of: number }> {
    let addresses: readonly BrokerAddress[]
    try {
      addresses = this.#settings.addresses()
    } catch (error) {
      // The file is probably being replaced; `connect` itself has already read it once.
      if (error instanceof ConnectError) return { error, final: false, of: 1 }
      throw error
    }
    const address = addresses[this.#nextAddress++ % addresses.length]
    if (!address) throw new RangeError('a connection needs an address')
    try {
      const loggedIn = await logIn(address, this.#settings, this.role)
      if (this.#closing.signal.aborted) await loggedIn.connection.close(0)
      return loggedIn
    } catch (error) {
      if (error instanceof ConnectError) return { error, final: false, of: addresses.length }
      return { ...explainConnectionFailure(error, address, this.#settings.vhost), of: addresses.length }
    }
  }

  async #keepOpen(first: LoggedIn): Promise<void> {
    let loggedIn = first
    let tries = 0
    for (;;) {
      const since = performance.now()
      this.#up(loggedIn)
      const cause = await loggedIn.connection.whenGone()
      this.#current = undefined
      if (this.#closing.signal.aborted) return
      let reason = brokerReason(cause)
      this.#emitDown(reason)
      if (performance.now() - since > STABLE_AFTER) tries = 0

      for (;;) {
        await pause(jitteredPause(RECONNECT, tries++), this.#closing.signal)
        if (this.#closing.signal.aborted) return
        const opened = await this.#tryOpen()
        if (this.#closing.signal.aborted) return
        if ('connection' in opened) {
          loggedIn = opened
          break
        }
        if (opened.error.message !== reason) this.#emitDown((reason = opened.error.message))
      }
    }
  }

  #up({ connection, credentials }: LoggedIn): void {
    if (connection.isGone) return
    this.#current = connection
    connection.model.on('blocked', (reason: string) => {
      this.#events.emit('connectionBlocked', { role: this.role, reason })
    })
    connection.model.on('unblocked', () => {
      this.#events.emit('connectionUnblocked', { role: this.role })
      this.#notifyWritable()
    })
    if (credentials && this.#settings.credentials) {
      keepRenewing(credentials, this.#settings.credentials, connection, (error) =>
        this.#events.emit('credentialsFailed', { role: this.role, error }),
      )
    }
    this.#events.emit('connectionUp', { role: this.role })
    for (const { resolve } of this.#waiters.splice(0)) resolve(connection)
    this.#notifyWritable()
  }

  #emitDown(reason: string): void {
    this.#events.emit('connectionDown', { role: this.role, reason })
  }

  #notifyWritable(): void {
    for (const listener of this.#writable) listener()
  }
}
