import { errorMessage } from '../../diagnostics/thrown.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagementClient } from '../../broker/management/client.ts'
import type { DeleteChange, WriteChange } from '../../plan/change.ts'
import type { WriteResult } from './execute-change.ts'
import { readBack } from './read-back.ts'
import type { Outcome } from '../report.ts'
import { readWritten } from '../../broker/live/read-objects.ts'
import { subjectOf, vhostOf } from '../../plan/steps/subject.ts'
import { TopologyIndex } from '../../plan/topology-index.ts'

const ATTEMPTS = 4
const PAUSE = 250

/** Reads a wave back, and again if something differs, because other nodes of a cluster see a write slightly later. */
export async function verifyWritten(
  client: ManagementClient,
  made: ReadonlyMap<WriteChange, WriteResult>,
  present: number,
): Promise<Outcome[]> {
  return verify(
    [...made.keys()],
    (changes) => readBack(client, changes, present),
    (change) => {
      const { written, moved } = made.get(change) ?? { written: 'made' }
      const { address, action } = change
      const found = action === 'create' && written === 'found'
      return { address, action, status: 'done', ...(found && { found }), ...(moved && { moved }) }
    },
  )
}

/** Checks that deleted objects no longer exist. */
export async function verifyDeleted(client: ManagementClient, deleted: readonly DeleteChange[]): Promise<Outcome[]> {
  return verify(
    deleted,
    (changes) => readGone(client, changes),
    ({ address, action }) => ({ address, action, status: 'done' }),
  )
}

/**
 * @param read returns the problems by address
 * @param done makes the outcome of a change without a problem
 */
async function verify<C extends WriteChange | DeleteChange>(
  changes: readonly C[],
  read: (changes: readonly C[]) => Promise<ReadonlyMap<string, string>>,
  done: (change: C) => Outcome,
): Promise<Outcome[]> {
  let remaining = changes
  const outcomes: Outcome[] = []
  for (let attempt = 1; remaining.length > 0; attempt += 1) {
    let found: ReadonlyMap<string, string>
    try {
      found = await read(remaining)
    } catch (error) {
      const reason = `written, but it could not be read back: ${errorMessage(error)}`
      return [...outcomes, ...remaining.map((change) => failed(change, reason))]
    }
    outcomes.push(...remaining.filter(({ address }) => !found.has(address)).map(done))
    remaining = remaining.filter(({ address }) => found.has(address))
    if (attempt === ATTEMPTS) {
      outcomes.push(...remaining.map((change) => failed(change, found.get(change.address) ?? '')))
      break
    }
    if (remaining.length > 0) await sleep(PAUSE)
  }
  return outcomes
}

function failed({ address, action }: WriteChange | DeleteChange, reason: string): Outcome {
  return { address, action, status: 'failed', code: 'NOT_VERIFIED', reason, maybeDone: true }
}

/**
 * Reads the deleted objects in bulk, and reports by address which of them still exist.
 *
 * @returns nothing for an address that no longer exists
 */
async function readGone(
  client: ManagementClient,
  changes: readonly DeleteChange[],
): Promise<ReadonlyMap<string, string>> {
  if (changes.length === 0) return new Map()
  const vhosts = new Set(changes.flatMap((change) => vhostOf(subjectOf(change)) ?? []))
  const topology = await readWritten(client, new Set(changes.map(({ kind }) => kind)), [...vhosts])
  const found = new TopologyIndex(topology)
  return new Map(
    changes
      .filter(({ kind, address }) => found.has(kind, address))
      .map(({ address }) => [address, 'the broker accepted the deletion, but it still exists']),
  )
}
