import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { hasWork } from '../../plan/ownership/ownership-changes.ts'
import { checkDigest } from './check-digest.ts'
import type { Applied, ExecuteOptions } from './execute.ts'
import type { ModeOptions } from './mode-options.ts'
import { prepareApply } from './prepare-apply.ts'
import type { BrokerOptions, TopologyOptions } from '../session/options.ts'
import { withSecrets } from '../session/with-secrets.ts'

export interface ApplyOptions extends TopologyOptions, BrokerOptions, ModeOptions, ExecuteOptions {
  /** The digest that the plan must have, all 64 digits. Default: any. */
  readonly expectDigest?: string
}

/**
 * Changes the broker to match the files. Deletes or replaces an object only if the options permit it.
 *
 * A blocked plan is not applied, not even in part. No other apply of the project can run at the same time.
 *
 * @throws {InvalidInputError} when the files are invalid, or a password is missing; nothing is written then
 * @throws {UnreachableError} when the broker cannot be reached before the first write
 * @throws {WarrenError} `LOCKED` when another apply of the project is running, `OWNERSHIP_CONFLICT` when another project claims an object
 * @throws {WarrenError} `ACCESS_REFUSED` when the login lacks a right that the plan needs
 * @throws {WarrenError} `STALE_PLAN` when the plan has another digest than `expectDigest`
 */
export async function apply(options: ApplyOptions): Promise<Applied> {
  return withSecrets(options, (own) => applyWithMode(own, false))
}

/**
 * Deletes everything that the project owns in the virtual hosts of the files. Objects with messages, consumers or
 * foreign bindings, and virtual hosts, are deleted only if their address is allowed.
 */
export async function destroy(options: ApplyOptions): Promise<Applied> {
  return withSecrets(options, (own) => applyWithMode(own, true))
}

async function applyWithMode(
  options: ApplyOptions & { readonly secrets: SecretRegistry },
  destroys: boolean,
): Promise<Applied> {
  await using prepared = await prepareApply(options, destroys)
  const { planned, plan } = prepared
  if (options.expectDigest !== undefined) checkDigest(plan, options.expectDigest)
  if (plan.blocks.length > 0) return { ...planned, stopped: 'blocked' }
  prepared.requireAll()
  if (hasWork(plan) && options.confirm && !(await options.confirm(planned))) {
    return { ...planned, stopped: 'not-confirmed' }
  }
  return await prepared.execute(options)
}
