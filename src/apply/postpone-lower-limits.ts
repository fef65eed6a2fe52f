import type { VirtualHostLimits } from '../model/topology.ts'
import type { Change } from '../plan/change.ts'

/** The changes of a plan, divided into two parts. A vhost update that lowers a limit is in both parts. */
export interface TwoParts {
  /** All changes, without the lower limits. */
  readonly early: readonly Change[]
  /** Vhosts whose limits are lowered at the end. */
  readonly late: readonly VhostUpdate[]
}

type VhostUpdate = Extract<Change, { kind: 'vhost'; action: 'update' }>

/**
 * Postpones lower limits of vhosts to the end, because earlier creates, moves and deletes may need more queues or
 * connections than the new limits permit. For the same reason, higher limits come first.
 */
export function postponeLowerLimits(changes: readonly Change[]): TwoParts {
  const late: VhostUpdate[] = []
  const early = changes.flatMap((change): Change[] => {
    const lowered = change.kind === 'vhost' && change.action === 'update' ? loweredLimits(change) : []
    if (change.kind !== 'vhost' || change.action !== 'update' || lowered.length === 0) return [change]
    const kept = Object.fromEntries(lowered.map((limit) => [limit, change.before.limits?.[limit]]))
    const limits = withoutMissing({ ...change.after.limits, ...kept })
    const left = new Set(lowered.map((limit) => `limits.${limit}`))
    const differences = change.differences.filter(({ property }) => !left.has(property))
    const between = { ...change.after, limits }
    late.push({
      ...change,
      before: { ...change.before, ...between },
      differences: change.differences.filter(({ property }) => left.has(property)),
    })
    return differences.length === 0 ? [] : [{ ...change, after: between, differences }]
  })
  return { early, late }
}

const LIMITS = ['maxConnections', 'maxQueues'] as const satisfies readonly (keyof VirtualHostLimits)[]

function loweredLimits({ before, after }: VhostUpdate): (keyof VirtualHostLimits)[] {
  const { limits } = after
  if (limits === undefined) return []
  return LIMITS.filter((limit) => {
    const next = limits[limit]
    return next !== undefined && next < (before.limits?.[limit] ?? Number.POSITIVE_INFINITY)
  })
}

function withoutMissing(limits: Readonly<Record<string, number | undefined>>): VirtualHostLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined))
}
