import type { Location } from '../diagnostics/location.ts'
import type { Arguments } from './arguments.ts'
import type { Secret } from './secrets/secret.ts'
import type { WrittenValue } from './values/written-value.ts'
import type { QueueRole } from './queue-role.ts'

/**
 * The objects of a broker, existing or desired.
 *
 * Files and the live broker are both converted to this type, with explicit defaults, so that the planner compares
 * values of the same form and does not depend on their source.
 */
export interface Topology {
  readonly vhosts: readonly VirtualHost[]
  readonly exchanges: readonly Exchange[]
  readonly queues: readonly Queue[]
  readonly bindings: readonly Binding[]
  readonly users: readonly User[]
  readonly permissions: readonly Permission[]
  readonly topicPermissions: readonly TopicPermission[]
  readonly policies: readonly Policy[]
  readonly operatorPolicies: readonly Policy[]
  readonly parameters: readonly Parameter[]
  readonly globalParameters: readonly GlobalParameter[]
}

/** Additional properties that any object of a topology may have. */
export interface Declared {
  /** The position of its declaration, or of the declaration that it was derived from. Absent on live objects. */
  readonly origin?: Location
  /** It must exist, and other objects may refer to it, but it is never changed. */
  readonly external?: boolean
  /**
   * It is never deleted or replaced; the record of ownership on the broker contains this. On a vhost, it is also the
   * broker's own protection from deletion, if the broker supports it.
   */
  readonly protect?: boolean
  /** The values that came from references, if they are secret or belong to a parameter. Absent on live objects. */
  readonly references?: readonly WrittenValue[]
}

export interface VirtualHost extends Declared {
  readonly name: string
  /**
   * Whether a document declares it in the long form. A vhost that documents only refer to is created if it is
   * missing, and never changed.
   */
  readonly claimed: boolean
  /** An undefined property is not compared. */
  readonly description?: string
  /** Sorted and without duplicates, because the broker stores them as a set. */
  readonly tags?: readonly string[]
  readonly defaultQueueType?: string
  readonly limits?: VirtualHostLimits
}

/** An absent limit means no limit. */
export interface VirtualHostLimits {
  readonly maxConnections?: number
  readonly maxQueues?: number
}

export interface Exchange extends Declared {
  readonly vhost: string
  readonly name: string
  /** `direct`, `fanout`, `topic`, `headers`, or the type of a plugin. */
  readonly type: string
  readonly durable: boolean
  readonly autoDelete: boolean
  readonly internal: boolean
  /** Includes `alternate-exchange`. */
  readonly arguments: Arguments
  /** The previous name, if the file renames it. */
  readonly renamedFrom?: string
}

export interface Queue extends Declared {
  readonly vhost: string
  readonly name: string
  /** Absent on a declared queue with the default type of its vhost: it then equals any type on the broker. */
  readonly type?: string
  readonly durable: boolean
  readonly autoDelete: boolean
  /** Without `x-queue-type`, which is in `type`. */
  readonly arguments: Arguments
  /** The previous name, if the file renames it together with its messages and bindings. */
  readonly renamedFrom?: string
  /** The purpose of a queue that was derived from `retry`, `deadLetter`, `delays`, `superStreams`, or a subscription to one. */
  readonly role?: QueueRole
}

export type DestinationType = 'queue' | 'exchange'

export interface Binding extends Declared {
  readonly vhost: string
  /** The name of the source exchange. */
  readonly source: string
  readonly destinationType: DestinationType
  readonly destination: string
  readonly routingKey: string
  readonly arguments: Arguments
}

export interface User extends Declared {
  readonly name: string
  /** If absent, warren does not manage the password. */
  readonly credential?: Credential
  /** Sorted and without duplicates, because the broker stores them as a set. Not compared if undefined. */
  readonly tags?: readonly string[]
  /** Not compared if undefined. */
  readonly limits?: UserLimits
  /**
   * The virtual hosts whose documents declare it; the records of these virtual hosts name its owner. Absent on live
   * objects.
   */
  readonly declaredIn?: readonly string[]
}

/** An absent limit means no limit. */
export interface UserLimits {
  readonly maxConnections?: number
  readonly maxChannels?: number
}

/** The authentication of a user. */
export type Credential =
  /**
   * A declared password. `secret` is absent while its reference cannot be resolved; `missing` then contains the
   * reason.
   */
  | {
      readonly kind: 'password'
      readonly written: WrittenSecret
      readonly secret?: Secret
      readonly missing?: string
      /** Whether the default of a reference is used, which is a secret in the file. */
      readonly byDefault?: true
    }
  /** A declared or live hash; an empty one allows no login by password. */
  | {
      readonly kind: 'hash'
      readonly hash?: Secret
      /** The broker's name for it; undefined means the default. */
      readonly algorithm?: string
      readonly written?: WrittenSecret
      readonly missing?: string
      readonly byDefault?: true
      /** In a saved plan without hashes: the hash is empty. */
      readonly empty?: true
    }

/** A secret as written in the file: the part that may be shown, and the data for resolving it. */
export interface WrittenSecret {
  /**
   * The text of the file with its references, such as `${env:EMAIL_API_PASSWORD}`; `literal` contains a literal
   * password instead.
   */
  readonly reference?: string
  readonly literal?: Secret
  /** Its position: `${file:}` is relative to this file, and an unresolved reference is reported here. */
  readonly location: Location
}

export interface Permission extends Declared {
  readonly vhost: string
  readonly user: string
  /** Regular expressions; `""` matches nothing. */
  readonly configure: string
  readonly write: string
  readonly read: string
}

export interface TopicPermission extends Declared {
  readonly vhost: string
  readonly user: string
  readonly exchange: string
  readonly write: string
  readonly read: string
}

/** A policy or an operator policy: its definition applies to all objects that its pattern matches. */
export interface Policy extends Declared {
  readonly vhost: string
  readonly name: string
  /** A regular expression over names. It is not anchored; `""` matches everything. */
  readonly pattern: string
  /** `all`, `queues`, `exchanges`; from 3.12 also `classic_queues`, `quorum_queues`, `streams`. */
  readonly applyTo: string
  /** The policy with the highest priority applies; among equal ones, it is undefined which. */
  readonly priority: number
  /** In the broker's own spelling. */
  readonly definition: Arguments
}

/** A runtime parameter of a vhost: a shovel, a federation upstream, or a parameter of another plugin. */
export interface Parameter extends Declared {
  readonly vhost: string
  /** Such as `shovel` or `federation-upstream`. */
  readonly component: string
  readonly name: string
  readonly value: ParameterValue
}

/** A runtime parameter of the whole broker. */
export interface GlobalParameter extends Declared {
  readonly name: string
  readonly value: ParameterValue
  /**
   * The virtual hosts whose documents declare it; the records of these virtual hosts name its owner. Absent on live
   * objects.
   */
  readonly declaredIn?: readonly string[]
}

/** Any JSON. A login makes a URI secret; it is shown without the login. */
export type ParameterValue =
  | string
  | number
  | boolean
  | null
  | Secret
  | readonly ParameterValue[]
  | { readonly [key: string]: ParameterValue }

/** The kinds of objects by their names in addresses, in the order of creation. */
export const KINDS = [
  'vhost',
  'user',
  'permission',
  'exchange',
  'topic-permission',
  'policy',
  'operator-policy',
  'queue',
  'binding',
  'parameter',
  'global-parameter',
] as const satisfies readonly Kind[]

/** A kind of object, by its name in addresses. */
export type Kind = keyof ObjectOf

/** The type of the objects of each kind. */
export interface ObjectOf {
  readonly vhost: VirtualHost
  readonly user: User
  readonly permission: Permission
  readonly exchange: Exchange
  readonly 'topic-permission': TopicPermission
  readonly policy: Policy
  readonly 'operator-policy': Policy
  readonly queue: Queue
  readonly binding: Binding
  readonly parameter: Parameter
  readonly 'global-parameter': GlobalParameter
}

const OBJECTS: { readonly [K in Kind]: (topology: Topology) => readonly ObjectOf[K][] } = {
  vhost: (topology) => topology.vhosts,
  user: (topology) => topology.users,
  permission: (topology) => topology.permissions,
  exchange: (topology) => topology.exchanges,
  'topic-permission': (topology) => topology.topicPermissions,
  policy: (topology) => topology.policies,
  'operator-policy': (topology) => topology.operatorPolicies,
  queue: (topology) => topology.queues,
  binding: (topology) => topology.bindings,
  parameter: (topology) => topology.parameters,
  'global-parameter': (topology) => topology.globalParameters,
}

/** The objects of one kind. */
export function objectsOf<K extends Kind>(kind: K, topology: Topology): readonly ObjectOf[K][] {
  return OBJECTS[kind](topology)
}

/** Makes a topology, one kind at a time. */
export function topologyOf(objects: <K extends Kind>(kind: K) => readonly ObjectOf[K][]): Topology {
  return {
    vhosts: objects('vhost'),
    users: objects('user'),
    permissions: objects('permission'),
    topicPermissions: objects('topic-permission'),
    exchanges: objects('exchange'),
    queues: objects('queue'),
    bindings: objects('binding'),
    policies: objects('policy'),
    operatorPolicies: objects('operator-policy'),
    parameters: objects('parameter'),
    globalParameters: objects('global-parameter'),
  }
}
