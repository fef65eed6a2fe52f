import type { SecretRegistry } from '../model/secrets/secret-registry.ts'
import type { Plan } from './plan.ts'
import { digestOf } from './saved/digest.ts'
import { portablePlan } from './saved/portable-plan.ts'

/**
 * The part of a plan that is drift: how the objects on the broker differ from the files. Leaves out changes of ownership, such
 * as pending adoption, and the rights that an apply would need.
 *
 * @param secrets the secrets of the run
 */
export function driftOf({ rights: _rights, ...plan }: Plan, secrets: SecretRegistry): Plan {
  const ownership = { ...plan.ownership, adopts: [], unfinished: [], records: [] }
  const drift = { ...plan, ownership }
  return { ...drift, digest: digestOf(portablePlan(drift, secrets)) }
}

/** Whether the objects on the broker differ from the files. */
export function hasDrifted({ changes }: Pick<Plan, 'changes'>): boolean {
  return changes.length > 0
}
