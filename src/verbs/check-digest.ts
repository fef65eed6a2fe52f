import { ExitCode } from '../diagnostics/exit-code.ts'
import { WarrenError } from '../diagnostics/warren-error.ts'
import type { Plan } from '../plan/plan.ts'

/**
 * Makes sure that a plan is the one that was approved.
 *
 * @throws {WarrenError} with exit code 5 when it is another one
 */
export function checkDigest({ digest }: Plan, expected: string): void {
  if (digest === expected) return
  throw new WarrenError(
    `the plan has the digest ${digest}, and ${expected} was expected: something has changed since`,
    {
      exitCode: ExitCode.stale,
      hint: 'plan again, and look at what is different',
    },
  )
}
