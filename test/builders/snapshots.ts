import type { Snapshot, VhostSnapshot } from '../../src/broker/snapshot/snapshot.ts'
import type { Topology } from '../../src/model/topology.ts'
import { topology } from './objects.ts'

/** A vhost `/` with only the objects that a test cares about: its queues are empty and have no consumers. */
export function vhostSnapshot(objects: Partial<Topology> = {}, more: Partial<VhostSnapshot> = {}): VhostSnapshot {
  return { name: '/', topology: topology(objects), untouchable: [], contents: new Map(), consumers: [], ...more }
}

/** A snapshot of a broker with some vhosts, in which no project owns anything. */
export function snapshotOf(vhosts: readonly VhostSnapshot[], more: Partial<Snapshot> = {}): Snapshot {
  const broker = {
    name: 'rabbit@one',
    version: '4.0.5',
    url: 'http://one:15672',
    exchangeTypes: [],
    forbidsOperatorPolicies: false,
    deniedFeatures: [],
  }
  const login = { user: 'ops', tags: ['administrator'] }
  return {
    source: { kind: 'broker', broker, user: login.user },
    live: {
      broker,
      login,
      topology: topology(),
      usersReadable: true,
      parametersReadable: true,
      untouchable: new Set(),
      kindsRead: new Set(),
    },
    vhosts,
    owners: new Map(),
    statistics: { ratesMode: 'basic', collected: true },
    unknown: [],
    ...more,
  }
}
