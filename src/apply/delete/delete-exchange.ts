import type { ManagementClient } from '../../broker/management/client.ts'
import { ManagementError } from '../../broker/management/errors.ts'
import { deletes } from '../../broker/management/writes.ts'
import type { DeleteChange, RenameChange } from '../../plan/plan.ts'
import { afterFirstWrite } from '../partial-change-error.ts'
import { exceedsApprovedImpact, StaleError } from './exceeds-approved-impact.ts'
import type { LiveBinding } from '../write/live-bindings.ts'
import { copyBindings, copyRights, type ExchangeContext } from '../replace/recreate-exchange.ts'

/** How often bindings are copied to an exchange of a new name that programs make on the old one meanwhile. */
const TRIES = 5

/**
 * Deletes an exchange that has no other bindings than the plan named. In the moment after they were read, the broker itself
 * guards an exchange that nothing is bound to; it does not see bindings into the exchange (rabbit_exchange, conditional_delete).
 *
 * @param bindings its own, in both directions, as they are now
 * @param made addresses of bindings that the run has made itself: they put nothing at risk
 * @throws {StaleError} when there are others
 */
export async function deleteExchange(
  client: ManagementClient,
  { before: { vhost, name }, impact }: Extract<DeleteChange, { kind: 'exchange' }>,
  bindings: readonly LiveBinding[],
  made: ReadonlySet<string>,
): Promise<void> {
  const others = bindings.map(({ address }) => address).filter((each) => !made.has(each))
  const reason = exceedsApprovedImpact(impact, { bindings: others })
  if (reason !== undefined) throw new StaleError(reason)
  const ifUnused = !bindings.some(({ binding }) => binding.source === name)
  try {
    await deletes.exchange(client, vhost, name, ifUnused)
  } catch (error) {
    throw error instanceof ManagementError && error.isKept() ? new StaleError(error.reason) : error
  }
}

/** Deletes an exchange in whose place one of another name was made, which gets the bindings that were made since then. */
export async function deleteOldExchange(
  context: ExchangeContext,
  change: Extract<RenameChange, { kind: 'exchange' }>,
): Promise<void> {
  const { vhost, name } = change.before
  await afterFirstWrite(async () => {
    for (let attempt = 1; (await copyBindings(context, change)) > 0; attempt += 1) {
      if (attempt === TRIES) throw new StaleError('it is bound again and again: stop the program that binds it')
    }
    await copyRights(context, change)
    await deletes.exchange(context.client, vhost, name, false)
  })
}
