import type {
  Binding,
  Exchange,
  Permission,
  Policy,
  Queue,
  Topology,
  User,
  VirtualHost,
} from '../../src/model/topology.ts'

/** Objects of a topology with defaults for everything that a test does not care about. */

export function vhost(name: string, properties: Partial<VirtualHost> = {}): VirtualHost {
  return { name, claimed: false, ...properties }
}

export function exchange(name: string, properties: Partial<Exchange> = {}): Exchange {
  return {
    vhost: '/',
    name,
    type: 'direct',
    durable: true,
    autoDelete: false,
    internal: false,
    arguments: {},
    ...properties,
  }
}

export function queue(name: string, properties: Partial<Queue> = {}): Queue {
  return { vhost: '/', name, type: 'classic', durable: true, autoDelete: false, arguments: {}, ...properties }
}

export function binding(source: string, destination: string, properties: Partial<Binding> = {}): Binding {
  return { vhost: '/', source, destinationType: 'queue', destination, routingKey: '', arguments: {}, ...properties }
}

export function user(name: string, properties: Partial<User> = {}): User {
  return { name, tags: [], ...properties }
}

export function permission(name: string, properties: Partial<Permission> = {}): Permission {
  return { vhost: '/', user: name, configure: '', write: '', read: '', ...properties }
}

export function policy(name: string, properties: Partial<Policy> = {}): Policy {
  return { vhost: '/', name, pattern: '', applyTo: 'all', priority: 0, definition: {}, ...properties }
}

export function topology(objects: Partial<Topology> = {}): Topology {
  return {
    vhosts: [vhost('/')],
    exchanges: [],
    queues: [],
    bindings: [],
    users: [],
    permissions: [],
    topicPermissions: [],
    policies: [],
    operatorPolicies: [],
    parameters: [],
    globalParameters: [],
    ...objects,
  }
}
