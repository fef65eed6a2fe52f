import { revealCredentials } from '../../model/secrets/mask-credentials.ts'
import { hashPassword, SHA256_MODULE } from '../../model/secrets/password-hash.ts'
import type {
  Binding,
  Exchange,
  Policy,
  Queue,
  Topology,
  User,
  UserLimits,
  VirtualHost,
  VirtualHostLimits,
} from '../../model/topology.ts'

/** The sections of a definitions file, named and ordered as a broker exports them. */
export type DefinitionsSections = Readonly<Record<string, readonly object[]>>

/** Writes each object in the form in which a broker exports it (rabbit_definitions). */
export function definitionsSections(
  topology: Topology,
  { withoutUsers, salt }: { readonly withoutUsers: boolean; readonly salt: () => Uint8Array },
): DefinitionsSections {
  const { vhosts, permissions, topicPermissions, policies, exchanges, queues, bindings } = topology
  return {
    ...(!withoutUsers && { users: topology.users.map((each) => userEntry(each, salt)) }),
    vhosts: vhosts.map(vhostEntry),
    ...(!withoutUsers && {
      permissions: permissions.map(({ user, vhost, configure, write, read }) => ({
        user,
        vhost,
        configure,
        write,
        read,
      })),
      topic_permissions: topicPermissions.map(({ user, vhost, exchange, write, read }) => ({
        user,
        vhost,
        exchange,
        write,
        read,
      })),
    }),
    parameters: [
      ...vhosts.flatMap(limitsEntries),
      ...topology.operatorPolicies.map(operatorPolicyEntry),
      ...topology.parameters.map(({ vhost, component, name, value }) => ({
        value: revealCredentials(value),
        vhost,
        component,
        name,
      })),
    ],
    global_parameters: topology.globalParameters.map(({ name, value }) => ({ name, value: revealCredentials(value) })),
    policies: policies.map(({ vhost, name, ...rest }) => ({ vhost, name, ...policyFields(rest) })),
    queues: queues.map(queueEntry),
    exchanges: exchanges.map(exchangeEntry),
    bindings: bindings.map(bindingEntry),
  }
}

/**
 * A property that the files do not set is left to the broker. Brokers before 3.13 read the fields, and later ones
 * `metadata`.
 */
function vhostEntry({ name, description, tags, defaultQueueType, protect }: VirtualHost): object {
  const fields = {
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags }),
    ...(defaultQueueType !== undefined && { default_queue_type: defaultQueueType }),
  }
  const metadata = { ...fields, ...(protect === true && { protected_from_deletion: true }) }
  return { name, ...fields, ...(Object.keys(metadata).length > 0 && { metadata }) }
}

function limitsEntries({ name: vhost, limits }: VirtualHost): object[] {
  const value = limitsTable(limits)
  if (value === undefined) return []
  return [{ value, vhost, component: 'vhost-limits', name: 'limits' }]
}

const LIMITS: Readonly<Record<keyof VirtualHostLimits | keyof UserLimits, string>> = {
  maxConnections: 'max-connections',
  maxQueues: 'max-queues',
  maxChannels: 'max-channels',
}

function limitsTable(limits: VirtualHostLimits | UserLimits | undefined): object | undefined {
  const entries = Object.entries(limits ?? {}).filter(([, value]) => value !== undefined)
  if (entries.length === 0) return undefined
  return Object.fromEntries(entries.map(([property, value]) => [LIMITS[property as keyof typeof LIMITS], value]))
}

/** A broker stores an empty hash for a user without a password. */
function userEntry({ name, credential, tags, limits }: User, salt: () => Uint8Array): object {
  const hash = credential?.kind === 'hash' ? credential : undefined
  const password = credential?.kind === 'password' ? credential.secret?.reveal() : undefined
  const table = limitsTable(limits)
  return {
    name,
    password_hash: password === undefined ? (hash?.hash?.reveal() ?? '') : hashPassword(password, salt()),
    hashing_algorithm: hash?.algorithm ?? SHA256_MODULE,
    tags: tags ?? [],
    ...(table && { limits: table }),
  }
}

function operatorPolicyEntry({ vhost, name, ...rest }: Policy): object {
  return { value: policyFields(rest), vhost, component: 'operator_policy', name }
}

function policyFields({ pattern, applyTo, definition, priority }: Omit<Policy, 'vhost' | 'name'>): object {
  return { pattern, 'apply-to': applyTo, definition, priority }
}

/** Clients and imports set the type as an argument. Without it, the broker chooses the type. */
function queueEntry({ name, vhost, type, durable, autoDelete, arguments: table }: Queue): object {
  const typed = type === undefined ? table : { ...table, 'x-queue-type': type }
  return { name, vhost, durable, auto_delete: autoDelete, arguments: typed }
}

function exchangeEntry({ name, vhost, type, durable, autoDelete, internal, arguments: table }: Exchange): object {
  return { name, vhost, type, durable, auto_delete: autoDelete, internal, arguments: table }
}

function bindingEntry(binding: Binding): object {
  const { source, vhost, destination, destinationType, routingKey, arguments: table } = binding
  return { source, vhost, destination, destination_type: destinationType, routing_key: routingKey, arguments: table }
}
