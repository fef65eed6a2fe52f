import { addressOf } from '../../model/address.ts'
import type { Credential, Declared } from '../../model/topology.ts'
import { referencesIn, valueAt } from '../../model/values/written-value.ts'
import { checksumOf } from './checksum.ts'
import { digestOf } from './digest.ts'
import type { Change, RenameChange } from '../change.ts'
import { MASK } from './portable-plan.ts'
import { addressesOf, type SavedPlan } from './saved-plan.ts'
import { addressOfSubject, isWrite, subjectOf, vhostOf } from '../steps/subject.ts'

/** The version of the format of saved plans that this version reads. */
const FORMAT = 2

/** Why a value, parsed from JSON, cannot be used as a saved plan. */
export type SavedPlanProblem =
  | { readonly kind: 'none'; readonly problem: string }
  | { readonly kind: 'format'; readonly format: string; readonly supported: number }

/** Whether a value is or was a plan, by properties that a topology does not have. */
export function isPlan(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Array.isArray((value as Partial<SavedPlan>).changes) && 'digest' in value && 'format' in value
}

const BEGINNING = /^\s*\{\s*"format"\s*:\s*\d+\s*,\s*"project"\s*:/

/** Whether a string that is not JSON begins like a plan, so that it is probably a damaged plan. */
export function beginsLikePlan(text: string): boolean {
  return BEGINNING.test(text)
}

/** Checks whether a value is a saved plan of this format, without checking its content. */
export function problemOfKind(value: unknown): SavedPlanProblem | undefined {
  if (!isPlan(value)) return { kind: 'none', problem: 'it is not a saved plan' }
  const { format, preconditions, checksum } = value as Partial<SavedPlan>
  if (format !== FORMAT) return { kind: 'format', format: JSON.stringify(format), supported: FORMAT }
  if (preconditions === undefined && checksum === undefined)
    return { kind: 'none', problem: 'it was printed, not saved: it does not contain the state that it was made from' }
  return undefined
}

/**
 * Names the evidence that a saved plan was changed after it was saved, because a reviewer has then seen another plan.
 *
 * @param plan matches the schema of plans
 */
export function tamperedWith(plan: SavedPlan): string | undefined {
  const preconditions: SavedPlan['preconditions'] | undefined = plan.preconditions
  if (preconditions === undefined) return 'it does not contain the state that it was made from'
  const misnamed = plan.changes.find((change) => addressOfSubject(subjectOf(change)) !== change.address)
  if (misnamed !== undefined) return `${misnamed.address} is not the address of the object that it changes`
  const unbound = plan.changes.flatMap(addressesOf).find((at) => !Object.hasOwn(preconditions, at))
  if (unbound !== undefined) return `it does not contain the state of ${unbound} that it was made from`
  const outside = outsideOf(plan)
  if (outside !== undefined)
    return `it changes something in the vhost ${JSON.stringify(outside)}, which it does not name`
  const unclear = plan.changes.flatMap(unclearIn)[0]
  if (unclear !== undefined) return unclear
  if (digestOf(plan) !== plan.digest) return 'its digest is not that of its changes'
  return checksumOf(plan) === plan.checksum ? undefined : 'its checksum is not that of its content'
}

/**
 * Effects of a change that the change does not show: renaming another object, or writing a value that it does not
 * contain.
 */
function unclearIn(change: Change): string[] {
  if (!isWrite(change)) return []
  const { address } = change
  const { references = [], credential } = change.after as Declared & { readonly credential?: Credential }
  const masked = references.every(({ path }) => path.length > 0 && valueAt(change.after, path) === MASK)
  const credentials = credential === undefined || isEmptyHash(credential) ? [] : [credential.written]
  const isReferred = [...references, ...credentials].every((each) => referencesIn(each?.reference ?? '').length > 0)
  return [
    ...(change.action === 'rename' && !isRenamedFrom(change) ? [`${address} is not renamed from what it says`] : []),
    ...(masked ? [] : [`${address} has a reference for a value that is not secret`]),
    ...(isReferred ? [] : [`${address} has a secret that comes from no reference`]),
  ]
}

function isRenamedFrom({ kind, from, before, after }: RenameChange): boolean {
  return addressOf(kind, before as never) === from && before.name === after.renamedFrom
}

function isEmptyHash(credential: Credential): boolean {
  return credential.kind === 'hash' && credential.empty === true
}

/**
 * A virtual host in which a plan changes something although it is not one of its virtual hosts, so nothing in it was
 * read.
 */
function outsideOf({ vhosts, changes, ownership }: SavedPlan): string | undefined {
  const known = new Set(vhosts)
  const named = [...changes.map((change) => vhostOf(subjectOf(change))), ...ownership.records.map(({ vhost }) => vhost)]
  return named.find((vhost) => vhost !== undefined && !known.has(vhost))
}
