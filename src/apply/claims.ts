import { setTimeout as sleep } from 'node:timers/promises'
import { ExitCode } from '../diagnostics/exit-code.ts'
import { WarrenError } from '../diagnostics/warren-error.ts'
import { recordsIn } from '../live/records-in.ts'
import type { ManagementClient } from '../management/client.ts'
import { reads } from '../management/reads.ts'
import { deletes, writes } from '../management/writes.ts'
import { type Claim, type OwnershipRecord, recordName, recordValue } from '../records/ownership-record.ts'
import { isSameRecord, type RecordsByVhost } from './next-records.ts'

/** How long the older of two claims waits for the younger one to be taken back. */
const TRIES = 10
const PAUSE = 500

/**
 * Writes what a run is about to make, reads the records of all projects, and only then lets it begin: of two projects
 * that claim one object, at least one sees the other. The younger claim gives way, the older one waits until it has;
 * where it does not, the other run may have begun, so this one gives way as well.
 *
 * @param previous what the records said before
 * @throws {WarrenError} with exit code 4 that names both projects; the claim is taken back then
 */
export async function claim(
  client: ManagementClient,
  records: RecordsByVhost,
  previous: RecordsByVhost,
): Promise<void> {
  const changed = [...records].filter(([vhost, record]) => !isSameRecord(previous.get(vhost), record))
  if (changed.length === 0) return
  await writeRecords(client, new Map(changed))
  for (let attempt = 1; ; attempt += 1) {
    const conflict = findConflict(records, recordsIn(await reads.globalParameters(client)).ownership)
    if (conflict === undefined) return
    if (conflict.givesWay || attempt === TRIES) {
      await takeBack(
        client,
        changed.map(([vhost]) => vhost),
        records,
        previous,
      )
      throw claimedByOther(conflict)
    }
    await sleep(PAUSE)
  }
}

/** Writes records, one request each. */
export async function writeRecords(client: ManagementClient, records: RecordsByVhost): Promise<void> {
  await Promise.all(
    [...records.values()].map((record) => writes.putGlobalParameter(client, recordName(record), recordValue(record))),
  )
}

interface Conflict {
  readonly address: string
  readonly project: string
  readonly other: string
  /** Whether the other claim stands already, or is the older one. */
  readonly givesWay: boolean
}

/** Finds what this run claims and another project owns, adopted, or intends. Pure. */
export function findConflict(records: RecordsByVhost, all: readonly OwnershipRecord[]): Conflict | undefined {
  for (const record of records.values()) {
    const own = record.intended[0]
    const claimed = new Set([...(own?.addresses ?? []), ...record.adopted])
    for (const other of all) {
      if (other.project === record.project) continue
      const conflict = (address: string, givesWay: boolean): Conflict => {
        return { address, project: record.project, other: other.project, givesWay }
      }
      const taken = [...other.owned, ...other.adopted].find((each) => claimed.has(each))
      if (taken !== undefined) return conflict(taken, true)
      for (const theirs of other.intended) {
        const both = theirs.addresses.find((each) => claimed.has(each))
        if (both !== undefined) return conflict(both, own === undefined || isOlder(theirs, own))
      }
    }
  }
  return undefined
}

function isOlder(one: Claim, other: Claim): boolean {
  return one.at === other.at ? one.run < other.run : one.at < other.at
}

async function takeBack(
  client: ManagementClient,
  vhosts: readonly string[],
  records: RecordsByVhost,
  previous: RecordsByVhost,
): Promise<void> {
  for (const vhost of vhosts) {
    const before = previous.get(vhost)
    const written = records.get(vhost)
    if (before) await writeRecords(client, new Map([[vhost, before]]))
    else if (written) await deletes.globalParameter(client, recordName(written))
  }
}

function claimedByOther({ address, project, other }: Conflict): WarrenError {
  return new WarrenError(`the projects ${JSON.stringify(project)} and ${JSON.stringify(other)} both claim ${address}`, {
    exitCode: ExitCode.blocked,
    hint: 'nothing was done; take it out of one of the two, or declare it in one with external: true',
  })
}
