import type { Kind, ObjectOf } from '../model/topology.ts'

/**
 * What has to be done to a broker so that it becomes what the files say. Plain data: renderers and apply use only
 * this, and nothing in it tells a secret.
 */
export interface Plan {
  /** The version of this format. */
  readonly format: 1
  readonly project: string
  readonly broker: PlannedBroker
  readonly files: PlannedFiles
  /** Ordered by vhost, kind and name, so that two runs give the same text. */
  readonly changes: readonly Change[]
  /** Why changes cannot be made. A plan with any is applied not even in part. */
  readonly blocks: readonly Block[]
  /** What cannot be told without a reference that is not set. */
  readonly unknowns: readonly Unknown[]
  /** Declared objects that are on the broker as declared. */
  readonly unchanged: number
  /** Objects in the declared vhosts that no file declares. They are never touched. */
  readonly undeclared: number
  /** Eight hexadecimal digits over the changes: equal plans have equal digests. */
  readonly digest: string
}

export interface PlannedBroker {
  readonly name: string
  readonly version: string
  /** Base URL of the management API, without login. */
  readonly url: string
}

export interface PlannedFiles {
  /** As given on the command line. */
  readonly paths: readonly string[]
  readonly count: number
  readonly overlays: readonly string[]
}

interface ChangeOf<K extends Kind> {
  readonly kind: K
  /** `kind:vhost/name`. */
  readonly address: string
}

interface CreateOf<K extends Kind> extends ChangeOf<K> {
  readonly action: 'create'
  readonly after: ObjectOf[K]
}

interface UpdateOf<K extends Kind> extends ChangeOf<K> {
  readonly action: 'update'
  readonly before: ObjectOf[K]
  readonly after: ObjectOf[K]
  readonly differences: readonly Difference[]
}

/** RabbitMQ cannot change this in place (rabbit_exchange, rabbit_amqqueue: assert_equivalence). */
interface ReplaceOf<K extends Kind> extends ChangeOf<K> {
  readonly action: 'replace'
  readonly before: ObjectOf[K]
  readonly after: ObjectOf[K]
  readonly differences: readonly Difference[]
  /** Messages on the live queue, ready and unacknowledged, some seconds old. */
  readonly messages?: number
}

/** One step from the live to the desired topology. */
export type Change = { [K in Kind]: CreateOf<K> | UpdateOf<K> | ReplaceOf<K> }[Kind]

/** A property that differs. */
export type Difference =
  | {
      /** In the words of the file format; an argument is `arguments.x-message-ttl`. */
      readonly property: string
      /** Absent where there is none. */
      readonly before?: unknown
      readonly after?: unknown
    }
  /** A secret that differs: only that it does. */
  | { readonly property: string; readonly secret: 'changed' }

/** Why a change, or the whole plan, cannot be carried out. */
export type Block =
  | {
      readonly reason: 'needs-replacement'
      readonly address: string
      readonly properties: readonly string[]
      readonly messages?: number
    }
  | { readonly reason: 'external-missing'; readonly address: string }
  | { readonly reason: 'own-login'; readonly address: string }
  | { readonly reason: 'untouchable'; readonly address: string }

/** A property that cannot be compared, since a reference is not set. */
export interface Unknown {
  readonly address: string
  readonly property: string
  /** Such as `EMAIL_WORKER_PASSWORD is not set`. */
  readonly missing: string
}
