import { recordsIn } from '../../broker/live/records-in.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { ManagementError } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import { address, kindOf } from '../../model/address.ts'
import type { Desired } from '../../model/desired.ts'
import type { PlanMode } from '../../plan/plan-mode.ts'
import { recordName } from '../../model/generated-names.ts'

/**
 * Lists the virtual hosts that a prune includes although no document names them: `--allow delete=vhost:NAME` names
 * them, and the project has a record there. The virtual host itself may already be deleted; then only its record
 * remains.
 *
 * Asks the broker only if an allowed address could be such a virtual host.
 */
export async function enteredVhosts(
  client: ManagementClient,
  { project, topology }: Desired,
  { prune, allowDelete }: PlanMode,
): Promise<readonly string[]> {
  if (!prune) return []
  const declared = new Set(topology.vhosts.map(({ name }) => address('vhost', name)))
  const allowed = [...allowDelete].filter((at) => kindOf(at) === 'vhost' && !declared.has(at))
  if (allowed.length === 0) return []
  const { ownership, damaged } = recordsIn(await globalParameters(client))
  const recorded = ownership.filter((each) => each.project === project).map(({ vhost }) => vhost)
  // An unreadable record has to block the prune, and it does so only in a virtual host of the run.
  const unreadable = allowed
    .flatMap(vhostIn)
    .filter((vhost) => damaged.some(({ name }) => name === recordName({ project, vhost })))
  return [...recorded.filter((vhost) => allowed.includes(address('vhost', vhost))), ...unreadable].toSorted()
}

/** The name in the address of a virtual host; empty if the address is malformed. */
function vhostIn(at: string): string[] {
  try {
    return [decodeURIComponent(at.slice('vhost:'.length))]
  } catch {
    return []
  }
}

/** If the login may not read them, the plan reports the owners as unknown. */
async function globalParameters(client: ManagementClient) {
  try {
    return await reads.globalParameters(client)
  } catch (error) {
    if (error instanceof ManagementError && error.isRefused()) return []
    throw error
  }
}
