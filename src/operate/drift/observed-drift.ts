import { createHash } from 'node:crypto'
import { canonicalJson } from '../../model/address.ts'
import type { Kind } from '../../model/topology.ts'
import type { Change, Difference } from '../../plan/change.ts'

/** How an object on the broker differs from its declaration, in the words of the change that an apply would make. */
export type DriftAction = Change['action'] | 'returned'

/** One object on the broker that differs from its declaration, at one point in time. */
export interface ObservedDrift {
  readonly address: string
  readonly kind: Kind
  readonly action: DriftAction
  /** The properties that differ; empty for an object that is missing, or that has to be deleted. */
  readonly differences: readonly Difference[]
  /** Identifies the difference, so that another difference of the same object is another drift. */
  readonly fingerprint: string
  /** The label `owner` of its declaration; absent if it has none. */
  readonly owner?: string
  /** The user who declared the live object; absent if the broker does not report one. */
  readonly createdBy?: string
}

const DIGITS = 16

/**
 * The drift that a change would remove.
 *
 * @param change of a plan that is masked, so that neither the drift nor its fingerprint reveals a secret
 */
export function driftOfChange(change: Change): ObservedDrift {
  const { address, kind, action } = change
  const differences = 'differences' in change ? change.differences : []
  return { address, kind, action, differences, fingerprint: fingerprintOf(action, differences) }
}

/** The drift of an object that warren deleted, and that a program has declared again. */
export function returnedDrift(address: string, kind: Kind): ObservedDrift {
  return { address, kind, action: 'returned', differences: [], fingerprint: fingerprintOf('returned', []) }
}

/** Impacts are left out, because they contain counts of messages that change all the time. */
function fingerprintOf(action: DriftAction, differences: readonly Difference[]): string {
  const sorted = differences.map((each) => canonicalJson(each)).toSorted()
  return createHash('sha256')
    .update(canonicalJson([action, sorted]))
    .digest('hex')
    .slice(0, DIGITS)
}
