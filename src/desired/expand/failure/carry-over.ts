import { finding } from '../../../diagnostics/findings/finding.ts'
import { WinningPolicies } from '../../../model/policies/winning-policies.ts'
import type { Policy, Queue } from '../../../model/topology.ts'
import { argumentTable, argumentText } from '../objects/argument-table.ts'
import { PRIORITY } from './dead-letter.ts'
import type { FailurePath } from './failure-path.ts'
import type { ExpandContext } from '../expand-context.ts'

/**
 * Completes the policies of `deadLetter: { by: policy }`. RabbitMQ does not merge policies, so such a policy would
 * remove the limits of the one that it displaces. Therefore all keys of the displaced declared policy are copied,
 * except for those about dead letters. The keys of a policy that exists only on the broker cannot be copied, because
 * the result would not match the files. A plan is then blocked, and asks for a declaration of this policy.
 */
export function carryOver(scope: ExpandContext, declared: readonly Policy[], paths: readonly FailurePath[]): Policy[] {
  const winning = new WinningPolicies(declared)
  return paths.flatMap(({ policy, queue }) =>
    policy === undefined ? [] : [merge(scope, policy, displacedBy(scope, policy, queue, winning), queue)],
  )
}

function displacedBy(scope: ExpandContext, own: Policy, queue: Queue, winning: WinningPolicies): Policy | undefined {
  const winners = winning.of(queue)
  const open = winners.filter(({ certain }) => !certain).map(({ policy }) => policy)
  const [winner, ...equal] = winners.filter(({ certain }) => certain).map(({ policy }) => policy)
  const related = winners.flatMap(({ policy }) =>
    policy.origin === undefined ? [] : [{ label: `policy "${policy.name}"`, location: policy.origin }],
  )
  const report = (code: 'displaced-policies-tie' | 'displaced-policy-uncertain', policies: readonly Policy[]) =>
    scope.report(finding(code, { queue: queue.name, policies: policies.map(({ name }) => name) }, own.origin, related))
  if (open.length > 0) report('displaced-policy-uncertain', open)
  if (winner === undefined) return undefined
  if (winner.priority >= PRIORITY) {
    const args = { queue: queue.name, policy: winner.name, priority: winner.priority, by: PRIORITY }
    scope.report(finding('dead-letter-policy-outranked', args, own.origin, related))
    return undefined
  }
  if (equal.length > 0) report('displaced-policies-tie', [winner, ...equal])
  return winner
}

/** The overflow of the displaced policy is intended, unlike the default that keeping dead letters requires. */
function merge(scope: ExpandContext, own: Policy, displaced: Policy | undefined, { name, type }: Queue): Policy {
  if (displaced === undefined) return own
  const { overflow } = displaced.definition
  const rest = Object.entries(displaced.definition).filter(([key]) => !key.startsWith('dead-letter-'))
  const isKeeping = type === 'quorum' && (overflow === undefined || overflow === 'reject-publish')
  const deadLetter = scope.vhost.queues[name]?.deadLetter
  if (!isKeeping && typeof deadLetter === 'object' && deadLetter.strategy === 'at-least-once' && type === 'quorum') {
    const args = { overflow: argumentText(overflow ?? '') }
    scope.report(finding('at-least-once-impossible', args, scope.locate(deadLetter, 'strategy')))
  }
  const added = Object.entries(own.definition).filter(
    ([key]) => isKeeping || (key !== 'overflow' && key !== 'dead-letter-strategy'),
  )
  return { ...own, definition: argumentTable(Object.fromEntries(rest), Object.fromEntries(added)) }
}
