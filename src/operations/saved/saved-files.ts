import type { Report } from '../../apply/report.ts'
import type { Applied } from '../change/execute.ts'
import { type Planned, secretsOfRun } from '../change/planned.ts'
import type { BrokerOptions } from '../session/options.ts'
import { withSecrets } from '../session/with-secrets.ts'
import { bindPlan } from './bind-plan.ts'
import { makeUndo } from './make-undo.ts'
import { savedPlanText, undoText } from './saved-plan-text.ts'

/**
 * Formats a plan as the file that `warren plan --out` writes and `applySaved` reads: bound to the broker of the plan,
 * with references instead of secrets.
 *
 * @param planned the very object that `plan` returned
 * @throws {InvalidInputError} when a change needs a secret that is written in the files
 * @throws {WarrenError} `INVALID_PLAN` when the plan was made against a definitions file
 */
export function formatSavedPlan(planned: Planned): string {
  const secrets = secretsOfRun(planned.plan)
  return savedPlanText(bindPlan(planned, secrets), secrets)
}

/** The broker of an apply, and the result of the apply. */
export interface UndoOptions extends BrokerOptions {
  /** The very object that `apply`, `applySaved` or `destroy` returned. */
  readonly applied: Applied
}

/**
 * Reads the broker after an apply, and formats a saved plan that reverses the actual changes. The plan lists what it
 * cannot restore.
 *
 * @throws {UnreachableError} when the broker cannot be reached
 */
export async function undoPlan({ applied, ...broker }: UndoOptions): Promise<string> {
  const { plan, report = nothingDone(applied) } = applied
  return withSecrets({ ...broker, secrets: broker.secrets ?? secretsOfRun(plan) }, async (own) =>
    undoText(await makeUndo(own, plan, report), own.secrets),
  )
}

function nothingDone({ plan }: Applied): Report {
  return { format: 1, digest: plan.digest, outcomes: [], interrupted: false }
}
