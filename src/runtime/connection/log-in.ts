import { credentials } from 'amqplib'
import { hostname } from 'node:os'
import { openConnection, type OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import { writeTogether } from '../../broker/amqp/connections/socket.ts'
import type { ConnectionRole } from '../events/runtime-events.ts'
import type { TlsOptions } from './connection-environment.ts'
import type { BrokerAddress } from './connection-settings.ts'
import { askForCredentials } from './credentials.ts'
import type { Credentials, CredentialsProvider } from './credentials.ts'

/** The settings that all connections of one runtime share. */
export interface ConnectionSettings {
  /** Read again before each attempt, because passwords change. */
  readonly addresses: () => readonly BrokerAddress[]
  /** The vhost on the broker. */
  readonly vhost: string
  /** In seconds; 0 disables heartbeats. */
  readonly heartbeat: number
  readonly name: string | undefined
  /** Read again before each attempt, because certificates are renewed. */
  readonly tls: () => TlsOptions | undefined
  /** Replaces the login of the addresses. */
  readonly credentials: CredentialsProvider | undefined
  /** How long a channel or connection may leave a request unanswered, in milliseconds. Default 30,000. */
  readonly answerLimit?: number | undefined
}

/** How long one attempt may take until the broker has accepted the connection, in milliseconds. */
const ATTEMPT_TIMEOUT = 10_000
/** How long the operating system waits before it probes an idle socket, in milliseconds. */
const KEEP_ALIVE_DELAY = 30_000

/** An open connection, and the credentials that the provider returned for it. */
export interface LoggedIn {
  readonly connection: OpenConnection
  readonly credentials: Credentials | undefined
}

/** Opens one connection of a runtime; errors of amqplib pass through unchanged. */
export async function logIn(
  address: BrokerAddress,
  settings: ConnectionSettings,
  role: ConnectionRole,
): Promise<LoggedIn> {
  const given = settings.credentials && (await askForCredentials(settings.credentials))
  const connection = await openConnection(
    {
      protocol: address.protocol,
      hostname: address.hostname,
      port: address.port,
      username: given?.username ?? address.username.reveal(),
      password: given?.password ?? address.password.reveal(),
      vhost: settings.vhost,
      heartbeat: settings.heartbeat,
      name: `${settings.name ?? `warren ${process.pid}@${hostname()}`} (${role})`,
    },
    {
      ...settings.tls(),
      ...(address.external && { credentials: credentials.external() }),
      keepAlive: true,
      keepAliveDelay: KEEP_ALIVE_DELAY,
    },
    { connect: ATTEMPT_TIMEOUT, answer: settings.answerLimit },
  )
  writeTogether(connection.model)
  return { connection, credentials: given }
}
