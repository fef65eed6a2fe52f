import type { ManagementConnection } from '../../broker/management/connection.ts'
import type { AmqpTarget } from '../../broker/amqp/connections/amqp-target.ts'
import type { ConfiguredName } from '../../desired/declaration/declare.ts'
import type { EnvironmentSettings } from '../../desired/load/load-topology.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'

/** The topology files that an operation reads, and the values of their references. */
export interface TopologyOptions {
  /** Files and folders; a folder means all topologies in `*.yaml` and `*.yml` below it, `-` for standard input. */
  readonly paths: readonly string[]
  /** Files that are merged over the documents of their vhost, in this order. Default: none. */
  readonly overlays?: readonly string[]
  /** Values of `${var:name}`; a file has to refer to each of them. Default: none. */
  readonly variables?: Readonly<Record<string, string>>
  /** Files of variables, one `name=value` a line; `variables` win over them. Default: none. */
  readonly variableFiles?: readonly string[]
  /** Virtual hosts to rename, from the name in the files to the name on the broker. Default: none. */
  readonly vhosts?: Readonly<Record<string, string>>
  /** Reads standard input for the path `-`. Default: `-` is an error. */
  readonly standardInput?: () => Promise<Uint8Array>
  /** The environment of a config that the run is for: its variables and vhosts yield to those given here. Default: none. */
  readonly inEnvironment?: EnvironmentSettings
  /** The project of a config that the files have to be of. Default: any. */
  readonly configured?: ConfiguredName
  /** Values of `${env:NAME}`. Default: none. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** The value of `${environment}` in the files: the name of the chosen environment. Default: none is chosen. */
  readonly environmentName?: string
  /**
   * Where this run registers its secrets. Default: a registry of its own.
   *
   * @internal for the command line, which masks its own outputs
   */
  readonly secrets?: SecretRegistry
}

/** The broker that an operation works on. */
export interface BrokerOptions {
  /** Where its management API is, and how to log in. */
  readonly connection: ManagementConnection
  /** How long to wait for a broker that is still booting, in milliseconds. Default 0. */
  readonly wait?: number
  /**
   * Where AMQP is, by which messages are counted and moved and the lock is held. Default: the host of the management API,
   * with the same login, on the port on which the broker says that it listens.
   */
  readonly amqp?: AmqpTarget
  /** The cluster name that the broker has to report; with another one nothing is done. Default: any. */
  readonly cluster?: string
  /** Variables of the process that say where a broker is and are not used: the head of a plan names them. Default: none. */
  readonly unusedVariables?: readonly string[]
  /**
   * Where this run registers its secrets. Default: a registry of its own.
   *
   * @internal for the command line, which masks its own outputs
   */
  readonly secrets?: SecretRegistry
}

/** A definitions file to compare with in place of a broker. */
export interface DefinitionsOptions {
  /** A file that a broker exported: `GET /api/definitions`, or that of one vhost. */
  readonly against: string
}
