import { policyMatches } from '../plan/policy-matches.ts'
import type { DeleteChange } from '../plan/plan.ts'
import { subjectOf, vhostOf } from '../plan/subject.ts'
import { isOf } from './live-bindings.ts'

/**
 * Whether an object that stays, though it was to be deleted, would be gone with another one or lose what it needs: the
 * exchange that takes its dead letters or what it cannot route, a policy that protects it.
 */
export function leansOn(left: DeleteChange, change: DeleteChange): boolean {
  if (change.kind === 'vhost') return vhostOf(subjectOf(left)) === change.before.name
  if (vhostOf(subjectOf(left)) !== vhostOf(subjectOf(change))) return false
  if (change.kind === 'exchange') return isBoundTo(left, change.before.name) || sendsTo(left, change.before.name)
  if (change.kind !== 'policy' && change.kind !== 'operator-policy') return false
  if (left.kind !== 'queue' && left.kind !== 'exchange') return false
  // What cannot be told may well match.
  return policyMatches(change.before, { kind: left.kind, ...left.before }) !== false
}

function isBoundTo(left: DeleteChange, exchange: string): boolean {
  return left.kind === 'binding' && isOf(exchange, left.before)
}

function sendsTo(left: DeleteChange, exchange: string): boolean {
  if (left.kind === 'queue') return left.before.arguments['x-dead-letter-exchange'] === exchange
  if (left.kind === 'exchange') return left.before.arguments['alternate-exchange'] === exchange
  return false
}
