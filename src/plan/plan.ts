import type { Kind, ObjectOf } from '../model/topology.ts'
import type { Untold } from '../model/untold.ts'

/**
 * What has to be done to a broker so that it becomes what the files say. Plain data: renderers and apply use only
 * this, and nothing in it tells a secret.
 */
export interface Plan {
  /** The version of this format. */
  readonly format: 1
  readonly project: string
  readonly broker: PlannedBroker
  /** The definitions file that stood for the broker; absent when the broker itself was asked. */
  readonly against?: PlannedAgainst
  readonly files: PlannedFiles
  /** Ordered by vhost, kind and name, so that two runs give the same text. */
  readonly changes: readonly Change[]
  /** Why changes cannot be made. A plan with any is applied not even in part. */
  readonly blocks: readonly Block[]
  /** What cannot be told without a reference that is not set. */
  readonly unknowns: readonly Unknown[]
  /** What policies will do to declared objects, beside what their declarations say. */
  readonly notes: readonly Note[]
  /** Declared objects that are on the broker as declared. */
  readonly unchanged: number
  /** Objects in the declared vhosts that no file declares. They are never touched. */
  readonly undeclared: number
  /** Eight hexadecimal digits over the changes: equal plans have equal digests. */
  readonly digest: string
}

export interface PlannedBroker {
  /** Empty where a definitions file does not tell it. */
  readonly name: string
  readonly version: string
  /** Base URL of the management API, without login; empty when a definitions file stood for the broker. */
  readonly url: string
}

export interface PlannedAgainst {
  /** As given. */
  readonly path: string
  /** What the file cannot tell, with the declared objects that were not compared, or not in full, for that reason. */
  readonly untold: readonly { readonly what: Untold; readonly addresses: readonly string[] }[]
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
      /** Policy keys that could do it without a replacement, when they can do all of it. */
      readonly byPolicy?: readonly string[]
    }
  | { readonly reason: 'external-missing'; readonly address: string }
  | { readonly reason: 'own-login'; readonly address: string }
  | { readonly reason: 'untouchable'; readonly address: string }
  | { readonly reason: 'unsupported'; readonly address: string; readonly what: Unsupported }

/** A property that cannot be compared, since a reference is not set. */
export interface Unknown {
  readonly address: string
  readonly property: string
  /** Such as `EMAIL_WORKER_PASSWORD is not set`. */
  readonly missing: string
}

/** What the connected broker cannot hold. */
export type Unsupported =
  | { readonly kind: 'exchange-type'; readonly type: string; readonly offered: readonly string[] }
  | { readonly kind: 'apply-to'; readonly applyTo: string; readonly since: string }
  | { readonly kind: 'operator-policies-forbidden' }
  | { readonly kind: 'plugin-missing'; readonly component: string; readonly plugin: string }
  | { readonly kind: 'default-queue-type-fixed'; readonly since: string }
  | { readonly kind: 'argument-removed'; readonly argument: string; readonly since: string }
  | { readonly kind: 'argument-new'; readonly argument: string; readonly since: string }
  | { readonly kind: 'policy-key-removed'; readonly key: string; readonly since: string }
  | { readonly kind: 'expression-too-long'; readonly property: string; readonly bytes: number; readonly limit: number }

/** What a policy does to declared objects. */
export type Note =
  /** It sets what their declarations leave open, and is no part of the files. */
  | {
      readonly note: 'policy-adds'
      readonly policy: string
      readonly keys: Readonly<Record<string, unknown>>
      readonly addresses: readonly string[]
    }
  /** It makes a declared argument have another value than declared. */
  | {
      readonly note: 'policy-overrides'
      readonly policy: string
      readonly key: string
      readonly declared: unknown
      readonly effective: unknown
      readonly addresses: readonly string[]
    }
  /** A key in it that this type of queue does not know keeps all of it from them. */
  | {
      readonly note: 'policy-not-for-type'
      readonly policy: string
      readonly type: string
      readonly keys: readonly string[]
      readonly addresses: readonly string[]
    }
  /** Another one with a higher priority takes its place, so that these keys do not hold: policies are not merged. */
  | {
      readonly note: 'policy-shadowed'
      readonly policy: string
      readonly by: string
      readonly keys: readonly string[]
      readonly addresses: readonly string[]
    }
  /** Which of several with equal priority wins is undefined. */
  | { readonly note: 'policies-tie'; readonly policies: readonly string[]; readonly addresses: readonly string[] }
