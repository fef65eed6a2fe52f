import type { Location } from '../diagnostics/location.ts'
import type { Arguments } from './arguments.ts'
import type { Secret } from './secrets/secret.ts'
import type { WrittenValue } from './values/written-value.ts'

/**
 * Everything a broker holds of a topology, or should hold.
 *
 * The declared files and the live broker are both turned into this one type, with defaults made
 * explicit, so that the planner compares equals and does not know where either came from.
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

/** The properties that any object of a topology may have in addition to its own. */
export interface Declared {
  /** Where the user declared it, or the declaration that it was derived from. Absent on live objects. */
  readonly origin?: Location
  /** It may be referred to and must exist, but is never changed. */
  readonly external?: boolean
  /**
   * It is never deleted or replaced, and the broker's record of ownership remembers so. On a vhost it is the broker's own
   * protection from deletion too, where the broker has one.
   */
  readonly protect?: boolean
  /** Which of its values came from references, where these are secret or belong to a parameter. Absent on live objects. */
  readonly references?: readonly WrittenValue[]
}

export interface VirtualHost extends Declared {
  readonly name: string
  /** Whether the long form claims it. A vhost that is only referred to is created when missing, and nothing else. */
  readonly claimed: boolean
  /** An undefined property is not compared. */
  readonly description?: string
  /** Sorted and without duplicates: the broker keeps them as a set. */
  readonly tags?: readonly string[]
  readonly defaultQueueType?: string
  readonly limits?: VirtualHostLimits
}

/** An absent limit means that there is none. */
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
  /** `alternate-exchange` is here too. */
  readonly arguments: Arguments
  /** The name that it had before, where the file moves it. */
  readonly renamedFrom?: string
}

export interface Queue extends Declared {
  readonly vhost: string
  readonly name: string
  /** Absent on a declared queue that leaves it to the vhost's default: it then equals whatever the broker chose. */
  readonly type?: string
  readonly durable: boolean
  readonly autoDelete: boolean
  /** Without `x-queue-type`, which `type` says. */
  readonly arguments: Arguments
  /** The name that it had before, where the file moves it with its messages and bindings. */
  readonly renamedFrom?: string
  /** The purpose of a queue that was derived from `retry`, `deadLetter` or `superStreams`. */
  readonly role?: QueueRole
}

/** The part of a queue in the failure path of another, or in a super stream. */
export interface QueueRole {
  readonly kind: 'dead-letter' | 'delay' | 'partition'
  /** The name of the queue whose failed messages it holds, or of the super stream. */
  readonly of: string
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
  /** Absent: the password is not warren's business. */
  readonly credential?: Credential
  /** Sorted and without duplicates: the broker keeps them as a set. Undefined is not compared. */
  readonly tags?: readonly string[]
  /** Undefined is not compared. */
  readonly limits?: UserLimits
  /** The virtual hosts whose documents declare it: the records of these name its owner. Absent on live objects. */
  readonly declaredIn?: readonly string[]
}

/** An absent limit means that there is none. */
export interface UserLimits {
  readonly maxConnections?: number
  readonly maxChannels?: number
}

/** How a user proves who it is. */
export type Credential =
  /** A declared password. `secret` is absent while its reference cannot be resolved; `missing` then says why. */
  | {
      readonly kind: 'password'
      readonly written: WrittenSecret
      readonly secret?: Secret
      readonly missing?: string
      /** Whether a default of its references is in use, which is a secret that is written in the file. */
      readonly byDefault?: true
    }
  /** A declared or live hash; an empty one allows no login by password. */
  | {
      readonly kind: 'hash'
      readonly hash?: Secret
      /** The broker's name for it; undefined is its default. */
      readonly algorithm?: string
      readonly written?: WrittenSecret
      readonly missing?: string
      readonly byDefault?: true
      /** In a saved plan, where no hash is shown: it is the empty one. */
      readonly empty?: true
    }

/** A secret as it is written in the file: the part that may be shown, and the data for resolving it. */
export interface WrittenSecret {
  /** The text of the file with its references, such as `${env:EMAIL_API_PASSWORD}`; a literal password is in `literal` instead. */
  readonly reference?: string
  readonly literal?: Secret
  /** Its place: `${file:}` is relative to this file, and an unresolved reference is reported here. */
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

/** A policy, or an operator policy: what its definition says holds for all objects that its pattern matches. */
export interface Policy extends Declared {
  readonly vhost: string
  readonly name: string
  /** A regular expression over names. It is not anchored; `""` matches everything. */
  readonly pattern: string
  /** `all`, `queues`, `exchanges`; from 3.12 also `classic_queues`, `quorum_queues`, `streams`. */
  readonly applyTo: string
  /** The highest wins; among equals it is undefined which. */
  readonly priority: number
  /** In the broker's own spelling. */
  readonly definition: Arguments
}

/** A runtime parameter of a vhost: a shovel, a federation upstream, or what a plugin takes. */
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
  /** The virtual hosts whose documents declare it: the records of these name its owner. Absent on live objects. */
  readonly declaredIn?: readonly string[]
}

/** Any JSON. The login in a URI makes the URI a secret, which shows without it. */
export type ParameterValue =
  | string
  | number
  | boolean
  | null
  | Secret
  | readonly ParameterValue[]
  | { readonly [key: string]: ParameterValue }

/** The kinds of objects, named as in addresses, in the order in which they are created. */
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

/** A kind of object, named as in addresses. */
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
