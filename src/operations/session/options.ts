import type { ManagementConnection } from '../../broker/management/connection.ts'
import type { AmqpTarget } from '../../broker/amqp/connections/amqp-target.ts'
import type { SecretsOptions } from './with-secrets.ts'

/** Which files a verb works on. */
export interface TopologyOptions extends SecretsOptions {
  /** Files and folders; a folder stands for all `*.yaml` and `*.yml` below it. */
  readonly paths: readonly string[]
  /** Files that are merged over the documents of their vhost, in this order. */
  readonly overlays?: readonly string[]
  /** What `${var:name}` stands for. */
  readonly variables?: Readonly<Record<string, string>>
  /** Files of variables, one `name=value` a line; `variables` win over them. */
  readonly variableFiles?: readonly string[]
  /** Vhosts to be replaced by others, for preview environments and tests. */
  readonly vhosts?: Readonly<Record<string, string>>
  /** What `${env:NAME}` stands for. Default: nothing is set. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** Which broker a verb works on. */
export interface BrokerOptions extends SecretsOptions {
  readonly connection: ManagementConnection
  /** How long to wait for a broker that is still booting, in milliseconds. Default 0. */
  readonly wait?: number
  /**
   * Where AMQP is, by which messages are counted and moved and the lock is held. Default: the host of the management API,
   * with the same login, on the port on which the broker says that it listens.
   */
  readonly amqp?: AmqpTarget
}

/** What stands for a broker where there is none. */
export interface DefinitionsOptions {
  /** A file that a broker exported: `GET /api/definitions`, or that of one vhost. */
  readonly against: string
}
