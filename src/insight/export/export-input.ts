import type { Topology } from '../../model/topology.ts'
import type { Publisher } from '../../broker/snapshot/publishers.ts'
import type { FrameworkObject } from '../frameworks/framework-object.ts'

/** The input of an export. */
export interface ExportInput {
  /** Everything that was read, including the broker's own exchanges. */
  readonly topology: Topology
  /** The user that reads the broker. It is never exported. Absent for a definitions file. */
  readonly login?: string
  /** The version of the broker, which determines how policies apply to queues; empty if it is unknown. */
  readonly version: string
  /** The owners in the broker's records, by address. */
  readonly owners: ReadonlyMap<string, RecordedOwner>
  /** Objects that are never exported, by address, with the reason. */
  readonly excluded: ReadonlyMap<string, string>
  /** Exchanges that are not declared but that files may refer to, by address, with the reason. */
  readonly referred?: ReadonlyMap<string, string>
  /** Objects of known frameworks, by address. */
  readonly frameworks: ReadonlyMap<string, FrameworkObject>
  /** The current consumers, for inferred subscriptions. */
  readonly consumers: readonly SeenConsumer[]
  /** The users that publish now, for comments. Default: unknown. */
  readonly publishers?: readonly Publisher[]
}

/** The project that a record names as the owner of an object. */
export interface RecordedOwner {
  readonly project: string
  readonly protected: boolean
}

/** A consumer, with the names that the broker reports. */
export interface SeenConsumer {
  readonly vhost: string
  readonly queue: string
  /** Absent where it is unknown. */
  readonly user?: string
}

/** The layout and the contents of an export. */
export interface ExportChoices {
  /** Assigns queues and exchanges to projects by their names. Default: groups by prefix. */
  readonly rules?: readonly SplitRule[]
  /** Puts everything into one project, with one file for each virtual host. Default: one project for each group. */
  readonly singleProject?: string
  /** Whether to write retry ladders, dead letters and super streams in warren's short forms. Default true. */
  readonly fold?: boolean
  /** Whether to export queues that are not durable, too. Default false. */
  readonly includeTransient?: boolean
  /** Whether to export the infrastructure of frameworks, too. Default false. */
  readonly includeFramework?: boolean
  /** Whether to write references to password hashes. Default false: the files contain nothing about passwords. */
  readonly passwordHashes?: boolean
  /** Whether to infer subscriptions from consumers, and to name publishers in comments. Default false. */
  readonly inferRoutes?: boolean
}

/** The names of queues and exchanges that belong to one project. */
export interface SplitRule {
  readonly pattern: RegExp
  readonly project: string
}

/** Results of earlier attempts that the export has to respect. */
export interface ExportDecisions {
  /** Objects that cannot be declared, by their addresses, with the reason. */
  readonly undeclarable: ReadonlyMap<string, string>
  /** Addresses of queues and exchanges whose short forms would have another meaning. */
  readonly unfolded: ReadonlySet<string>
}

/** An object that no file declares. */
export interface LeftOut {
  readonly address: string
  readonly reason: string
}
