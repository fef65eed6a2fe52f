import type { HealthLook } from '../../../broker/snapshot/health.ts'
import type { Snapshot } from '../../../broker/snapshot/snapshot.ts'
import { isAtLeast } from '../../../model/broker-version.ts'
import type { Topology } from '../../../model/topology.ts'
import { type WinnersOfBoth, winnersOf } from '../../../model/policies/winning-policies.ts'
import type { Unsupported } from '../../../plan/broker-support/abilities.ts'

/** One upgrade on the way. */
export interface UpgradeHop {
  /** Such as `4.2`. */
  readonly series: string
  /** The version by whose rules it is judged: the target, or the last release of a series on the way. */
  readonly version: string
}

/** The data that was read for an upgrade report. */
export interface UpgradeInput {
  readonly snapshot: Snapshot
  readonly from: string
  readonly path: readonly UpgradeHop[]
  /** Clients; absent for a definitions file. */
  readonly look?: HealthLook
  /** The feature flags that are not enabled; absent if unknown. */
  readonly disabledFlags?: readonly string[]
  /** Explains why a version refuses something: what is wrong, and the remedy. */
  readonly explain: (unsupported: Unsupported) => readonly [what: string, remedy: string]
}

/** Everything that features can read. */
export interface UpgradeContext extends UpgradeInput {
  readonly topology: Topology
  winnersIn(vhost: string): WinnersOfBoth
  /** The type of an exchange; undefined if it does not exist. */
  exchangeType(vhost: string, name: string): string | undefined
  /** The first series of the path that is at least a version, unless the broker already is. */
  seriesWith(version: string): string | undefined
}

/** Prepares the input of features. */
export function upgradeContext(input: UpgradeInput): UpgradeContext {
  const { snapshot, from, path } = input
  const winners = new Map(snapshot.vhosts.map(({ name, topology }) => [name, winnersOf(topology, from)] as const))
  const types = new Map(snapshot.live.topology.exchanges.map((each) => [keyOf(each.vhost, each.name), each.type]))
  const none = winnersOf({ ...snapshot.live.topology, policies: [], operatorPolicies: [] }, from)
  return {
    ...input,
    topology: snapshot.live.topology,
    winnersIn: (vhost) => winners.get(vhost) ?? none,
    exchangeType: (vhost, name) => types.get(keyOf(vhost, name)),
    seriesWith: (version) =>
      isAtLeast(from, version) ? undefined : path.find((hop) => isAtLeast(hop.version, version))?.series,
  }
}

function keyOf(vhost: string, name: string): string {
  return JSON.stringify([vhost, name])
}
