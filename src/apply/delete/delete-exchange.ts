import { ManagementError } from '../../broker/management/errors.ts'
import { deletes } from '../../broker/management/writes.ts'
import type { DeleteChange, RenameChange } from '../../plan/change.ts'
import { afterFirstWrite } from '../partial-change-error.ts'
import { requireApprovedImpact, StaleError } from './exceeds-approved-impact.ts'
import type { LiveBinding } from '../bindings.ts'
import type { ApplyRun } from '../apply-run.ts'
import { copyBindings, copyRights } from '../replace/recreate-exchange.ts'

/** How many times bindings that programs create on the old exchange meanwhile are copied to the renamed one. */
const ATTEMPTS = 5

/**
 * Deletes an exchange if it has no other bindings than the plan named. After the bindings were read, the broker
 * itself protects an exchange that is the source of a binding, but not one that is only a destination
 * (rabbit_exchange, conditional_delete).
 *
 * @param bindings its current bindings in both directions
 * @throws {StaleError} when there are others
 */
export async function deleteExchange(
  run: ApplyRun,
  { before: { vhost, name }, impact }: Extract<DeleteChange, { kind: 'exchange' }>,
  bindings: readonly LiveBinding[],
): Promise<void> {
  requireApprovedImpact(run, impact, { bindings: bindings.map(({ address }) => address) })
  const ifUnused = !bindings.some(({ binding }) => binding.source === name)
  try {
    await deletes.exchange(run.client, vhost, name, ifUnused)
  } catch (error) {
    throw error instanceof ManagementError && error.isKept() ? new StaleError(error.reason) : error
  }
}

/** Deletes the old exchange of a rename, after copying bindings that were created meanwhile to the new one. */
export async function deleteOldExchange(
  run: ApplyRun,
  change: Extract<RenameChange, { kind: 'exchange' }>,
): Promise<void> {
  const { vhost, name } = change.before
  await afterFirstWrite(async () => {
    for (let attempt = 1; (await copyBindings(run, change)) > 0; attempt += 1) {
      if (attempt === ATTEMPTS) throw new StaleError('it is bound again and again: stop the program that binds it')
    }
    await copyRights(run, change)
    await deletes.exchange(run.client, vhost, name, false)
  })
}
