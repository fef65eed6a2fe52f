import type { Report } from '../../apply/report.ts'
import { readLive } from '../../broker/live/read-live.ts'
import { ManagementClient } from '../../broker/management/client.ts'
import { KINDS } from '../../model/topology.ts'
import type { Plan } from '../../plan/plan.ts'
import { ownerStates } from '../../plan/ownership/owner-state.ts'
import { portablePlan } from '../../plan/saved/portable-plan.ts'
import { type UndoPlan, undoOf } from '../../plan/saved/undo.ts'
import type { BrokerOptions } from '../session/options.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { originalOf, ownershipIn } from '../change/planned.ts'

/** Reads the broker after an apply, and makes a plan that reverses the actual changes. */
export async function makeUndo(
  { connection, secrets = new SecretRegistry() }: BrokerOptions,
  plan: Plan,
  report: Report,
): Promise<UndoPlan> {
  const client = new ManagementClient(connection, secrets)
  try {
    const live = await readLive(client, { vhosts: plan.vhosts, kinds: new Set(KINDS) })
    const done = report.outcomes.filter(({ status }) => status === 'done').map(({ address }) => address)
    const { ownership } = ownershipIn(live, plan.project)
    const owners = ownership && ownerStates(ownership, plan.vhosts)
    const undo = undoOf(originalOf(plan), new Set(done), live.topology, secrets, owners, report.ownership)
    return portablePlan(undo, secrets)
  } finally {
    await client.close()
  }
}
