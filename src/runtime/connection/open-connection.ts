import { credentials } from 'amqplib'
import type { ChannelModel } from 'amqplib'
import { hostname } from 'node:os'
import { ANSWER_LIMIT } from '../../broker/amqp/connections/answer-limit.ts'
import { connectInTime } from '../../broker/amqp/connections/connect-in-time.ts'
import { socketOf } from '../../broker/amqp/connections/socket-of.ts'
import type { BrokerAddress } from './connection-settings.ts'
import { askForCredentials } from './credentials.ts'
import type { Credentials, CredentialsProvider } from './credentials.ts'
import type { ConnectionRole } from '../events/runtime-events.ts'
import { writeTogether } from '../publish/write-together.ts'

/** How to speak TLS. The texts are PEM, as Node.js takes them; a client certificate is `cert` with `key`. */
export interface TlsOptions {
  readonly ca?: string | Buffer | (string | Buffer)[]
  readonly cert?: string | Buffer
  readonly key?: string | Buffer
  readonly passphrase?: string
  /** The name that the broker's certificate must have. Default: the host of the URL. */
  readonly servername?: string
  /** Default true. False trusts anyone who answers: for tests only. */
  readonly rejectUnauthorized?: boolean
}

/** What all connections of one runtime have in common. */
export interface ConnectionSettings {
  /** Read again before each attempt, since passwords change. */
  readonly addresses: () => readonly BrokerAddress[]
  /** The vhost on the broker. */
  readonly vhost: string
  /** In seconds; 0 switches heartbeats off. */
  readonly heartbeat: number
  readonly name: string | undefined
  /** Read again before each attempt, since certificates are renewed. */
  readonly tls: () => TlsOptions | undefined
  /** Instead of the login of the addresses. */
  readonly credentials: CredentialsProvider | undefined
  /** After how long without an answer a channel or connection is given up, in milliseconds. Default 30,000. */
  readonly answerLimit?: number | undefined
}

/** How long one attempt may take until the broker has accepted the connection, in milliseconds. */
const ATTEMPT_TIMEOUT = 10_000
/** How long the operating system waits before it probes an idle socket, in milliseconds. */
const KEEP_ALIVE_DELAY = 30_000
/** How long a closed connection may take to send its last frames, in milliseconds. */
const LINGER = 1_000

/** A connection that was open at least once. */
export class OpenConnection {
  readonly model: ChannelModel
  /** Whether the broker takes no messages from it at the moment. */
  blocked = false
  /** Resolves with the reason when the connection is gone, however that came. */
  readonly gone: Promise<unknown>
  /** What it has logged in with, where a provider gave it. */
  readonly credentials: Credentials | undefined
  /** How long a confirm may take, in milliseconds. */
  readonly answerLimit: number
  #isGone = false

  constructor(model: ChannelModel, credentials?: Credentials, answerLimit = ANSWER_LIMIT) {
    this.model = model
    this.credentials = credentials
    this.answerLimit = answerLimit
    // Listens from the first tick: an `error` without a listener would end the process.
    let cause: unknown
    model.on('error', (error: Error) => (cause = error))
    this.gone = new Promise((resolve) => {
      model.on('close', (error?: Error) => {
        this.#isGone = true
        destroySocket(model)
        resolve(cause ?? error ?? new Error('connection closed'))
      })
    })
  }

  get isGone(): boolean {
    return this.#isGone
  }

  /** The broker's version, such as `3.10.8`; empty when it does not tell. */
  get brokerVersion(): string {
    return this.model.connection.serverProperties.version ?? ''
  }

  /** The largest frame that may be sent, in bytes, as agreed with the broker; infinite when there is no limit. */
  get frameMax(): number {
    // Not in the types of amqplib.
    const { frameMax } = this.model.connection as { frameMax?: unknown }
    return typeof frameMax === 'number' && frameMax > 0 ? frameMax : Infinity
  }

  /** Gives the broker a new secret in place of the one that was logged in with. */
  async update(secret: string): Promise<void> {
    await this.model.updateSecret(Buffer.from(secret), 'renewed before its end')
  }

  /** Closes it politely within `deadline` milliseconds, and anyhow after that. */
  async close(deadline: number): Promise<void> {
    if (this.#isGone) return
    // amqplib never answers a close whose socket breaks meanwhile, but then it emits `close`.
    const closed = this.model.close().then(
      () => undefined,
      () => undefined,
    )
    // With an error, without which amqplib would notice only by the missing heartbeats.
    const giveUp = (): void => socketOf(this.model)?.destroy(new Error('the connection was not closed in time'))
    const timer = setTimeout(giveUp, Math.max(deadline, 1))
    await Promise.race([closed, this.gone])
    clearTimeout(timer)
  }
}

/** Opens one connection; the error of amqplib goes through as it is. */
export async function openConnection(
  address: BrokerAddress,
  settings: ConnectionSettings,
  role: ConnectionRole,
): Promise<OpenConnection> {
  const given = settings.credentials && (await askForCredentials(settings.credentials))
  const model = await connectInTime(
    {
      protocol: address.protocol,
      hostname: address.hostname,
      port: address.port,
      username: given?.username ?? address.username.reveal(),
      password: given?.password ?? address.password.reveal(),
      // amqplib decodes the vhost once more, as if it came from a URL.
      vhost: encodeURIComponent(settings.vhost),
      heartbeat: settings.heartbeat,
    },
    {
      ...settings.tls(),
      ...(address.external && { credentials: credentials.external() }),
      noDelay: true,
      keepAlive: true,
      keepAliveDelay: KEEP_ALIVE_DELAY,
      clientProperties: {
        connection_name: `${settings.name ?? `warren ${process.pid}@${hostname()}`} (${role})`,
      },
    },
    { connect: ATTEMPT_TIMEOUT, answer: settings.answerLimit },
  )
  writeTogether(model)
  return new OpenConnection(model, given, settings.answerLimit)
}

/** amqplib never destroys it: a peer that is frozen would keep it, and the process. */
function destroySocket(model: ChannelModel): void {
  setTimeout(() => socketOf(model)?.destroy(), LINGER).unref()
}
