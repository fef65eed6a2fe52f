import { addressOf } from '../../model/address.ts'
import type { Exchange, Kind, ObjectOf, Topology, VirtualHost } from '../../model/topology.ts'
import type { NotExported } from '../../model/not-exported.ts'
import type { NotCompared } from '../plan.ts'

/** The part of the desired topology that can be compared with the known state of a broker, and the rest. */
export interface ComparableTopology {
  readonly desired: Topology
  readonly notExported: readonly NotCompared[]
}

/**
 * Removes objects from the desired topology whose live state is unknown, so that a plan neither creates them nor counts
 * them as unchanged.
 */
export function withoutNotExported(
  desired: Topology,
  live: Topology,
  kinds: readonly NotExported[],
): ComparableTopology {
  let left = desired
  const notExported = kinds.map((what) => {
    const { rest, addresses } = TAKE_OUT[what](left, live)
    left = { ...left, ...rest }
    return { what, addresses: addresses.toSorted() }
  })
  return { desired: left, notExported }
}

interface Taken {
  readonly rest: Partial<Topology>
  readonly addresses: readonly string[]
}

const TAKE_OUT: { readonly [U in NotExported]: (desired: Topology, live: Topology) => Taken } = {
  exchanges: ({ exchanges }) => ({ rest: { exchanges: [] }, addresses: addresses('exchange', exchanges) }),
  queues: ({ queues }) => ({ rest: { queues: [] }, addresses: addresses('queue', queues) }),
  bindings: ({ bindings }) => ({ rest: { bindings: [] }, addresses: addresses('binding', bindings) }),
  policies: ({ policies }) => ({ rest: { policies: [] }, addresses: addresses('policy', policies) }),
  'operator-policies': ({ operatorPolicies }) => ({
    rest: { operatorPolicies: [] },
    addresses: addresses('operator-policy', operatorPolicies),
  }),
  parameters: ({ parameters }) => ({ rest: { parameters: [] }, addresses: addresses('parameter', parameters) }),
  'vhost-limits': ({ vhosts }, live) => {
    const there = namesOf(live.vhosts)
    const isNotExported = (vhost: VirtualHost) => vhost.limits !== undefined && there.has(vhost.name)
    return {
      rest: { vhosts: vhosts.map((each) => (isNotExported(each) ? withoutLimits(each) : each)) },
      addresses: addresses('vhost', vhosts.filter(isNotExported)),
    }
  },
  users: ({ users }) => ({ rest: { users: [] }, addresses: addresses('user', users) }),
  permissions: ({ permissions }) => ({ rest: { permissions: [] }, addresses: addresses('permission', permissions) }),
  'topic-permissions': ({ topicPermissions }) => ({
    rest: { topicPermissions: [] },
    addresses: addresses('topic-permission', topicPermissions),
  }),
  'global-parameters': ({ globalParameters }) => ({
    rest: { globalParameters: [] },
    addresses: addresses('global-parameter', globalParameters),
  }),
  'internal-exchanges': ({ exchanges }, live) => {
    const vhosts = namesOf(live.vhosts)
    const exported = new Set(addresses('exchange', live.exchanges))
    // A vhost that does not exist contains no exchanges, and an exchange in the file is not internal.
    const isNotExported = (exchange: Exchange) =>
      exchange.internal && vhosts.has(exchange.vhost) && !exported.has(addressOf('exchange', exchange))
    return {
      rest: { exchanges: exchanges.filter((each) => !isNotExported(each)) },
      addresses: addresses('exchange', exchanges.filter(isNotExported)),
    }
  },
  'vhost-metadata': ({ vhosts }, live) => {
    const there = namesOf(live.vhosts)
    const isNotExported = (vhost: VirtualHost) => vhost.claimed && there.has(vhost.name)
    return {
      rest: { vhosts: vhosts.map((each) => (isNotExported(each) ? withoutMetadata(each) : each)) },
      addresses: addresses('vhost', vhosts.filter(isNotExported)),
    }
  },
}

function withoutMetadata({ description: _1, tags: _2, defaultQueueType: _3, ...rest }: VirtualHost): VirtualHost {
  return rest
}

function withoutLimits({ limits: _limits, ...rest }: VirtualHost): VirtualHost {
  return rest
}

function addresses<K extends Kind>(kind: K, objects: readonly ObjectOf[K][]): string[] {
  return objects.map((object) => addressOf(kind, object))
}

function namesOf(vhosts: readonly VirtualHost[]): ReadonlySet<string> {
  return new Set(vhosts.map(({ name }) => name))
}
