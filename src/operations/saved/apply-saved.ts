import { checkDigest } from '../change/check-digest.ts'
import type { Applied, ExecuteOptions } from '../change/execute.ts'
import type { BrokerOptions } from '../session/options.ts'
import { withSecrets } from '../session/with-secrets.ts'
import type { BoundPlan } from '../../plan/saved/saved-plan.ts'
import { prepareSaved, resolveSaved } from './prepare-saved.ts'
import type { ReferenceOptions } from './resolve-references.ts'

export interface ApplySavedOptions extends BrokerOptions, ReferenceOptions, Omit<ExecuteOptions, 'confirm'> {
  readonly saved: BoundPlan
  /** The digest that the plan must have; another one stops the apply with the error `STALE_PLAN`. */
  readonly expectDigest?: string
}

/**
 * Applies a saved plan without asking, if the objects that it changes and those that they refer to are unchanged.
 * Leaves out changes that were already made outside this run.
 *
 * @throws {WarrenError} `STALE_PLAN` when the broker has changed; nothing was done then
 * @throws {WarrenError} `LOCKED` when another apply of the project is under way, `OWNERSHIP_CONFLICT` when another project claims an object
 * @throws {WarrenError} `ACCESS_REFUSED` when the login lacks a right that the plan needs
 * @throws {UnreachableError} when the broker cannot be reached before the first write
 */
export async function applySaved(options: ApplySavedOptions): Promise<Applied> {
  return withSecrets(options, async (own) => {
    const { expectDigest } = own
    if (expectDigest !== undefined) checkDigest(own.saved, expectDigest)
    await using prepared = await prepareSaved(await resolveSaved(own), own)
    if (prepared.plan.blocks.length > 0) return { ...prepared.planned, stopped: 'blocked' }
    prepared.requireAll()
    return await prepared.execute(own)
  })
}
