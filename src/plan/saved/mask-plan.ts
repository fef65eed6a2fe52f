import { containsSecret, isNotValue, maskData } from '../../model/secrets/mask-data.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { Credential } from '../../model/topology.ts'
import { shownReference } from '../../model/values/written-value.ts'
import type { Change, Difference } from '../change.ts'
import type { Plan } from '../plan.ts'
import { isTable } from '../../model/values/table.ts'

const OLD_MASK = '(old secret)'

/**
 * A copy of a plan that may be printed. If a declared value is a secret, the live value counts as a secret too,
 * because it is the previous one.
 *
 * @param secrets the secrets of the run; previous ones are registered in it
 */
export function maskPlan<P extends Plan>(plan: P, secrets: SecretRegistry): P {
  return {
    ...plan,
    changes: plan.changes.map((change) => maskChange(change, secrets)),
    notes: plan.notes.map((note) => maskData(note, secrets, true)),
  }
}

/** The same for one change. */
export function maskChange(change: Change, secrets: SecretRegistry): Change {
  const parts: Record<string, unknown> = {}
  if ('after' in change) parts['after'] = maskValues(change.after, secrets)
  if ('before' in change) {
    const before = 'after' in change ? hideOld(change.before, change.after, secrets) : change.before
    parts['before'] = maskValues(before, secrets)
  }
  if ('differences' in change) parts['differences'] = change.differences.map((each) => maskDifference(each, secrets))
  return { ...change, ...parts }
}

/** Names and positions are not values, and a credential never shows itself. */
function maskValues(object: unknown, secrets: SecretRegistry): unknown {
  if (!isTable(object)) return object
  const entries = Object.entries(object).map(([property, value]) => [
    property,
    isNotValue(property) ? value : property === 'credential' ? withoutDefault(value) : maskData(value, secrets, true),
  ])
  return Object.fromEntries(entries)
}

/** The default of a reference is a literal secret in the file. */
function withoutDefault(value: unknown): unknown {
  const { byDefault: _byDefault, ...credential } = value as Credential
  const reference = credential.written?.reference
  if (reference === undefined) return credential
  return { ...credential, written: { ...credential.written, reference: shownReference(reference) } }
}

function maskDifference(difference: Difference, secrets: SecretRegistry): Difference {
  if ('secret' in difference) return difference
  if (!containsSecret(difference.after, secrets)) return maskData(difference, secrets, true)
  hideOld(difference.before, difference.after, secrets)
  return { property: difference.property, secret: 'changed' }
}

function hideOld(before: unknown, after: unknown, secrets: SecretRegistry): unknown {
  if (before === undefined || !containsSecret(after, secrets)) return before
  if (isTable(before) && isTable(after)) {
    const entries = Object.entries(before).map(([key, each]) => [
      key,
      Object.hasOwn(after, key) && !isNotValue(key) && key !== 'credential' ? hideOld(each, after[key], secrets) : each,
    ])
    return Object.fromEntries(entries)
  }
  secrets.addFrom(before, true)
  return OLD_MASK
}
