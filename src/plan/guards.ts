import { address } from '../model/address.ts'
import { recordName } from '../records/ownership-record.ts'
import type { Kind, Topology } from '../model/topology.ts'
import type { PlanContext } from './plan-context.ts'
import type { Block, Change } from './plan.ts'
import { isDelete } from './subject.ts'

/** What stops a plan as a whole, with the numbers that stop it. */
export function guard(context: PlanContext, desired: Topology, changes: readonly Change[]): Block[] {
  const { mode, live } = context
  const option = mode.destroy ? 'destroy' : '--prune'
  const unreadable = unreadableRecords(context, changes)
  if (!(mode.prune || mode.destroy)) return unreadable
  return [
    ...unreadable,
    ...(live.ownership === 'unknown' ? ([{ reason: 'ownership-unknown', address: option }] as const) : []),
    ...(mode.prune && isEmpty(desired) ? ([{ reason: 'empty-topology', address: option }] as const) : []),
    ...tooManyDeletes(context, changes.filter(isDelete).length),
  ]
}

/**
 * A record of this project that cannot be read blocks everything in its virtual host, since an apply would overwrite it. Any
 * other one may be of a project that counts on what belongs to the whole broker, or to its virtual host.
 */
function unreadableRecords({ ownership, declared }: PlanContext, changes: readonly Change[]): Block[] {
  if (ownership === undefined) return []
  const { project, damaged } = ownership
  const own = new Map(declared.vhosts.map(({ name }) => [recordName({ project, vhost: name }), name]))
  const ofAll = changes.filter((change) => isDelete(change) && BROKER_WIDE.has(change.kind))
  return damaged.flatMap(({ name: record, format }): Block[] => {
    const what = { record, ...(format !== undefined && { format }) }
    const vhost = own.get(record)
    if (vhost !== undefined) return [{ reason: 'record-damaged', address: address('vhost', vhost), ...what }]
    return ofAll.map(({ address }) => ({ reason: 'other-record-damaged', address, ...what }))
  })
}

const BROKER_WIDE: ReadonlySet<Kind> = new Set(['user', 'global-parameter'])

/** Nothing but virtual hosts: files that lost their content look like this. */
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
