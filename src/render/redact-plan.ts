import { redact } from '../model/redact.ts'
import type { Secret } from '../model/secret.ts'
import type { Change, Difference, Plan } from '../plan/plan.ts'

const OLD_MASK = '(old secret)'

/**
 * A copy of a plan that may be shown. Where a secret is declared, what the broker has there is a secret as well: the
 * one of before.
 */
export function redactPlan(plan: Plan, secrets: readonly Secret[]): Plan {
  if (secrets.length === 0) return plan
  const isSecret = (value: unknown) => JSON.stringify(redact(value, secrets)) !== JSON.stringify(value)
  return redact({ ...plan, changes: plan.changes.map((change) => hideOldSecrets(change, isSecret)) }, secrets)
}

type IsSecret = (value: unknown) => boolean

function hideOldSecrets(change: Change, isSecret: IsSecret): Change {
  if (change.action === 'create' || change.action === 'delete' || change.action === 'rename') return change
  return {
    ...change,
    before: hideOld(change.before, change.after, isSecret),
    differences: change.differences.map((each) => hideOldValue(each, isSecret)),
  } as Change
}

function hideOldValue(difference: Difference, isSecret: IsSecret): Difference {
  return 'after' in difference && isSecret(difference.after)
    ? { property: difference.property, secret: 'changed' }
    : difference
}

function hideOld(before: unknown, after: unknown, isSecret: IsSecret): unknown {
  if (before === undefined || !isSecret(after)) return before
  if (!isTable(before) || !isTable(after)) return OLD_MASK
  return Object.fromEntries(
    Object.entries(before).map(([key, each]) => [
      key,
      Object.hasOwn(after, key) ? hideOld(each, after[key], isSecret) : each,
    ]),
  )
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
