import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { Live, Records } from '../../broker/live/live.ts'
import { readLive, VhostAccessError } from '../../broker/live/read-live.ts'
import { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import { waitForBroker } from '../../broker/management/wait-for-broker.ts'
import { matchesGlob } from '../../plan/guards/targets.ts'
import { addressesIn } from '../../broker/records/ownership.ts'
import type { BrokerOptions } from '../session/options.ts'
import { ownershipOfRecords } from './planned.ts'
import { withSecrets } from '../session/with-secrets.ts'

/** Who owns an object, by the records on the broker. */
export interface Owner {
  /** An address, or, where the object is gone and its address was long, its kind and a hash of the address. */
  readonly address: string
  readonly project: string
  /** `intended`: a run announced that it creates the object, and did not confirm it. */
  readonly state: 'owned' | 'adopted' | 'intended'
  readonly protected: boolean
  /** The virtual hosts in whose records it stands. */
  readonly vhosts: readonly string[]
}

export interface OwnersOptions extends BrokerOptions {
  /** Addresses or globs; all when empty. */
  readonly addresses: readonly string[]
}

/**
 * Lists who owns what, by address. An object that was taken over is the new owner's only, though clean-up is pending.
 *
 * @throws {WarrenError} with exit code 6 when the login may not read the records
 */
export async function owners(options: OwnersOptions): Promise<readonly Owner[]> {
  return withSecrets(options, async (own) => {
    const client = new ManagementClient(own.connection, own.secrets)
    try {
      await waitForBroker(client, own.wait ?? 0)
      return ownersIn(await readAllRecords(client), own.addresses)
    } finally {
      await client.close()
    }
  })
}

/** What the broker holds wherever a record says something. */
export type LiveRecords = Live & { readonly records: Records }

/**
 * Reads all records, and the objects that they may stand for. Another project may delete a virtual host in between, which
 * makes the reads in it fail: then, and only then, the records are read again.
 */
export async function readAllRecords(client: ManagementClient, attempts = 3): Promise<LiveRecords> {
  const first = withRecords(await readLive(client, { vhosts: [], kinds: new Set(['global-parameter']) }))
  const vhosts = new Set(first.records.ownership.map(({ vhost }) => vhost))
  try {
    return withRecords(await readLive(client, { vhosts: [...vhosts] }))
  } catch (error) {
    if (attempts <= 1 || !(error instanceof VhostAccessError) || (await exists(client, error.vhost))) throw error
    return readAllRecords(client, attempts - 1)
  }
}

async function exists(client: ManagementClient, vhost: string): Promise<boolean> {
  return (await reads.vhosts(client)).some(({ name }) => name === vhost)
}

function withRecords(live: Live): LiveRecords {
  const { records, login } = live
  if (records !== undefined) return { ...live, records }
  throw new WarrenError(`the login ${JSON.stringify(login.user)} may not read who owns what`, {
    code: 'ACCESS_REFUSED',
    hint: 'use a login with the tag policymaker or administrator',
  })
}

/** The owners of all objects whose addresses match, sorted by address. */
export function ownersIn(live: Pick<LiveRecords, 'records' | 'topology'>, globs: readonly string[]): Owner[] {
  // No project is called like this, so that all records are those of others.
  const { others } = ownershipOfRecords(live, '')
  const found = new Map<string, Owner>()
  for (const record of others) {
    const kept = new Set(record.protected)
    const owned = new Set(record.owned)
    const adopted = new Set(record.adopted)
    for (const address of new Set([...addressesIn(record), ...kept])) {
      if (globs.length > 0 && !globs.some((glob) => matchesGlob(address, glob))) continue
      const key = `${address}\0${record.project}`
      const before = found.get(key)
      const state = owned.has(address) ? 'owned' : adopted.has(address) ? 'adopted' : 'intended'
      found.set(key, {
        address,
        project: record.project,
        state: before?.state === 'owned' ? 'owned' : state,
        protected: before?.protected === true || kept.has(address),
        vhosts: [...(before?.vhosts ?? []), record.vhost],
      })
    }
  }
  return [...found.values()].toSorted((a, b) => order(a.address, b.address) || order(a.project, b.project))
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
