import { readWritten } from '../../broker/live/read-objects.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { addressOf } from '../../model/address.ts'
import { containsSecret } from '../../model/secrets/mask-data.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { type Kind, type ObjectOf, objectsOf, type Topology } from '../../model/topology.ts'
import { compare } from '../../plan/compare/compare.ts'
import { deletesItself } from '../../plan/steps/deletes-itself.ts'
import type { Difference } from '../../plan/change.ts'
import type { WriteChange } from '../../plan/change.ts'
import { isQuickerSingly, readSingly } from './read-singly.ts'

/**
 * Reads the written objects back, in bulk, or one by one if they are few compared with the existing objects. Reports
 * the differences from what was written, by address.
 *
 * @param present the approximate number of objects in the virtual hosts
 * @returns the differences; no entry for an address that is as declared
 */
export async function readBack(
  client: ManagementClient,
  changes: readonly WriteChange[],
  present: number,
): Promise<ReadonlyMap<string, string>> {
  if (changes.length === 0) return new Map()
  const found = isQuickerSingly(changes, present)
    ? await readSingly(client, changes)
    : await readInBulk(client, changes)
  return new Map(
    changes.flatMap((change): [string, string][] => {
      const wrong = whatIsWrong(change, found.get(change.address), client.secrets)
      return wrong === undefined ? [] : [[change.address, wrong]]
    }),
  )
}

async function readInBulk(
  client: ManagementClient,
  changes: readonly WriteChange[],
): Promise<ReadonlyMap<string, ObjectOf[Kind]>> {
  const kinds = new Set(changes.map(({ kind }) => kind))
  const vhosts = new Set(changes.flatMap((change) => ('vhost' in change.after ? [change.after.vhost] : [])))
  const topology = await readWritten(client, kinds, [...vhosts])
  return new Map([...kinds].flatMap((kind) => indexByAddress(kind, topology)))
}

function indexByAddress(kind: Kind, topology: Topology): [string, ObjectOf[Kind]][] {
  return objectsOf(kind, topology).map((object) => [addressOf(kind, object), object])
}

function whatIsWrong(
  change: WriteChange,
  live: ObjectOf[Kind] | undefined,
  secrets: SecretRegistry,
): string | undefined {
  if (live === undefined) return mayBeGone(change) ? undefined : 'the broker accepted it, but it does not exist'
  const { differences } = compare(change.kind, live, change.after)
  return differences.length === 0
    ? undefined
    : `the broker accepted it, but kept its old value: ${differences.map((each) => sayDifference(each, secrets)).join(', ')}`
}

/** A one-off shovel of an empty queue, or a queue that expires soon, may delete itself before it is read back. */
function mayBeGone({ kind, after }: WriteChange): boolean {
  return ['src-delete-after', 'expires'].includes(deletesItself(kind, after) ?? '')
}

/** A live value in the place of a secret is also a secret. */
function sayDifference(difference: Difference, secrets: SecretRegistry): string {
  if ('secret' in difference || containsSecret(difference.after, secrets)) return difference.property
  return `${difference.property} is ${JSON.stringify(difference.before) ?? 'absent'}`
}
