import { ManagementError } from '../../broker/management/errors.ts'
import { deletes } from '../../broker/management/writes.ts'
import type { DeleteChange, RenameChange } from '../../plan/change.ts'
import { afterFirstWrite } from '../partial-change-error.ts'
import { requireApprovedImpact, StaleError } from './exceeds-approved-impact.ts'
import type { LiveBinding } from '../bindings.ts'
import type { ApplyRun } from '../apply-run.ts'
import { copyBindings, copyRights } from '../replace/recreate-exchange.ts'

/** How often bindings are copied to an exchange of a new name that programs make on the old one meanwhile. */
const ATTEMPTS = 5

/**
 * Deletes an exchange that has no other bindings than the plan named. In the moment after they were read, the broker itself
 * guards an exchange that nothing is bound to; it does not see bindings into the exchange (rabbit_exchange, conditional_delete).
 *
 * @param bindings its own, in both directions, as they are now
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

/** Deletes an exchange in whose place one of another name was made, which gets the bindings that were made since then. */
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
