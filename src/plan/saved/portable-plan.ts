import { containsCredentials } from '../../model/secrets/mask-credentials.ts'
import { containsSecret, isNotValue } from '../../model/secrets/mask-data.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { Credential, Declared } from '../../model/topology.ts'
import { replaceAt, type WrittenValue } from '../../model/values/written-value.ts'
import { maskChange, maskPlan } from './mask-plan.ts'
import type { Change, Difference } from '../change.ts'
import type { Plan } from '../plan.ts'

/** The placeholder in a saved plan for the value of a reference. */
export const MASK = '(secret)'

/**
 * A copy of a plan that can be saved: plain data without secrets, with references in place of their values. It does
 * not depend on these values, so plans that differ only in secrets are equal.
 *
 * @param secrets the secrets of the run
 */
export function portablePlan<P extends Plan>(plan: P, secrets: SecretRegistry): P {
  const masked = maskPlan({ ...plan, changes: [] }, secrets)
  return { ...masked, changes: plan.changes.map((change) => portableChange(change, secrets)) }
}

function portableChange(change: Change, secrets: SecretRegistry): Change {
  if (change.action === 'delete') {
    const masked = maskChange(change, secrets) as typeof change
    return { ...masked, before: plainObject(masked.before) } as Change
  }
  const { references = [] } = change.after as Declared
  const masked = maskChange({ ...change, after: hideReferenced(change.after, references) } as Change, secrets)
  const { after, ...rest } = masked as typeof change
  return {
    ...rest,
    ...('before' in rest && { before: plainObject(hideReferenced(rest.before, references)) }),
    after: plainObject(after),
    ...('differences' in rest && { differences: rest.differences.map((each) => hideDifference(each, references)) }),
  } as unknown as Change
}

/** Whether a declared object contains a literal secret, so that it cannot be saved. */
export function containsUnreferenced(object: Declared, secrets: SecretRegistry): boolean {
  const values = Object.entries(object).filter(([property]) => !isNotValue(property) && property !== 'credential')
  const rest = hideReferenced(Object.fromEntries(values), object.references ?? [], '')
  return containsCredentials(rest) || containsSecret(rest, secrets)
}

function hideReferenced<T>(object: T, references: readonly WrittenValue[], by = MASK): T {
  return references.reduce<unknown>((rest, { path }) => replaceAt(rest, path, by), object) as T
}

function plainObject(object: object): object {
  const { credential, ...rest } = object as { readonly credential?: Credential }
  const plain = { ...rest, ...(credential && { credential: portableCredential(credential) }) }
  return JSON.parse(JSON.stringify(plain)) as object
}

/**
 * The data to resolve the credential again. The plan contains neither the secret nor the reason why it is currently
 * missing.
 */
function portableCredential(credential: Credential): Credential {
  const { location, reference } = credential.written ?? {}
  const written = location && { location, ...(reference !== undefined && { reference }) }
  if (credential.kind === 'password') return { kind: 'password', written } as Credential
  const isEmpty = credential.empty === true || credential.hash?.reveal() === ''
  return {
    kind: 'hash',
    ...(credential.algorithm !== undefined && { algorithm: credential.algorithm }),
    ...(written && { written }),
    ...(isEmpty && { empty: true }),
  }
}

/** A difference contains neither the value of a reference nor the previous live value. */
function hideDifference(difference: Difference, references: readonly WrittenValue[]): Difference {
  if (isReferenced(difference, references)) return { property: difference.property, secret: 'changed' }
  return JSON.parse(JSON.stringify(difference)) as Difference
}

/** Whether the difference is in the value of a reference, or in a part of it. */
export function isReferenced({ property }: Difference, references: readonly WrittenValue[]): boolean {
  return references.some(({ path }) => isWithin(property, path.join('.')))
}

function isWithin(property: string, path: string): boolean {
  return property === path || path.startsWith(`${property}.`) || property.startsWith(`${path}.`)
}
