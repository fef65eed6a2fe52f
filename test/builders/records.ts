import type { OwnershipRecord } from '../../src/broker/records/ownership-record.ts'
import { type Ownership, ownershipOf } from '../../src/broker/records/ownership.ts'

/** A record of the project `shop` in the virtual host `/` that contains only what a test cares about. */
export function record(properties: Partial<OwnershipRecord> = {}): OwnershipRecord {
  return { project: 'shop', vhost: '/', owned: [], adopted: [], intended: [], protected: [], taken: [], ...properties }
}

/** The records as a plan of the project `shop` sees them. */
export function owned(...records: readonly OwnershipRecord[]): { readonly ownership: Ownership } {
  return { ownership: ownershipOf('shop', records, []) }
}
