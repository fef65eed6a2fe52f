import type { OwnershipRecord } from '../../src/broker/records/ownership-record.ts'
import { type Ownership, ownershipOf } from '../../src/broker/records/ownership.ts'

/** A record of the project `shop` in the virtual host `/` that says nothing but what a test cares about. */
export function record(properties: Partial<OwnershipRecord> = {}): OwnershipRecord {
  return { project: 'shop', vhost: '/', owned: [], adopted: [], intended: [], protected: [], taken: [], ...properties }
}

/** What the project `shop` sees of records, for a plan. */
export function owned(...records: readonly OwnershipRecord[]): { readonly ownership: Ownership } {
  return { ownership: ownershipOf('shop', records, []) }
}
