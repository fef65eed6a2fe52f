/** A small definitions file, modeled on a public one. */
export interface DefinitionsCase {
  /** Its special feature. */
  readonly has: string
  /** The public file: repository and path. */
  readonly after: string
  readonly file: Readonly<Record<string, unknown>>
}

const HASH = 'c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ='

export function user(name: string, tags: unknown = '', more: object = {}): object {
  return { name, password_hash: HASH, hashing_algorithm: 'rabbit_password_hashing_sha256', tags, ...more }
}

export function permission(name: string, vhost = '/', rights = '.*'): object {
  return { user: name, vhost, configure: rights, write: rights, read: rights }
}

export function queue(name: string, more: object = {}): object {
  return { name, vhost: '/', durable: true, auto_delete: false, arguments: {}, ...more }
}

export function exchange(name: string, type: string, more: object = {}): object {
  return { name, vhost: '/', type, durable: true, auto_delete: false, internal: false, arguments: {}, ...more }
}

export function binding(source: string, destination: string, routing_key: string, more: object = {}): object {
  return { source, vhost: '/', destination, destination_type: 'queue', routing_key, arguments: {}, ...more }
}

export function policy(name: string, pattern: string, definition: object, more: object = {}): object {
  return { vhost: '/', name, pattern, 'apply-to': 'queues', definition, priority: 0, ...more }
}

export function operatorPolicy(name: string, pattern: string, definition: object, priority = 1): object {
  const value = { pattern, definition, priority, 'apply-to': 'queues' }
  return { value, vhost: '/', component: 'operator_policy', name }
}

export function clusterName(value: string): object {
  return { name: 'cluster_name', value }
}

/** Sections that an export has even when they are empty. */
export const EMPTY = {
  users: [],
  permissions: [],
  topic_permissions: [],
  parameters: [],
  global_parameters: [],
  policies: [],
  queues: [],
  exchanges: [],
  bindings: [],
}
