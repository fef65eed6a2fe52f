import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { Plan } from '../../plan/plan.ts'

const DIGITS = 64
const WHOLE = /^[0-9a-f]{64}$/

/**
 * Makes sure that what should be the digest of a plan is a whole one: another plan with the same beginning of a digest can be
 * found.
 *
 * @throws {WarrenError} `INVALID_OPTION` when it is a shorter one, or none
 */
export function requireWholeDigest(expected: string): void {
  if (WHOLE.test(expected)) return
  const found = /^[0-9a-f]+$/.test(expected) ? `only ${expected.length}` : 'something else'
  throw new WarrenError(`--expect-digest takes all ${DIGITS} hexadecimal digits of a digest, and this has ${found}`, {
    code: 'INVALID_OPTION',
    hint: 'copy it from the last line of the plan, or from "digest" of --format json',
  })
}

/**
 * Checks that a plan, or the plans of several runs together, are the approved ones.
 *
 * @param found its digest; absent where one of several runs has no plan
 * @throws {WarrenError} `STALE_PLAN` when it is another one
 */
export function checkDigest({ digest }: Partial<Pick<Plan, 'digest'>>, expected: string): void {
  requireWholeDigest(expected)
  if (digest === expected) return
  const found = digest === undefined ? 'one of the runs has no plan' : `the plan has the digest ${digest}`
  throw new WarrenError(`${found}, and ${expected} was expected: something has changed since`, {
    code: 'STALE_PLAN',
    hint: 'plan again, and look at what is different',
  })
}
