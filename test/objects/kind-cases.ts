import type { Kind, ObjectOf, Topology } from '../../src/model/topology.ts'
import { binding, exchange, permission, queue, topology, user, vhost } from '../builders/objects.ts'
import type { KindCase, Place } from './property-case.ts'

const ends = ({ vhost: name }: Place): Partial<Topology> => ({
  exchanges: [exchange('source', { vhost: name, type: 'headers' })],
  queues: [queue('end', { vhost: name })],
})

const POLICY = { name: 'object', pattern: '^o', applyTo: 'queues', priority: 1, definition: { 'max-length': 5 } }

/** One object of each kind, in a given place. */
export const KIND_CASES: { readonly [K in Kind]: KindCase<K> } = {
  vhost: {
    object: (place) => vhost(place.vhost, { claimed: true, description: '', tags: [], limits: {} }),
    around: () => ({ vhosts: [] }),
  },
  user: { object: (place) => user(place.user), around: () => ({}) },
  permission: {
    object: (place) => permission(place.user, { vhost: place.vhost, configure: '', write: '', read: '' }),
    around: (place) => ({ users: [user(place.user)] }),
  },
  exchange: { object: (place) => exchange('object', { vhost: place.vhost, type: 'topic' }), around: () => ({}) },
  'topic-permission': {
    object: (place) => ({ vhost: place.vhost, user: place.user, exchange: 'source', write: '', read: '' }),
    around: (place) => ({ ...ends(place), users: [user(place.user)] }),
  },
  policy: { object: (place) => ({ ...POLICY, vhost: place.vhost }), around: () => ({}) },
  'operator-policy': { object: (place) => ({ ...POLICY, vhost: place.vhost }), around: () => ({}) },
  queue: { object: (place) => queue('object', { vhost: place.vhost }), around: () => ({}) },
  binding: { object: (place) => binding('source', 'end', { vhost: place.vhost }), around: ends },
  parameter: {
    object: (place) => ({ vhost: place.vhost, component: 'shovel', name: 'object', value: {} }),
    around: () => ({}),
  },
  'global-parameter': { object: (place) => ({ name: place.parameter, value: 0 }), around: () => ({}) },
}

/** A topology of the place that declares one object with some properties, and the objects that it needs. */
export function declaring<K extends Kind>(kind: K, place: Place, properties: Partial<ObjectOf[K]> = {}): Topology {
  const object = { ...KIND_CASES[kind].object(place), ...properties }
  const around = surroundings(kind, place)
  return { ...around, [SECTIONS[kind]]: [...around[SECTIONS[kind]], object] }
}

/** The same topology without the object. */
export function surroundings(kind: Kind, place: Place): Topology {
  return topology({ vhosts: [vhost(place.vhost)], ...KIND_CASES[kind].around(place) })
}

const SECTIONS = {
  vhost: 'vhosts',
  user: 'users',
  permission: 'permissions',
  exchange: 'exchanges',
  'topic-permission': 'topicPermissions',
  policy: 'policies',
  'operator-policy': 'operatorPolicies',
  queue: 'queues',
  binding: 'bindings',
  parameter: 'parameters',
  'global-parameter': 'globalParameters',
} as const satisfies Record<Kind, keyof Topology>
