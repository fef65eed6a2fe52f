import { ExitCode } from '../diagnostics/exit-code.ts'
import { formatLocation } from '../diagnostics/location.ts'
import { WarrenError } from '../diagnostics/warren-error.ts'
import { holdsLogin } from '../model/hide-logins.ts'
import { holdsSecret } from '../model/secrets/mask-data.ts'
import type { SecretRegistry } from '../model/secrets/secret-registry.ts'
import type { Declared } from '../model/topology.ts'
import { ownerStates } from '../plan/owner-state.ts'
import type { Change } from '../plan/plan.ts'
import { bindToLive, type SavedPlan } from '../plan/saved-plan.ts'
import { isMaking, subjectOf } from '../plan/subject.ts'
import { originalOf, type Planned, shownPlan } from './planned.ts'

/**
 * Binds a plan to the broker that it was made from, so that it can be saved. A saved plan holds references to passwords,
 * and no secret.
 *
 * @param secrets those of the run
 * @throws {WarrenError} with exit code 3 when a change needs a secret for which no reference stands
 */
export function bindPlan({ plan: shown, live, ownership }: Planned, secrets: SecretRegistry): SavedPlan {
  if (live === undefined) {
    throw new WarrenError('a plan against a definitions file cannot be saved: it is bound to no broker', {
      exitCode: ExitCode.invalidInput,
      hint: 'plan against the broker that it is to be applied to',
    })
  }
  const plan = originalOf(shown)
  const unsavable = plan.changes.find((change) => isMaking(change) && needsSecret(change, secrets))
  if (unsavable !== undefined) throw needsReference(unsavable)
  return shownPlan(bindToLive(plan, live, ownership && ownerStates(ownership, plan.vhosts)), secrets)
}

function needsSecret(change: Change, secrets: SecretRegistry): boolean {
  const { kind, object } = subjectOf(change)
  if (kind !== 'user') return holdsLogin(object) || holdsSecret(valuesOf(object), secrets)
  const { credential, ...rest } = object
  if (holdsSecret(valuesOf(rest), secrets)) return true
  if (credential === undefined || (credential.kind === 'hash' && credential.hash?.reveal() === '')) return false
  return credential.written?.reference === undefined
}

/** Where it stands in the files is no value of it. */
function valuesOf({ origin: _origin, ...values }: Declared): object {
  return values
}

function needsReference(change: Change): WarrenError {
  const { kind, object } = subjectOf(change)
  const at = object.origin === undefined ? '' : ` (${formatLocation(object.origin)})`
  return new WarrenError(`${change.address}${at} holds a secret, and a saved plan holds none`, {
    exitCode: ExitCode.invalidInput,
    hint:
      kind === 'user'
        ? 'write the password as a reference, such as ${env:NAME}, which the apply resolves'
        : 'apply the files themselves, with --expect-digest to make sure of the plan',
  })
}
