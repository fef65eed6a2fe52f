import { editRecords } from '../../apply/ownership/record-writes.ts'
import { releaseEdits, whyNotReleased } from '../../apply/ownership/releases.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { ManagementClient } from '../../broker/management/client.ts'
import { readGlob } from '../../model/names/given-address.ts'
import type { BrokerOptions } from '../session/options.ts'
import { reachBroker } from '../session/reach-broker.ts'
import { type LiveRecords, type Owner, ownersIn, readAllRecords, requireKnown } from './read-owners.ts'
import { openSession } from '../session/session.ts'
import { withSecrets } from '../session/with-secrets.ts'

export interface ReleaseOptions extends BrokerOptions {
  /** Addresses or globs. */
  readonly addresses: readonly string[]
  /** The project that gives up ownership. Default: the only project that owns a matching object. */
  readonly project?: string
  /** Called before the first write; if it returns false, nothing changes. */
  readonly confirm: (released: readonly Owner[]) => Promise<boolean>
}

export interface Released {
  readonly released: readonly Owner[]
  /** The given addresses and globs that match only objects without an owner; an earlier run may have released them. */
  readonly withoutOwner: readonly string[]
  readonly notConfirmed?: true
}

/**
 * Gives up ownership without a new owner. The objects are not changed, and the next apply adopts those that are still
 * declared.
 *
 * @throws {WarrenError} `INVALID_OPTION` when an address or a glob is malformed
 * @throws {WarrenError} `AMBIGUOUS_OWNER` when several projects own what matches
 * @throws {WarrenError} `LOCKED` when a run of the project is running, `BLOCKED` when one is unfinished or the lock
 *   cannot be taken
 */
export async function release(options: ReleaseOptions): Promise<Released> {
  if (options.addresses.length === 0) {
    throw new WarrenError('no address is given', {
      code: 'INVALID_OPTION',
      hint: 'give an address or a glob',
    })
  }
  return withSecrets(options, async (own) => {
    const client = new ManagementClient(own.connection, own.secrets)
    try {
      await reachBroker(client, own)
      const addresses = own.addresses.map((each) => readGlob('the address', each))
      const found = await readAllRecords(client)
      const withoutOwner = await requireKnown(client, found, addresses, own.project)
      const matching = matchingIn(found, { addresses, ...(own.project !== undefined && { project: own.project }) })
      const [first] = matching
      if (first === undefined) return { released: [], withoutOwner }
      const { project } = first
      if (matching.some((each) => each.project !== project)) throw severalProjects(matching)
      const vhosts = [...new Set(matching.flatMap((each) => each.vhosts))]
      await using session = await openSession(client, { ...own, project, vhosts })
      const { unlocked } = session.forPlan
      if (unlocked !== undefined) throw blocked(`nothing can be released without the lock of the project: ${unlocked}`)
      const live = await readAllRecords(client)
      // The lock covers the virtual hosts in which objects matched; another run may just have adopted one elsewhere.
      const released = matchingIn(live, { addresses, project }).filter((each) =>
        each.vhosts.every((vhost) => vhosts.includes(vhost)),
      )
      const reason = whyNotReleased(live.records, project, released)
      if (reason !== undefined) throw blocked(reason)
      if (!(await own.confirm(released))) return { released, withoutOwner, notConfirmed: true }
      await editRecords(client, releaseEdits(live.records.ownership, project, released))
      return { released, withoutOwner }
    } finally {
      await client.close()
    }
  })
}

function matchingIn(live: LiveRecords, { addresses, project }: Pick<ReleaseOptions, 'addresses' | 'project'>): Owner[] {
  return ownersIn(live, addresses).filter((each) => project === undefined || each.project === project)
}

function blocked(message: string): WarrenError {
  return new WarrenError(`${message}; nothing was done`, {
    code: 'BLOCKED',
    hint: 'apply the project, which finishes the run, and then release',
  })
}

function severalProjects(matching: readonly Owner[]): WarrenError {
  const names = [...new Set(matching.map(({ project }) => JSON.stringify(project)))].join(', ')
  return new WarrenError(`several projects own objects that match: ${names}`, {
    code: 'AMBIGUOUS_OWNER',
    hint: 'choose the project that gives up ownership with --project',
  })
}
