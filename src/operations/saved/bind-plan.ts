import { type Finding, finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError, WarrenError } from '../../diagnostics/warren-error.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { User } from '../../model/topology.ts'
import { containsWrittenSecret } from '../../model/values/written-value.ts'
import { ownerStates } from '../../plan/ownership/owner-state.ts'
import { containsUnreferenced, portablePlan } from '../../plan/saved/portable-plan.ts'
import { bindToLive, type BoundPlan } from '../../plan/saved/saved-plan.ts'
import { isWrite, type Subject, subjectOf } from '../../plan/steps/subject.ts'
import { originalOf, type Planned } from '../change/planned.ts'

/**
 * Binds a plan to the broker that it was made for, so that it can be saved. A saved plan contains references and no
 * secrets.
 *
 * @param secrets the secrets of the run
 * @throws {InvalidInputError} when a change needs a secret that the files contain literally
 */
export function bindPlan(
  { plan: shown, live, ownership, sources, declaredByRun }: Planned,
  secrets: SecretRegistry,
): BoundPlan {
  if (live === undefined) {
    throw new WarrenError('a plan against a definitions file cannot be saved, because it is not bound to a broker', {
      code: 'INVALID_PLAN',
      hint: 'plan against the broker on which you want to apply it',
    })
  }
  const plan = originalOf(shown)
  const written = plan.changes
    .filter(isWrite)
    .flatMap((change) => writtenSecrets(change.address, subjectOf(change), secrets))
  if (written.length > 0) throw new InvalidInputError(written, sources)
  return portablePlan(bindToLive(plan, live, ownership && ownerStates(ownership, plan.vhosts), declaredByRun), secrets)
}

/** The properties of an object that cannot be saved, with their positions in the files. */
function writtenSecrets(address: string, { kind, object }: Subject, secrets: SecretRegistry): Finding[] {
  const password = kind === 'user' ? writtenPassword(address, object) : []
  if (!containsUnreferenced(object, secrets)) return password
  return [...password, finding('secret-in-saved-plan', { address, what: 'value' }, object.origin)]
}

function writtenPassword(address: string, { credential }: User): Finding[] {
  if (credential === undefined || (credential.kind === 'hash' && credential.hash?.reveal() === '')) return []
  const { reference, location } = credential.written ?? {}
  const isWritten = reference === undefined || containsWrittenSecret(reference)
  if (!isWritten && credential.byDefault !== true) return []
  const what = isWritten ? 'password' : 'default'
  return [finding('secret-in-saved-plan', { address, what }, location)]
}
