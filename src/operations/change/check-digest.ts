import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { Plan } from '../../plan/plan.ts'

const DIGITS = 64
const WHOLE = /^[0-9a-f]{64}$/

/**
 * Checks that an expected digest is complete: for a shorter one, somebody could construct another plan with the same
 * beginning.
 *
 * @throws {WarrenError} `INVALID_OPTION` when it is shorter or not a digest
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
 * Checks that a plan, or the plans of several runs together, have the approved digest.
 *
 * @param found the actual digest; absent if one of several runs has no plan
 * @throws {WarrenError} `STALE_PLAN` when the digests differ
 */
export function checkDigest({ digest }: Partial<Pick<Plan, 'digest'>>, expected: string): void {
  requireWholeDigest(expected)
  if (digest === expected) return
  const found = digest === undefined ? 'one of the runs has no plan' : `the plan has the digest ${digest}`
  throw new WarrenError(`${found}, and ${expected} was expected: something has changed in the meantime`, {
    code: 'STALE_PLAN',
    hint: 'plan again, and review the differences',
  })
}
