import type { SharedReads } from '../../broker/management/shared-reads.ts'
import type { ManagementConnection } from '../../broker/management/connection.ts'
import type { AmqpTarget } from '../../broker/amqp/connections/amqp-target.ts'
import type { ConfiguredName } from '../../desired/declaration/declare.ts'
import type { EnvironmentSettings } from '../../desired/load/load-topology.ts'
import type { LintSettings } from '../../insight/lint/lint-settings.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'

/** The topology files that an operation reads, and the values of their references. */
export interface TopologyOptions {
  /** Files and folders; a folder means all topologies in `*.yaml` and `*.yml` below it, `-` for standard input. */
  readonly paths: readonly string[]
  /** Files that are merged over the documents of their vhost, in the given order. Default: none. */
  readonly overlays?: readonly string[]
  /** Values of `${var:name}`; a file has to refer to each of them. Default: none. */
  readonly variables?: Readonly<Record<string, string>>
  /** Variables files, with one `name=value` on each line; `variables` takes precedence. Default: none. */
  readonly variableFiles?: readonly string[]
  /** Virtual hosts to rename, from the name in the files to the name on the broker. Default: none. */
  readonly vhosts?: Readonly<Record<string, string>>
  /** Reads standard input for the path `-`. Default: `-` is an error. */
  readonly standardInput?: () => Promise<Uint8Array>
  /**
   * The environment of a config. The options given here take precedence over its variables and vhosts. Default: none.
   */
  readonly inEnvironment?: EnvironmentSettings
  /** The project of a config that the files have to declare. Default: any. */
  readonly configured?: ConfiguredName
  /** Values of `${env:NAME}`. Default: none. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** The value of `${environment}` in the files: the name of the chosen environment. Default: no environment. */
  readonly environmentName?: string
  /**
   * Severities of rules, and accepted findings. They also apply to warnings about the files. Default: those of the
   * rules.
   */
  readonly rules?: LintSettings
  /**
   * The registry for the secrets of this run. Default: a new one.
   *
   * @internal for the command line, which masks its own outputs
   */
  readonly secrets?: SecretRegistry
}

/** The broker that an operation works on. */
export interface BrokerOptions {
  /** The address of its management API, and the login. */
  readonly connection: ManagementConnection
  /** How long to wait for a broker that is still booting, in milliseconds. Default 0. */
  readonly wait?: number
  /**
   * The address of AMQP, which warren uses to count and move messages and to hold the lock. Default: the host of the
   * management API with the same login, and the port that the broker reports.
   */
  readonly amqp?: AmqpTarget
  /** The expected cluster name; if the broker reports another one, nothing is done. Default: any. */
  readonly cluster?: string
  /**
   * Environment variables with addresses of a broker that are not used; the head of a plan names them. Default: none.
   */
  readonly unusedVariables?: readonly string[]
  /**
   * The registry for the secrets of this run. Default: a new one.
   *
   * @internal for the command line, which masks its own outputs
   */
  readonly secrets?: SecretRegistry
  /**
   * The responses of several plans that look at the broker together. Default: each plan reads separately.
   *
   * @internal for the drift service
   */
  readonly sharedReads?: SharedReads
}

/** A definitions file to compare with instead of a broker. */
export interface DefinitionsOptions {
  /** A file that a broker exported: `GET /api/definitions`, or that of one vhost. */
  readonly against: string
}
