import type {
  ReceivedBinding,
  ReceivedExchange,
  ReceivedGlobalParameter,
  ReceivedParameter,
  ReceivedPermission,
  ReceivedPolicy,
  ReceivedQueue,
  ReceivedTopicPermission,
  ReceivedUser,
  ReceivedVhost,
  ReceivedVhostLimits,
} from '../management/answers/received.ts'
import type { Arguments } from '../../model/arguments.ts'
import { isReservedParameterName } from '../../model/generated-names.ts'
import { maskCredentials } from '../../model/secrets/mask-credentials.ts'
import { Secret } from '../../model/secrets/secret.ts'
import type {
  Binding,
  Exchange,
  GlobalParameter,
  Parameter,
  ParameterValue,
  Permission,
  Policy,
  Queue,
  TopicPermission,
  Topology,
  User,
  VirtualHost,
} from '../../model/topology.ts'

/** The objects of some virtual hosts in the form in which the broker lists or exports them. */
export interface ReceivedObjects {
  readonly exchanges: readonly ReceivedExchange[]
  readonly queues: readonly ReceivedQueue[]
  readonly bindings: readonly ReceivedBinding[]
  readonly users: readonly ReceivedUser[]
  readonly permissions: readonly ReceivedPermission[]
  readonly topicPermissions: readonly ReceivedTopicPermission[]
  readonly policies: readonly ReceivedPolicy[]
  readonly operatorPolicies: readonly ReceivedPolicy[]
  readonly parameters: readonly ReceivedParameter[]
  readonly globalParameters: readonly ReceivedGlobalParameter[]
}

/** These are also listed among the parameters, but managed through their own endpoints (rabbit_mgmt_wm_parameters). */
const OWN_ENDPOINT = new Set(['policy', 'operator_policy', 'vhost-limits'])

/** Builds a topology from received objects, without objects that a topology cannot declare. */
export function liveTopology(vhosts: readonly VirtualHost[], received: ReceivedObjects): Topology {
  const { parameters, globalParameters } = received
  return {
    vhosts,
    exchanges: received.exchanges.map(liveExchange),
    queues: received.queues.map(liveQueue),
    // The binding of every queue to the default exchange belongs to the broker and cannot be changed.
    bindings: received.bindings.filter(({ source }) => source !== '').map(liveBinding),
    users: received.users.map(liveUser),
    permissions: received.permissions.map(livePermission),
    topicPermissions: received.topicPermissions.map(liveTopicPermission),
    policies: received.policies.map(livePolicy),
    operatorPolicies: received.operatorPolicies.map(livePolicy),
    parameters: parameters.filter(({ component }) => !OWN_ENDPOINT.has(component)).map(liveParameter),
    globalParameters: globalParameters.filter(({ name }) => !isReservedParameterName(name)).map(liveGlobalParameter),
  }
}

export function liveVhost(received: ReceivedVhost, limits: ReceivedVhostLimits['value'] | undefined): VirtualHost {
  const defaultQueueType = received.default_queue_type
  return {
    name: received.name,
    claimed: false,
    description: received.description ?? '',
    tags: tagSet(received.tags ?? []),
    // 3.10 returns the text "undefined" if none is set.
    ...(typeof defaultQueueType === 'string' && defaultQueueType !== 'undefined' && { defaultQueueType }),
    limits: {
      ...limit('maxConnections', limits, 'max-connections'),
      ...limit('maxQueues', limits, 'max-queues'),
    },
    ...(received.protected_from_deletion !== undefined && { protect: received.protected_from_deletion }),
  }
}

export function liveExchange(received: ReceivedExchange): Exchange {
  return {
    vhost: received.vhost,
    name: received.name,
    type: received.type,
    durable: received.durable,
    autoDelete: received.auto_delete,
    internal: received.internal,
    arguments: received.arguments as Arguments,
  }
}

export function liveQueue(received: ReceivedQueue): Queue {
  // The type is a separate field: brokers from 4.0 on add x-queue-type to the arguments, and older ones do not
  // (rabbit_queue_type, rabbit_amqqueue). Without a type, it is a classic queue.
  const { 'x-queue-type': injected, ...rest } = received.arguments
  return {
    vhost: received.vhost,
    name: received.name,
    type: received.type ?? (typeof injected === 'string' ? injected : 'classic'),
    durable: received.durable,
    autoDelete: received.auto_delete,
    arguments: rest as Arguments,
  }
}

export function liveBinding(received: ReceivedBinding): Binding {
  return {
    vhost: received.vhost,
    source: received.source,
    destinationType: received.destination_type,
    destination: received.destination,
    routingKey: received.routing_key,
    arguments: received.arguments as Arguments,
  }
}

export function liveUser(received: ReceivedUser): User {
  return {
    name: received.name,
    credential: { kind: 'hash', hash: new Secret(received.password_hash), algorithm: received.hashing_algorithm },
    tags: tagSet(received.tags),
    limits: {
      ...limit('maxConnections', received.limits, 'max-connections'),
      ...limit('maxChannels', received.limits, 'max-channels'),
    },
  }
}

export function livePermission(received: ReceivedPermission): Permission {
  const { vhost, user, configure, write, read } = received
  return { vhost, user, configure, write, read }
}

export function liveTopicPermission(received: ReceivedTopicPermission): TopicPermission {
  const { vhost, user, exchange, write, read } = received
  return { vhost, user, exchange, write, read }
}

export function livePolicy(received: ReceivedPolicy): Policy {
  return {
    vhost: received.vhost,
    name: received.name,
    pattern: received.pattern,
    applyTo: received['apply-to'],
    priority: received.priority,
    definition: received.definition as Arguments,
  }
}

export function liveParameter({ vhost, component, name, value }: ReceivedParameter): Parameter {
  return { vhost, component, name, value: maskCredentials(value as ParameterValue) }
}

export function liveGlobalParameter({ name, value }: ReceivedGlobalParameter): GlobalParameter {
  return { name, value: maskCredentials(value as ParameterValue) }
}

/** The broker stores tags as a set. */
function tagSet(tags: readonly string[] | string): readonly string[] {
  return [...new Set(listOfTags(tags))].toSorted()
}

/** A missing limit, an empty table and a negative limit all mean "no limit" to the broker (rabbit_vhost_limit). */
function limit<K extends string>(
  property: K,
  values: Readonly<Record<string, number>> | readonly never[] | undefined,
  name: string,
): { [P in K]?: number } {
  const value =
    values === undefined || Array.isArray(values) ? undefined : (values as Readonly<Record<string, number>>)[name]
  return (value === undefined || value < 0 ? {} : { [property]: value }) as { [P in K]?: number }
}

/** Tags as a list: older versions write them as a comma-separated text. */
export function listOfTags(tags: readonly string[] | string): readonly string[] {
  return typeof tags === 'string' ? tags.split(',').filter((tag) => tag !== '') : tags
}
