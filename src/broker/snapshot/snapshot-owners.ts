import { addressOf } from '../../model/address.ts'
import { type Kind, KINDS, objectsOf, type Topology } from '../../model/topology.ts'
import type { Records } from '../live/live.ts'
import { KnownAddresses } from '../records/entry.ts'
import { addressesIn, ownershipOf } from '../records/ownership.ts'
import type { SnapshotOwner } from './snapshot.ts'

/**
 * Finds the owners in the records of a broker. An object that was taken over belongs only to its new project.
 *
 * @param topology the objects that the records may name
 */
export function snapshotOwners(records: Records, topology: Topology): ReadonlyMap<string, SnapshotOwner> {
  const known = new KnownAddresses(() => addressesOf(topology))
  // No project has an empty name, so all records count as those of other projects.
  const { others } = ownershipOf('', records.ownership, records.damaged, known)
  const owners = new Map<string, SnapshotOwner>()
  for (const record of others) {
    const owned = new Set(record.owned)
    for (const address of addressesIn(record)) {
      // Several vhosts may have a record of a user; one that owns it is sufficient.
      if (owners.get(address)?.state === 'owned') continue
      owners.set(address, { project: record.project, state: owned.has(address) ? 'owned' : 'adopted' })
    }
  }
  return owners
}

function addressesOf(topology: Topology): string[] {
  const ofKind = <K extends Kind>(kind: K) => objectsOf(kind, topology).map((each) => addressOf(kind, each))
  return KINDS.flatMap((kind) => ofKind(kind))
}
