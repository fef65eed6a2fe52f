import { address } from '../../model/address.ts'
import type { Kind, Topology } from '../../model/topology.ts'
import type { PlanContext } from '../plan-context.ts'
import type { PlanMode } from '../plan-mode.ts'
import type { Block } from '../block.ts'
import type { Change, DeleteChange } from '../change.ts'
import { isDelete, type Subject, subjectOf, vhostOf } from '../steps/subject.ts'
import { recordName } from '../../model/generated-names.ts'

interface Guarded {
  readonly desired: Topology
  readonly changes: readonly Change[]
  /** Addresses of existing objects without an owner that the plan records as adopted. */
  readonly adopts: readonly string[]
}

/** Lists the reasons that block a plan as a whole, with their numbers. */
export function guard(context: PlanContext, { desired, changes, adopts }: Guarded): Block[] {
  const { mode, live } = context
  const option = mode.destroy ? 'destroy' : '--prune'
  const unreadable = unreadableRecords(context, changes, adopts)
  if (!(mode.prune || mode.destroy)) return unreadable
  return [
    ...unreadable,
    ...(live.ownership === 'unknown' ? ([{ reason: 'ownership-unknown', address: option }] as const) : []),
    ...(mode.prune && isEmpty(desired) ? ([{ reason: 'empty-topology', address: option }] as const) : []),
    ...tooManyDeletes(context, changes.filter(isDelete).length),
  ]
}

/**
 * An unreadable record of this project blocks everything in its virtual host, because an apply would overwrite it.
 * Any other unreadable record may belong to a project that relies on broker-wide objects or on this virtual host, or
 * that owns an object that seems to have no owner.
 */
function unreadableRecords(context: PlanContext, changes: readonly Change[], adopts: readonly string[]): Block[] {
  const { ownership, vhosts, mode } = context
  if (ownership === undefined) return []
  const { project, damaged } = ownership
  const own = new Map([...vhosts].map((vhost) => [recordName({ project, vhost }), vhost]))
  const deletes = changes.filter(isDelete)
  return damaged.flatMap(({ name: record, format, vhost: about }): Block[] => {
    const what = { record, ...(format !== undefined && { format }) }
    const vhost = own.get(record)
    if (vhost !== undefined) return [{ reason: 'record-damaged', address: address('vhost', vhost), ...what }]
    // One block for all adopted objects, because the decision is about the record.
    const adopted = withoutKnownOwner(context, changes, adopts, about)
    const counted = deletes.filter((change) => BROKER_WIDE.has(change.kind) || isPrunedVhost(mode, change, about))
    return [...counted.map((change) => change.address), ...adopted.slice(0, 1)].map((each) => ({
      reason: 'other-record-damaged',
      address: each,
      ...what,
    }))
  })
}

/**
 * Whether a prune deletes the virtual host that a record belongs to or may belong to. A destroy names foreign objects
 * in a virtual host; a prune deletes only a virtual host without foreign objects.
 */
function isPrunedVhost({ prune }: PlanMode, { kind, before }: DeleteChange, about: string | undefined): boolean {
  return prune && kind === 'vhost' && (about === undefined || about === before.name)
}

/**
 * Objects that the plan adopts or renames although the readable records name no owner.
 *
 * @param about the virtual host of the unreadable record; absent if it may be any
 */
function withoutKnownOwner(
  context: PlanContext,
  changes: readonly Change[],
  adopts: readonly string[],
  about: string | undefined,
): string[] {
  const isConcerned = (subject: Subject | undefined) => {
    const vhost = subject && vhostOf(subject)
    return about === undefined || vhost === undefined || vhost === about
  }
  const renamed = changes.flatMap((change) =>
    change.action === 'rename' && context.stateOf(change.from) === undefined && isConcerned(subjectOf(change))
      ? [change.from]
      : [],
  )
  return [...adopts.filter((at) => isConcerned(context.desiredIndex.find(at))), ...renamed]
}

const BROKER_WIDE: ReadonlySet<Kind> = new Set(['user', 'global-parameter'])

/** Nothing except virtual hosts: files that have lost their content look like this. */
function isEmpty({ vhosts: _vhosts, ...rest }: Topology): boolean {
  return Object.values(rest).every((objects: readonly unknown[]) => objects.length === 0)
}

function tooManyDeletes({ mode, own }: PlanContext, deletes: number): Block[] {
  if (mode.destroy) return []
  const { maxDeletes } = mode
  const owned = own?.size ?? 0
  const limit =
    'count' in maxDeletes
      ? maxDeletes.count
      : owned < maxDeletes.from
        ? Number.POSITIVE_INFINITY
        : (owned * maxDeletes.percent) / 100
  if (deletes <= limit) return []
  const words = 'count' in maxDeletes ? String(maxDeletes.count) : `${maxDeletes.percent}%`
  return [{ reason: 'too-many-deletes', address: '--max-deletes', deletes, owned, limit: words }]
}
