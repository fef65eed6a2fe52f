import { applyPlan } from '../../apply/apply-plan.ts'
import { defaultParallelism } from '../../apply/default-parallelism.ts'
import type { Report } from '../../apply/report.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { readLive } from '../../broker/live/read-live.ts'
import { scopeOf } from '../../broker/live/read-scope.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import type { Desired } from '../../model/desired.ts'
import { makePlan } from '../../plan/make-plan.ts'

/**
 * Applies a topology in memory to the broker. Its passwords have to be resolved.
 *
 * @throws {WarrenError} `BLOCKED` when the plan is blocked; nothing is written then
 */
export async function applyDesired(client: ManagementClient, desired: Desired): Promise<Report> {
  const { project, topology } = desired
  const live = await readLive(client, scopeOf(topology))
  const files = { paths: [], count: 0, overlays: [] }
  const plan = makePlan({ project, files, desired: topology, live })
  if (plan.blocks.length > 0) {
    const blocked = plan.blocks.map(({ reason, address }) => `${address} (${reason})`)
    throw new WarrenError(`The topology cannot be applied: ${blocked.join(', ')}`, { code: 'BLOCKED' })
  }
  return applyPlan(client, plan, { parallelism: defaultParallelism(plan.broker.version) })
}
