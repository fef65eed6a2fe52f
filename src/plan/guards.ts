import type { Topology } from '../model/topology.ts'
import type { PlanContext } from './plan-context.ts'
import type { Block, Change } from './plan.ts'
import { isDelete } from './subject.ts'

/** What stops a plan as a whole, with the numbers that stop it. */
export function guard(context: PlanContext, desired: Topology, changes: readonly Change[]): Block[] {
  const { mode, live, ownership } = context
  const option = mode.destroy ? 'destroy' : '--prune'
  if (!(mode.prune || mode.destroy)) return []
  return [
    ...(live.ownership === 'unknown' ? ([{ reason: 'ownership-unknown', address: option }] as const) : []),
    ...(ownership?.damaged ?? []).map((record): Block => ({ reason: 'record-damaged', address: option, record })),
    ...(mode.prune && isEmpty(desired) ? ([{ reason: 'empty-topology', address: option }] as const) : []),
    ...tooManyDeletes(context, changes.filter(isDelete).length),
  ]
}

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
