import type { Kind } from '../../model/topology.ts'
import type { SeenProject } from './observation.ts'
import { type ObservedDrift, returnedDrift } from './observed-drift.ts'

/** The maximum number of deleted objects to remember for a project. */
const MOST_RETIRED = 200

/**
 * The objects that the project owned and warren has deleted since. An object that still exists when the project stops owning
 * it was released, and is not among them.
 *
 * @param retired those of the previous check
 * @param before what the project owned at the previous check; undefined if unknown
 */
export function retiredAfter(
  retired: readonly string[],
  before: ReadonlySet<string> | undefined,
  { owned, unmanaged }: Pick<SeenProject, 'owned' | 'unmanaged'>,
): readonly string[] {
  if (owned === undefined || unmanaged === undefined) return retired
  const existing = new Set(unmanaged.map(({ address }) => address))
  const deleted = [...(before ?? [])].filter((address) => !owned.has(address) && !existing.has(address))
  const all = new Set([...retired.filter((address) => !owned.has(address)), ...deleted])
  return [...all].slice(-MOST_RETIRED)
}

/**
 * The deleted objects that exist again without an owner, because a program has declared them. While it is unknown
 * which objects have no owner, the open drifts remain open.
 *
 * @param open the drifts of the previous check
 */
export function returnedDrifts(
  retired: readonly string[],
  { unmanaged }: Pick<SeenProject, 'unmanaged'>,
  open: readonly ObservedDrift[],
): readonly ObservedDrift[] {
  if (unmanaged === undefined) return open.filter(({ action }) => action === 'returned')
  const deleted = new Set(retired)
  return unmanaged
    .filter(({ address }) => deleted.has(address))
    .map(({ address, kind }) => returnedDrift(address, kind as Kind))
}
