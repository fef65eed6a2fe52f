import type { Topology } from '../../model/topology.ts'
import type { FrameworkObject } from '../frameworks/framework-object.ts'

/** What an export turns into files. */
export interface ExportInput {
  /** Everything that was read, the broker's own exchanges included. */
  readonly topology: Topology
  /** The user that reads the broker; it is never declared. Absent for a definitions file. */
  readonly login?: string
  /** The version of the broker, by which policies reach queues; empty where it is unknown. */
  readonly version: string
  /** What the broker's records say of an object, by its address. */
  readonly owners: ReadonlyMap<string, RecordedOwner>
  /** Objects that are not exported whatever the options say, by their addresses, with the reason. */
  readonly excluded: ReadonlyMap<string, string>
  /** Exchanges that are not declared and that files may refer to, by address, with the reason. */
  readonly referred?: ReadonlyMap<string, string>
  /** What known frameworks declared, by address. */
  readonly frameworks: ReadonlyMap<string, FrameworkObject>
  /** Who consumes now, for inferred subscriptions. */
  readonly consumers: readonly SeenConsumer[]
}

/** Which project a record assigns an object to. */
export interface RecordedOwner {
  readonly project: string
  readonly protected: boolean
}

/** A consumer, as far as the broker names it. */
export interface SeenConsumer {
  readonly vhost: string
  readonly queue: string
  /** Absent where it is unknown. */
  readonly user?: string
}

/** How an export is laid out, and what it contains. */
export interface ExportChoices {
  /** Assigns queues and exchanges to projects by their names. Default: groups by prefix. */
  readonly rules?: readonly SplitRule[]
  /** One project for everything, with one file for each virtual host. Default: one project for each group. */
  readonly singleProject?: string
  /** Whether retry ladders, dead letters and super streams are written in warren's short forms. Default true. */
  readonly fold?: boolean
  /** Whether queues that do not survive are exported, too. Default false. */
  readonly includeTransient?: boolean
  /** Whether the infrastructure of frameworks is exported, too. Default false. */
  readonly includeFramework?: boolean
  /** Whether password hashes are referred to. Default false: files say nothing of passwords. */
  readonly passwordHashes?: boolean
  /** Whether subscriptions are guessed from consumers. Default false. */
  readonly inferRoutes?: boolean
}

/** Names that belong to one project. */
export interface SplitRule {
  readonly pattern: RegExp
  readonly project: string
}

/** What earlier attempts have found out, which the export has to respect. */
export interface ExportDecisions {
  /** Objects that cannot be declared, by their addresses, with the reason. */
  readonly undeclarable: ReadonlyMap<string, string>
  /** Addresses of queues and exchanges whose short forms would not mean the same. */
  readonly unfolded: ReadonlySet<string>
}

/** An object that no file declares. */
export interface LeftOut {
  readonly address: string
  readonly reason: string
}
