import type { ChannelModel } from 'amqplib'
import { ANSWER_LIMIT } from './answer-limit.ts'
import { connectInTime, type Limits } from './connect-in-time.ts'
import { socketOf } from './socket.ts'

/** How long a closed connection may take to send its last frames, in milliseconds. */
const LINGER = 1_000

/** A connection that was open at least once. */
export class OpenConnection {
  readonly model: ChannelModel
  /** How long a confirm may take, in milliseconds. */
  readonly answerLimit: number
  /** Aborted with the reason when the connection is closed for any reason. */
  readonly gone: AbortSignal
  /** Why the broker currently accepts no messages; undefined while it does. */
  blocked: string | undefined

  constructor(model: ChannelModel, answerLimit = ANSWER_LIMIT) {
    this.model = model
    this.answerLimit = answerLimit
    const gone = new AbortController()
    this.gone = gone.signal
    // The listeners are added immediately, because an `error` without a listener would end the process.
    let cause: unknown
    model.on('error', (error: Error) => (cause = error))
    model.on('blocked', (reason: string) => (this.blocked = reason))
    model.on('unblocked', () => (this.blocked = undefined))
    model.on('close', (error?: Error) => {
      // amqplib never destroys its socket: a frozen peer would keep the socket open, and with it the process.
      setTimeout(() => socketOf(model)?.destroy(), LINGER).unref()
      gone.abort(cause ?? error ?? new Error('connection closed'))
    })
  }

  get isGone(): boolean {
    return this.gone.aborted
  }

  /** The cluster name that the broker reports; undefined if there is none. */
  get clusterName(): string | undefined {
    const name: unknown = this.model.connection.serverProperties['cluster_name']
    return typeof name === 'string' ? name : undefined
  }

  /** The broker's version, such as `3.10.8`; empty if the broker does not report it. */
  get brokerVersion(): string {
    return this.model.connection.serverProperties.version ?? ''
  }

  /** The largest frame that may be sent, in bytes, as negotiated with the broker; infinite without a limit. */
  get frameMax(): number {
    // Not in the types of amqplib.
    const { frameMax } = this.model.connection as { frameMax?: unknown }
    return typeof frameMax === 'number' && frameMax > 0 ? frameMax : Infinity
  }

  /** Resolves with the reason when the connection is closed. */
  async whenGone(): Promise<unknown> {
    if (!this.gone.aborted) {
      await new Promise<void>((resolve) => this.gone.addEventListener('abort', () => resolve(), { once: true }))
    }
    return this.gone.reason
  }

  /** Replaces the secret of the login, such as an OAuth token, on the open connection. */
  async update(secret: string): Promise<void> {
    await this.model.updateSecret(Buffer.from(secret), 'renewed before its end')
  }

  /** Destroys the connection immediately, without notifying the broker; `gone` then has `reason`. */
  async drop(reason: Error): Promise<void> {
    const gone = this.whenGone()
    socketOf(this.model)?.destroy(reason)
    await gone
  }

  /** Closes the connection gracefully within `deadline` milliseconds, and destroys it after that. */
  async close(deadline: number): Promise<void> {
    if (this.gone.aborted) return
    const gone = this.whenGone()
    // amqplib never resolves a close whose socket breaks meanwhile, but it then emits `close`.
    const closed = this.model.close().then(
      () => undefined,
      () => undefined,
    )
    // Passes an error, because without it amqplib would notice only when heartbeats are missing.
    const giveUp = (): void => socketOf(this.model)?.destroy(new Error('the connection was not closed in time'))
    const timer = setTimeout(giveUp, Math.max(deadline, 1))
    await Promise.race([closed, gone])
    clearTimeout(timer)
  }
}

/** The address and the login of a connection. */
export interface ConnectionTarget {
  readonly protocol: 'amqp' | 'amqps'
  readonly hostname: string
  readonly port: number
  readonly username: string
  readonly password: string
  readonly vhost: string
  /** In seconds; 0 disables heartbeats. */
  readonly heartbeat: number
  /** The connection name that RabbitMQ shows. */
  readonly name: string
}

/**
 * Opens a connection.
 *
 * @param socket TLS and other settings of the socket, as amqplib takes them
 * @throws what amqplib throws, and {NoAnswerError} when the broker takes too long
 */
export async function openConnection(
  { vhost, name, ...target }: ConnectionTarget,
  socket: Readonly<Record<string, unknown>>,
  limits: Limits,
): Promise<OpenConnection> {
  const model = await connectInTime(
    // amqplib decodes the vhost again, as if it came from a URL.
    { ...target, vhost: encodeURIComponent(vhost) },
    { ...socket, noDelay: true, clientProperties: { connection_name: name } },
    limits,
  )
  return new OpenConnection(model, limits.answer)
}

/** Explains that the broker blocks the connection, with the broker's own reason. */
export function saysBlocked(reason: string): string {
  return `the broker accepts no messages at the moment (${reason})`
}
