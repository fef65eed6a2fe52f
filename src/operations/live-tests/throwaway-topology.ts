import { withCode } from '../../diagnostics/error-code.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { apiPath } from '../../broker/management/path.ts'
import { applyDesired } from '../change/apply-desired.ts'
import type { Isolated } from './isolate.ts'

/** Applies an isolated topology. If that fails, nothing of it is left. */
export async function applyThrowaway(client: ManagementClient, isolated: Isolated): Promise<void> {
  try {
    const { outcomes } = await applyDesired(client, isolated.desired)
    const undone = outcomes.flatMap((each) =>
      each.status === 'done' ? [] : [`${each.address}: ${each.status === 'failed' ? each.reason : each.status}`],
    )
    if (undone.length > 0)
      throw withCode('PARTIALLY_APPLIED', new Error(`The topology could not be applied:\n${undone.join('\n')}`))
  } catch (error) {
    await removeThrowaway(client, isolated)
    throw error
  }
}

/** Deletes the vhosts of an isolated topology, with everything in them, and its users. */
export async function removeThrowaway(client: ManagementClient, { vhosts, users }: Isolated): Promise<void> {
  const paths = [
    ...[...vhosts.values()].map((name) => apiPath('vhosts', name)),
    ...[...users.values()].map(({ name }) => apiPath('users', name)),
  ]
  const removed = await Promise.allSettled(paths.map((path) => client.delete(path)))
  // Each of them is attempted, whatever happens to the others.
  for (const each of removed) if (each.status === 'rejected') throw each.reason
}
