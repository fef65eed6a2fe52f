import { WarrenError } from '../../diagnostics/warren-error.ts'
import { maskData } from '../../model/secrets/mask-data.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { withChecksum } from '../../plan/saved/checksum.ts'
import { digestOf } from '../../plan/saved/digest.ts'
import type { BoundPlan } from '../../plan/saved/saved-plan.ts'
import type { UndoPlan } from '../../plan/saved/undo.ts'
import { planJson } from '../../render/json/plan-json.ts'

/**
 * The text of a plan file, with every secret of the run masked and a checksum over the whole file.
 *
 * @param plan in its portable form
 * @throws {WarrenError} `INVALID_PLAN` when a secret could not be masked without changing what the plan does
 */
export function savedPlanText(plan: BoundPlan, secrets: SecretRegistry): string {
  const masked = withoutSecrets(plan, secrets)
  if (digestOf(masked) === plan.digest) return planJson(withChecksum(masked))
  const changed = changedBy(plan, masked)[0] ?? 'what the plan records of owners'
  throw new WarrenError(
    `${changed} contains a string that is a secret of this run, and a saved plan must not contain secrets`,
    {
      code: 'INVALID_PLAN',
      hint: 'apply the files themselves, with --expect-digest to check the plan',
    },
  )
}

/** The same for an undo file. It leaves out changes that contain a secret, and lists them. */
export function undoText(undo: UndoPlan, secrets: SecretRegistry): string {
  const masked = withoutSecrets(undo, secrets)
  if (digestOf(masked) === undo.digest) return planJson(withChecksum(masked))
  const lost = new Set(changedBy(undo, masked))
  const changes = undo.changes.filter(({ address }) => !lost.has(address))
  const cannotBringBack = [
    ...undo.cannotBringBack,
    ...[...lost].map((address) => `the former state of ${address}, because it contains a secret`),
  ]
  const rest = { ...undo, changes, cannotBringBack }
  return savedPlanText({ ...rest, digest: digestOf(rest) }, secrets)
}

function withoutSecrets<P extends BoundPlan>(plan: P, secrets: SecretRegistry): P {
  return maskData(JSON.parse(JSON.stringify(plan)) as P, secrets)
}

/** Addresses of the changes that masking would alter. */
function changedBy(plan: BoundPlan, masked: BoundPlan): string[] {
  return plan.changes.flatMap((change, at) =>
    JSON.stringify(change) === JSON.stringify(masked.changes[at]) ? [] : [change.address],
  )
}
