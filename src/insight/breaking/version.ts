import type { Location } from '../../diagnostics/location.ts'
import type { Routes } from '../../model/routes.ts'
import type { Topology } from '../../model/topology.ts'
import type { BreakingRule } from './breaking-rules.ts'

/** One version of a topology, as far as its source contains it. */
export interface TopologyVersion {
  readonly topology: Topology
  readonly routes: Routes
  /** The parts that the source does not contain; they are not compared. Default: nothing. */
  readonly lacks?: readonly NotContained[]
}

export type NotContained = 'routes' | 'policies' | 'users'

/** The objects of another project by which messages are routed. */
export type OtherTopology = Pick<Topology, 'exchanges' | 'queues' | 'bindings'>

/** Another project, which uses objects of the topology. Its own version does not change. */
export interface OtherProject {
  readonly project: string
  readonly topology: OtherTopology
  /** Its objects after the change, if the change also affects this project. Default: those before. */
  readonly currentTopology?: OtherTopology
  readonly routes: Routes
}

/** `breaking` fails for some users, `risky` may fail, and `safe` does not. */
export type ChangeClass = 'breaking' | 'risky' | 'safe'

/** The effect of a change on the users of a topology. */
export interface BreakingFinding {
  /** Stable: consists of the rule and the address. `--allow` takes it. */
  readonly id: string
  readonly rule: BreakingRule
  readonly class: ChangeClass
  /** Such as `queue:orders/billing`, or `publication:orders/invoice-paid` for a route. */
  readonly address: string
  readonly reason: string
  /** The projects that use the changed object. Absent if none is known. */
  readonly usedBy?: readonly string[]
  /** A message that one version accepts and the other refuses. */
  readonly counterexample?: unknown
  /** The position of the object's declaration in the new version. */
  readonly location?: Location
}

/**
 * Makes a finding. Its id consists of the rule and the rest of the address, without `=`, which separates the id from
 * a reason.
 */
export function breakingFinding(
  rule: BreakingRule,
  kind: ChangeClass,
  address: string,
  reason: string,
  more: Pick<BreakingFinding, 'usedBy' | 'counterexample' | 'location'> & { readonly part?: string } = {},
): BreakingFinding {
  const { part, usedBy, location, ...rest } = more
  const about = address.slice(address.indexOf(':') + 1) + (part === undefined ? '' : `/${part}`)
  return {
    id: `${rule}:${about.replaceAll('=', '%3D')}`,
    rule,
    class: kind,
    address,
    reason,
    ...(usedBy !== undefined && usedBy.length > 0 && { usedBy }),
    ...rest,
    ...(location && { location }),
  }
}
