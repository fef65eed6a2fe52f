import type { Channel, ChannelModel } from 'amqplib'
import { setTimeout as sleep } from 'node:timers/promises'
import { brokerReason, replyCode } from '../../../diagnostics/broker-reason.ts'
import { WarrenError } from '../../../diagnostics/warren-error.ts'
import { amqpError } from './amqp-error.ts'
import type { AmqpTarget } from './amqp-target.ts'
import { inSeconds, NoAnswerError } from './answer-limit.ts'
import { WrongBrokerError } from './expected-broker.ts'
import { closeChannel, openChannel } from './channels.ts'
import { type OpenConnection, saysBlocked } from './open-connection.ts'
import { DEFAULT_TIMEOUT, openTarget } from './open-target.ts'

/** How long closing may take, in milliseconds. */
const CLOSE_DEADLINE = 2_000
/** How long a channel that only probes the connection may take to open, in milliseconds. */
const PROBE_LIMIT = 5_000
/** How long running requests may take to end after a signal, in milliseconds. */
const GRACE = 5_000

/** A signal ended the connections, because running requests did not end in time. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError'
  readonly code = 'INTERRUPTED'

  constructor() {
    super('the run was interrupted while the broker did not answer')
  }
}

/** Whether an error or one of its causes is a `StoppedError`. */
export function isStopped(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) if (each instanceof StoppedError) return true
  return false
}

/**
 * Talks AMQP to one broker over one connection for each virtual host. A connection is opened at its first use, and
 * reopened after a loss.
 */
export class Amqp {
  readonly target: AmqpTarget
  readonly #connections = new Map<string, Promise<OpenConnection>>()
  /** Channels that wait for their next request; they are closed with their connection. */
  readonly #idle = new WeakMap<ChannelModel, Channel[]>()
  /** Aborted when a signal has ended all connections. */
  readonly #stop = new AbortController()
  #stopping: NodeJS.Timeout | undefined
  readonly #endOfSignal = new AbortController()
  readonly #signal: AbortSignal | undefined

  /** @param signal when aborted, running requests get five seconds, and then all connections are dropped permanently */
  constructor(target: AmqpTarget, signal?: AbortSignal) {
    this.target = target
    this.#signal = signal
    const stopSoon = (): void => {
      this.#stopping = setTimeout(() => void this.#dropAll(), target.stopGrace ?? GRACE).unref()
    }
    signal?.addEventListener('abort', stopSoon, { once: true, signal: this.#endOfSignal.signal })
    if (signal?.aborted) stopSoon()
  }

  /** @throws {WarrenError} when the broker cannot be reached, or refuses the login or the vhost */
  async connection(vhost: string): Promise<ChannelModel> {
    return (await this.opened(vhost)).model
  }

  /** The connection with its state. */
  opened(vhost: string): Promise<OpenConnection> {
    return this.#connections.get(vhost) ?? this.#open(vhost)
  }

  /**
   * Executes one or a few requests on a separate channel, because the broker closes the channel of a refused request.
   *
   * @param doing what the request does, for the error: `counting queue:shop/orders`
   * @throws {AmqpError} with the broker's reason, or if it does not answer in time
   */
  async withChannel<T>(vhost: string, doing: string, use: (channel: Channel) => Promise<T>): Promise<T> {
    const connection = await this.opened(vhost)
    return this.#inTime(connection, doing, async (late) => {
      const channel = await openChannel(connection.model)
      // Messages that arrive on the channel afterwards are requeued.
      late.addEventListener('abort', () => void closeChannel(channel), { once: true })
      try {
        return await use(channel)
      } finally {
        await closeChannel(channel)
      }
    })
  }

  /**
   * Sends one request on a channel that is kept for the next one, which saves two thirds of the round trips. A
   * channel that the broker closes in its answer is not kept.
   *
   * @param doing what the request does, for the error: `counting queue:shop/orders`
   * @throws {AmqpError} with the broker's reason, or if it does not answer in time
   */
  async ask<T>(vhost: string, doing: string, question: (channel: Channel) => Promise<T>): Promise<T> {
    const connection = await this.opened(vhost)
    const { model } = connection
    return this.#inTime(connection, doing, async () => {
      const idle = this.#idle.get(model) ?? []
      this.#idle.set(model, idle)
      const channel = idle.pop() ?? (await openChannel(model))
      try {
        const answer = await question(channel)
        idle.push(channel)
        return answer
      } catch (error) {
        await closeChannel(channel)
        throw error
      }
    })
  }

  /**
   * Executes requests on separate connections, which are closed afterwards: for a queue without a process, the broker
   * closes the whole connection (541), and every other request on it fails.
   */
  async apart<T>(use: (amqp: Amqp) => Promise<T>): Promise<T> {
    const apart = new Amqp(this.target, this.#signal)
    try {
      return await use(apart)
    } finally {
      await apart.close()
    }
  }

  /**
   * Opens a connection to a virtual host and several channels, and closes the channels.
   *
   * @returns the reason of a failure, such as a limit of connections or channels; undefined if it succeeds
   */
  async whyNoChannels(vhost: string, channels: number): Promise<string | undefined> {
    let connection: OpenConnection | undefined
    try {
      const { model } = (connection = await this.opened(vhost))
      await this.#inTime(connection, 'opening channels', async () => {
        const opened = await Promise.all(Array.from({ length: channels }, () => openChannel(model)))
        await Promise.all(opened.map((channel) => closeChannel(channel)))
      })
      return undefined
    } catch (error) {
      if (error instanceof WrongBrokerError) throw error
      // If a channel exceeds a limit, the broker closes the whole connection.
      const reason: unknown = connection?.gone.reason ?? error
      return reason instanceof WarrenError
        ? reason.message
        : `the broker does not open a channel: ${brokerReason(reason)}`
    }
  }

  /**
   * Drops the connection to a virtual host if no channel can be opened on it, so that the next caller gets a new one.
   * A working connection that another caller opened in the meantime is kept.
   */
  async dropIfSilent(vhost: string, reason: Error): Promise<void> {
    const connection = await this.#connections.get(vhost)?.catch(() => undefined)
    if (connection === undefined || connection.gone.aborted) return
    const opened = openChannel(connection.model).then(closeChannel)
    const late = sleep(Math.min(PROBE_LIMIT, connection.answerLimit), 'late' as const, { ref: false })
    const answer = await Promise.race([opened, late]).catch(() => 'late' as const)
    if (answer === 'late') await connection.drop(reason)
  }

  async close(): Promise<void> {
    this.#endOfSignal.abort()
    clearTimeout(this.#stopping)
    const connections = await Promise.allSettled(this.#connections.values())
    this.#connections.clear()
    const open = connections.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    await Promise.all(open.map((each) => each.close(CLOSE_DEADLINE)))
  }

  async #dropAll(): Promise<void> {
    const stopped = new StoppedError()
    this.#stop.abort(stopped)
    const connections = [...this.#connections.values()]
    await Promise.allSettled(connections.map(async (opening) => (await opening).drop(stopped)))
  }

  #open(vhost: string): Promise<OpenConnection> {
    const opening = openTarget(this.target, vhost, 'warren', this.#stop.signal)
    const forget = (): void => {
      // The next caller opens a new connection.
      if (this.#connections.get(vhost) === opening) this.#connections.delete(vhost)
    }
    this.#connections.set(vhost, opening)
    opening.then(({ gone }) => gone.addEventListener('abort', forget, { once: true }), forget)
    return opening
  }

  /** @param work receives a signal that is aborted at the timeout */
  async #inTime<T>(connection: OpenConnection, doing: string, work: (late: AbortSignal) => Promise<T>): Promise<T> {
    const milliseconds = this.target.timeout ?? DEFAULT_TIMEOUT
    const end = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const { blocked } = connection
        const reason = `the broker did not answer within ${inSeconds(milliseconds)}`
        reject(blocked === undefined ? new NoAnswerError(reason) : new Error(`${reason}: ${saysBlocked(blocked)}`))
        end.abort()
      }, milliseconds)
    })
    try {
      return await Promise.race([work(end.signal), late])
    } catch (error) {
      // amqplib rejects the requests of a lost connection without the reason.
      throw amqpError(replyCode(error) === undefined ? (connection.gone.reason ?? error) : error, doing)
    } finally {
      clearTimeout(timer)
    }
  }
}
