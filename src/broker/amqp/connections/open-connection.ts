import type { ChannelModel } from 'amqplib'
import { explainConnectionRefusal } from '../../../diagnostics/connection-refusal.ts'
import { ExitCode } from '../../../diagnostics/exit-code.ts'
import { WarrenError } from '../../../diagnostics/warren-error.ts'
import type { AmqpTarget } from './amqp-target.ts'
import { ANSWER_LIMIT } from './answer-limit.ts'
import { connectInTime } from './connect-in-time.ts'
import { requireExpectedBroker } from './expected-broker.ts'
import { socketOf } from './socket-of.ts'

export const DEFAULT_TIMEOUT = 30_000
/** In seconds. A broker that is frozen is given up after twice as long. */
const HEARTBEAT = 15
/** How long a closed connection may take to send its last frames, in milliseconds. */
const LINGER = 1_000
/** How long a connection to the wrong broker may take to close, in milliseconds. */
const CLOSE_DEADLINE = 2_000

/** A connection that was open at least once. */
export class OpenConnection {
  readonly model: ChannelModel
  /** How long a confirm may take, in milliseconds. */
  readonly answerLimit: number
  /** Aborted, with the reason, when the connection is gone, however that came. */
  readonly gone: AbortSignal
  /** Why the broker takes no messages at the moment; undefined while it does. */
  blocked: string | undefined

  constructor(model: ChannelModel, answerLimit = ANSWER_LIMIT) {
    this.model = model
    this.answerLimit = answerLimit
    const gone = new AbortController()
    this.gone = gone.signal
    // Listens from the first tick: an `error` without a listener would end the process.
    let cause: unknown
    model.on('error', (error: Error) => (cause = error))
    model.on('blocked', (reason: string) => (this.blocked = reason))
    model.on('unblocked', () => (this.blocked = undefined))
    model.on('close', (error?: Error) => {
      // amqplib never destroys its socket: a peer that is frozen would keep it, and the process.
      setTimeout(() => socketOf(model)?.destroy(), LINGER).unref()
      gone.abort(cause ?? error ?? new Error('connection closed'))
    })
  }

  /** The cluster name that the broker reports; undefined when it reports none. */
  get clusterName(): string | undefined {
    const name: unknown = this.model.connection.serverProperties['cluster_name']
    return typeof name === 'string' ? name : undefined
  }

  /** Ends it at once, without a word to the broker; `reason` is why it is gone then. */
  async drop(reason: Error): Promise<void> {
    const gone = this.#whenGone()
    socketOf(this.model)?.destroy(reason)
    await gone
  }

  /** Closes it politely within `deadline` milliseconds, and anyhow after that. */
  async close(deadline: number): Promise<void> {
    if (this.gone.aborted) return
    const gone = this.#whenGone()
    // amqplib never answers a close whose socket breaks meanwhile, but then it emits `close`.
    const closed = this.model.close().then(
      () => undefined,
      () => undefined,
    )
    const giveUp = (): void => socketOf(this.model)?.destroy(new Error('the connection was not closed in time'))
    const timer = setTimeout(giveUp, deadline)
    await Promise.race([closed, gone])
    clearTimeout(timer)
  }

  async #whenGone(): Promise<void> {
    if (this.gone.aborted) return
    await new Promise<void>((resolve) => this.gone.addEventListener('abort', () => resolve(), { once: true }))
  }
}

/**
 * Opens one connection.
 *
 * @param name what RabbitMQ shows as the connection's name
 * @param signal ends the attempt; a connection that is open stays so
 * @throws {WarrenError} that says why, without any part of the login
 */
export async function openConnection(
  target: AmqpTarget,
  vhost: string,
  name: string,
  signal?: AbortSignal,
): Promise<OpenConnection> {
  const { protocol, hostname, port, user, password, tls, timeout = DEFAULT_TIMEOUT, answerLimit } = target
  let connection: OpenConnection
  try {
    const model = await connectInTime(
      {
        protocol,
        hostname,
        port,
        username: user,
        password: password.reveal(),
        // amqplib decodes the vhost once more, as if it came from a URL.
        vhost: encodeURIComponent(vhost),
        heartbeat: HEARTBEAT,
      },
      { ...tls, noDelay: true, clientProperties: { connection_name: name } },
      { connect: timeout, answer: answerLimit, signal },
    )
    connection = new OpenConnection(model, answerLimit)
  } catch (error) {
    const { message, hint } = explainConnectionRefusal(error, target, vhost)
    throw new WarrenError(message, { exitCode: ExitCode.unreachable, hint, cause: error })
  }
  try {
    requireExpectedBroker(target, connection.clusterName)
  } catch (error) {
    await connection.close(CLOSE_DEADLINE)
    throw error
  }
  return connection
}

/** Why nothing is answered, with the broker's own reason. */
export function saysBlocked(reason: string): string {
  return `the broker takes no messages at the moment (${reason})`
}
