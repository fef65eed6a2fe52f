import { apiPath, bindingPath, bindingsPath, exchangeInPath, type BindingEnds } from './path.ts'
import type { ManagementClient } from './client.ts'

/**
 * The bodies that are sent to the broker, with one function for each kind. Bodies are complete: the broker resets
 * properties that a PUT leaves out (a user's password, a vhost's tags), and interprets other keys as instructions
 * (`exclusive`, `node`).
 */
export const writes = {
  putVhost: (client: ManagementClient, name: string, body: SentVhost) => client.put(apiPath('vhosts', name), body),

  putVhostLimit: (client: ManagementClient, vhost: string, limit: 'max-connections' | 'max-queues', value: number) =>
    client.put(apiPath('vhost-limits', vhost, limit), { value }),

  /** From 4.0.6. */
  protectVhost: (client: ManagementClient, name: string) =>
    client.post(apiPath('vhosts', name, 'deletion', 'protection'), {}),

  /** From 4.0.6. */
  unprotectVhost: (client: ManagementClient, name: string) =>
    client.delete(apiPath('vhosts', name, 'deletion', 'protection')),

  deleteVhostLimit: (client: ManagementClient, vhost: string, limit: 'max-connections' | 'max-queues') =>
    client.delete(apiPath('vhost-limits', vhost, limit)),

  putUser: (client: ManagementClient, name: string, body: SentUser) => client.put(apiPath('users', name), body),

  putUserLimit: (client: ManagementClient, user: string, limit: 'max-connections' | 'max-channels', value: number) =>
    client.put(apiPath('user-limits', user, limit), { value }),

  deleteUserLimit: (client: ManagementClient, user: string, limit: 'max-connections' | 'max-channels') =>
    client.delete(apiPath('user-limits', user, limit)),

  putPermission: (client: ManagementClient, vhost: string, user: string, body: SentPermission) =>
    client.put(apiPath('permissions', vhost, user), body),

  putTopicPermission: (client: ManagementClient, vhost: string, user: string, body: SentTopicPermission) =>
    client.put(apiPath('topic-permissions', vhost, user), body),

  putPolicy: (
    client: ManagementClient,
    kind: 'policies' | 'operator-policies',
    vhost: string,
    name: string,
    body: SentPolicy,
  ) => client.put(apiPath(kind, vhost, name), body),

  putParameter: (client: ManagementClient, component: string, vhost: string, name: string, value: unknown) =>
    client.put(apiPath('parameters', component, vhost, name), { value }),

  putGlobalParameter: (client: ManagementClient, name: string, value: unknown) =>
    client.put(apiPath('global-parameters', name), { value }),

  putExchange: (client: ManagementClient, vhost: string, name: string, body: SentExchange) =>
    client.put(apiPath('exchanges', vhost, name), body),

  putQueue: (client: ManagementClient, vhost: string, name: string, body: SentQueue) =>
    client.put(apiPath('queues', vhost, name), body),

  postBinding: (client: ManagementClient, ends: BindingEnds, body: SentBinding) =>
    client.post(bindingsPath(ends), body),
}

/**
 * The deletes, with one function for each kind. If there is no answer, the delete of an object with messages is not
 * repeated, because another client may have created an object with the same name meanwhile.
 */
export const deletes = {
  vhost: (client: ManagementClient, name: string) => client.delete(apiPath('vhosts', name), false),
  user: (client: ManagementClient, name: string) => client.delete(apiPath('users', name)),
  permission: (client: ManagementClient, vhost: string, user: string) =>
    client.delete(apiPath('permissions', vhost, user)),
  topicPermission: (client: ManagementClient, vhost: string, user: string, exchange: string) =>
    client.delete(apiPath('topic-permissions', vhost, user, exchangeInPath(exchange))),
  policy: (client: ManagementClient, kind: 'policies' | 'operator-policies', vhost: string, name: string) =>
    client.delete(apiPath(kind, vhost, name)),
  parameter: (client: ManagementClient, component: string, vhost: string, name: string) =>
    client.delete(apiPath('parameters', component, vhost, name)),
  globalParameter: (client: ManagementClient, name: string) => client.delete(apiPath('global-parameters', name)),
  /** @param ifUnused the broker refuses while the exchange is the source of a binding */
  exchange: (client: ManagementClient, vhost: string, name: string, ifUnused: boolean) =>
    client.delete(`${apiPath('exchanges', vhost, name)}${ifUnused ? '?if-unused=true' : ''}`, false),
  /** @param guards only for classic queues, because quorum queues refuse them and streams ignore them */
  queue: (client: ManagementClient, vhost: string, name: string, { ifEmpty, ifUnused }: DeleteGuards) => {
    const guards = [...(ifEmpty ? ['if-empty=true'] : []), ...(ifUnused ? ['if-unused=true'] : [])]
    return client.delete(`${apiPath('queues', vhost, name)}${guards.length > 0 ? `?${guards.join('&')}` : ''}`, false)
  },
  /** @param propertiesKey the key in the broker's list */
  binding: (client: ManagementClient, ends: BindingEnds, propertiesKey: string) =>
    client.delete(bindingPath(ends, propertiesKey)),
}

/** The conditions under which the broker refuses to delete a queue. */
export interface DeleteGuards {
  /** While it has ready messages; unacknowledged ones do not count. */
  readonly ifEmpty?: boolean
  /** While it has consumers. */
  readonly ifUnused?: boolean
}

export interface SentVhost {
  readonly description?: string
  readonly tags?: readonly string[]
  readonly default_queue_type?: string
  /** The name of the same property up to 3.11.11. */
  readonly defaultqueuetype?: string
}

export type SentUser = { readonly tags: readonly string[] } & (
  | { readonly password: string }
  | { readonly password_hash: string; readonly hashing_algorithm?: string }
)

export interface SentPermission {
  readonly configure: string
  readonly write: string
  readonly read: string
}

export interface SentTopicPermission {
  readonly exchange: string
  readonly write: string
  readonly read: string
}

export interface SentPolicy {
  readonly pattern: string
  readonly 'apply-to': string
  readonly priority: number
  readonly definition: Readonly<Record<string, unknown>>
}

export interface SentExchange {
  readonly type: string
  readonly durable: boolean
  readonly auto_delete: boolean
  readonly internal: boolean
  readonly arguments: Readonly<Record<string, unknown>>
}

export interface SentQueue {
  readonly durable: boolean
  readonly auto_delete: boolean
  readonly arguments: Readonly<Record<string, unknown>>
}

export interface SentBinding {
  readonly routing_key: string
  readonly arguments: Readonly<Record<string, unknown>>
}
