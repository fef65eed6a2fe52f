import { holdsSecret, redact, redactValues } from '../model/redact.ts'
import type { Secret } from '../model/secret.ts'
import type { Credential, Declared } from '../model/topology.ts'
import type { Change, Difference, Plan } from '../plan/plan.ts'

const OLD_MASK = '(old secret)'

/**
 * A copy of a plan that may be shown. Where a secret is declared, what the broker has there is a secret as well: the
 * one of before.
 */
export function redactPlan(plan: Plan, secrets: readonly Secret[]): Plan {
  if (secrets.length === 0) return plan
  const changes = plan.changes.map((change) => redactChange(change, secrets))
  return redact({ ...plan, changes, notes: redactValues(plan.notes, secrets) }, secrets)
}

type IsSecret = (value: unknown) => boolean

function redactChange(change: Change, secrets: readonly Secret[]): Change {
  if (change.action === 'delete') return { ...change, before: redactValues(change.before, secrets) } as Change
  const isSecret = (value: unknown) => holdsSecret(value, secrets)
  // Places in files are no values, and a credential shows nothing of itself.
  const { origin, credential, ...values } = change.after as Declared & { readonly credential?: Credential }
  const places = { ...(credential && { credential }), ...(origin && { origin }) }
  const after = { ...redactValues(values, secrets), ...places }
  if (change.action === 'create') return { ...change, after } as unknown as Change
  const before = redactValues(hideOld(change.before, values, isSecret), secrets)
  if (change.action === 'rename') return { ...change, before, after } as unknown as Change
  return {
    ...change,
    before,
    after,
    differences: change.differences.map((each) => redactValues(hideOldValue(each, isSecret), secrets)),
  } as unknown as Change
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
