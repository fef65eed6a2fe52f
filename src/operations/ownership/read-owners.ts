import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { Live, Records } from '../../broker/live/live.ts'
import { readLive, VhostAccessError } from '../../broker/live/read-live.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import { addressesIn } from '../../broker/records/ownership.ts'
import { escapeName } from '../../model/address.ts'
import { suggestAddress } from '../../model/names/given-address.ts'
import { matchesGlob } from '../../model/names/matches-glob.ts'
import { addressesOf, ownershipOfRecords } from '../change/planned.ts'

/** The owner of an object, from the records on the broker. */
export interface Owner {
  /** An address. For an object that no longer exists and had a long address, its kind and a hash of the address. */
  readonly address: string
  readonly project: string
  /** `intended`: a run recorded that it would create the object, and did not confirm it. */
  readonly state: 'owned' | 'adopted' | 'intended'
  readonly protected: boolean
  /** The virtual hosts whose records contain it. */
  readonly vhosts: readonly string[]
}

/** The live objects of all virtual hosts that have a record. */
export type LiveRecords = Live & { readonly records: Records }

/**
 * Reads all records, and the objects that they may refer to. If another project deletes a virtual host in between,
 * reads in that virtual host fail. Then it reads the records again.
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
  throw new WarrenError(`the login ${JSON.stringify(login.user)} may not read the ownership records`, {
    code: 'ACCESS_REFUSED',
    hint: 'use a login with the tag policymaker or administrator',
  })
}

/** Lists the owners of all objects whose addresses match, sorted by address. */
export function ownersIn(live: Pick<LiveRecords, 'records' | 'topology'>, globs: readonly string[]): Owner[] {
  // No project has an empty name, so all records count as those of other projects.
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

/**
 * Checks that each address or glob matches something: an object with an owner, or an existing object without one, for
 * example after a release.
 *
 * @param given normalized by `readGlob`
 * @param project matches only objects of this project. Default: of any project
 * @returns the addresses and globs that match only objects without an owner
 * @throws {WarrenError} `INVALID_OPTION` or `UNKNOWN_NAME`, with the malformed or unknown address and the nearest
 *   known one
 */
export async function requireKnown(
  client: ManagementClient,
  live: LiveRecords,
  given: readonly string[],
  project?: string,
): Promise<string[]> {
  const owners = ownersIn(live, [])
  const unmatched = given.filter(
    (glob) =>
      !owners.some((each) => (project === undefined || each.project === project) && matchesGlob(each.address, glob)),
  )
  if (unmatched.length === 0) return []
  const owned = new Set(owners.map(({ address }) => address))
  const unowned = (await liveAddresses(client, unmatched)).filter((each) => !owned.has(each))
  for (const glob of unmatched) {
    const foreign = owners.find(({ address }) => matchesGlob(address, glob))
    if (foreign !== undefined && project !== undefined) throw notOfProject(glob, project, foreign)
    if (!unowned.some((each) => matchesGlob(each, glob))) throw unknown(glob, [...owned, ...unowned])
  }
  return unmatched
}

/** The addresses of the visible objects in the virtual hosts that these globs may match. */
async function liveAddresses(client: ManagementClient, globs: readonly string[]): Promise<string[]> {
  const vhosts = (await reads.vhosts(client)).map(({ name }) => name)
  const meant = globs.map(vhostPartOf)
  const read = meant.includes(undefined) ? vhosts : vhosts.filter((each) => meant.includes(escapeName(each)))
  const found: string[] = []
  for (const vhost of read) {
    try {
      const { topology } = await readLive(client, { vhosts: [vhost] })
      found.push(...addressesOf(topology))
    } catch (error) {
      // The virtual host was deleted meanwhile, or this login may not see its objects.
      if (!(error instanceof VhostAccessError)) throw error
    }
  }
  return [...new Set(found)]
}

/** The virtual host of an address or glob, if it is unambiguous. */
function vhostPartOf(glob: string): string | undefined {
  return /^(?!user:|global-parameter:|\*)[a-z-]+:([^/*]+)(?:\/|$)/.exec(glob)?.[1]
}

function notOfProject(glob: string, project: string, { address, project: owner }: Owner): WarrenError {
  const what = glob === address ? `${address}, which` : `what matches ${glob}; ${address}`
  return new WarrenError(
    `the project ${JSON.stringify(project)} does not own ${what} is owned by the project ${JSON.stringify(owner)}`,
    { code: 'UNKNOWN_NAME', hint: `see who owns what: warren owners '${glob}'` },
  )
}

function unknown(glob: string, known: readonly string[]): WarrenError {
  const near = suggestAddress(glob, known)
  return new WarrenError(
    glob.includes('*')
      ? `${glob} matches nothing: no record names such an object, and the broker has none that this login may access`
      : `no record names ${glob}, and the broker has no such object that this login may access`,
    {
      code: 'UNKNOWN_NAME',
      hint: near === undefined ? 'list all known addresses with: warren owners' : `did you mean ${near}?`,
    },
  )
}
