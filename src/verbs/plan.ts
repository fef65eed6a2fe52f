import type { Live } from '../live/live.ts'
import { readLive } from '../live/read-live.ts'
import { scopeOf } from '../live/scope-of.ts'
import { ManagementClient } from '../management/client.ts'
import { waitForBroker } from '../management/wait-for-broker.ts'
import type { Desired } from '../model/desired.ts'
import { makePlan } from '../plan/make-plan.ts'
import { checkReadingRights } from './check-rights.ts'
import type { BrokerOptions, DefinitionsOptions, TopologyOptions } from './options.ts'
import { planAgainst } from './plan-against.ts'
import { loadForPlan, type Planned, secretsOfPlan } from './planned.ts'

export type { Planned } from './planned.ts'

/** All that an apply needs of a plan. */
export interface PlannedWithLive extends Planned {
  readonly desired: Desired
  readonly live: Live
}

/**
 * Compares the files with the live broker, or, with `against`, with what a broker exported.
 *
 * @throws {InvalidInputError} when the files are not usable; the broker is not contacted then
 * @throws {UnreachableError} when the broker cannot be reached
 */
export async function plan(options: TopologyOptions & (BrokerOptions | DefinitionsOptions)): Promise<Planned> {
  if ('against' in options) return planAgainst(options)
  const client = new ManagementClient(options.connection)
  try {
    const { live: _live, desired: _desired, ...planned } = await planWith(client, options)
    return planned
  } finally {
    await client.close()
  }
}

/** The same over a connection that the caller keeps. */
export async function planWith(
  client: ManagementClient,
  options: TopologyOptions & BrokerOptions,
): Promise<PlannedWithLive> {
  const { desired, files, findings, sources } = await loadForPlan(options)
  await waitForBroker(client, options.wait ?? 0)
  const live = await readLive(client, scopeOf(desired.topology))
  checkReadingRights(live, desired.topology)
  return {
    plan: makePlan({ project: desired.project, files, desired: desired.topology, live }),
    findings,
    sources,
    secrets: secretsOfPlan(desired, live.topology),
    desired,
    live,
  }
}
