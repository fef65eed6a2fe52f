import { recordName } from '../records/ownership-record.ts'
import type { Kind, Topology } from '../model/topology.ts'
import type { PlanContext } from './plan-context.ts'
import type { Block, Change } from './plan.ts'
import { isDelete } from './subject.ts'

/** What stops a plan as a whole, with the numbers that stop it. */
export function guard(context: PlanContext, desired: Topology, changes: readonly Change[]): Block[] {
  const { mode, live } = context
  const option = mode.destroy ? 'destroy' : '--prune'
  if (!(mode.prune || mode.destroy)) return []
  return [
    ...(live.ownership === 'unknown' ? ([{ reason: 'ownership-unknown', address: option }] as const) : []),
    ...damagedRecords(context, option, changes),
    ...(mode.prune && isEmpty(desired) ? ([{ reason: 'empty-topology', address: option }] as const) : []),
    ...tooManyDeletes(context, changes.filter(isDelete).length),
  ]
}

/**
 * A damaged record of this project in a virtual host of the run blocks a prune. Any other one may be of a project that
 * counts on what belongs to the whole broker; in its virtual host it can have nothing that this project owns.
 */
function damagedRecords({ ownership, declared }: PlanContext, option: string, changes: readonly Change[]): Block[] {
  if (ownership === undefined) return []
  const { project, damaged } = ownership
  const own = new Set(declared.vhosts.map(({ name }) => recordName({ project, vhost: name })))
  const ofAll = changes.filter((change) => isDelete(change) && BROKER_WIDE.has(change.kind))
  return damaged.flatMap((record): Block[] =>
    own.has(record)
      ? [{ reason: 'record-damaged', address: option, record }]
      : ofAll.map(({ address }) => ({ reason: 'other-record-damaged', address, record })),
  )
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
