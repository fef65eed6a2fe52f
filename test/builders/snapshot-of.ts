import type { Snapshot } from '../../src/broker/snapshot/snapshot.ts'
import { byVhost } from '../../src/broker/snapshot/by-vhost.ts'
import { KINDS, type Topology } from '../../src/model/topology.ts'

/** The snapshot of a live broker with a topology, without records, messages and consumers. */
export function snapshotOf(topology: Topology, around: Partial<Snapshot> = {}): Snapshot {
  const broker = {
    name: 'rabbit@test',
    version: '4.3.6',
    url: 'http://mq.test:15672',
    exchangeTypes: ['direct', 'fanout', 'headers', 'topic'],
    forbidsOperatorPolicies: false,
    deniedFeatures: [],
  }
  const names = topology.vhosts.map(({ name }) => name).toSorted()
  return {
    source: { kind: 'broker', broker, user: 'warren' },
    live: {
      broker,
      login: { user: 'warren', tags: ['administrator'] },
      topology,
      usersReadable: true,
      parametersReadable: true,
      untouchable: new Set(),
      kindsRead: new Set(KINDS),
    },
    vhosts: Array.from(byVhost(topology, names), ([name, objects]) => ({ name, topology: objects, untouchable: [] })),
    records: { ownership: [], damaged: [], journals: [], damagedJournals: [] },
    unknown: [],
    ...around,
  }
}
