import { addressOf } from '../../model/address.ts'
import type { PlannedTopology } from '../planned-topology.ts'
import type { Queue } from '../../model/topology.ts'
import type { Note } from '../note.ts'
import type { Change } from '../change.ts'
import { effectiveValue } from '../../model/policies/policy-keys.ts'
import { policiesAfterAll } from './lowered-limits.ts'
import { type WinnersOfBoth, winnersOf } from '../../model/policies/winning-policies.ts'

/**
 * Reports policy changes that make quorum queues drop dead letters. With at-least-once dead-lettering a queue keeps
 * each dead letter until its target has confirmed it. It drops all of them when a policy changes the strategy to
 * at-most-once, or the overflow to another value than `reject-publish` (RabbitMQ docs, Quorum Queues).
 */
export function droppedDeadLetters(
  { topology: live, broker: { version } }: PlannedTopology,
  changes: readonly Change[],
): Note[] {
  const changed = new Set(changes.map(({ address }) => address))
  const before = winnersOf(live, version)
  const after = winnersOf(policiesAfterAll(live, changes), version)
  const dropping = new Map<string, string[]>()
  for (const queue of live.queues) {
    const at = addressOf('queue', queue)
    // The dead letters of a replaced or deleted queue are counted as messages at risk.
    if (queue.type !== 'quorum' || changed.has(at)) continue
    if (!keepsDeadLetters(queue, before) || keepsDeadLetters(queue, after)) continue
    const cause = [...holding(queue, after), ...holding(queue, before)].find((each) => changed.has(each))
    if (cause === undefined) continue
    dropping.set(cause, [...(dropping.get(cause) ?? []), at])
  }
  return [...dropping]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([policy, addresses]) => ({ note: 'dead-letters-dropped', policy, addresses: addresses.toSorted() }))
}

/**
 * Whether a quorum queue keeps its dead letters until their targets have confirmed them. If it is unknown which
 * policy applies, the most careful one counts.
 */
export function keepsDeadLetters(queue: Queue, { policies, operatorPolicies }: WinnersOfBoth): boolean {
  return orNone(policies.of(queue)).some((own) =>
    orNone(operatorPolicies.of(queue)).some((operators) => {
      const definition = { ...own?.policy.definition, ...operators?.policy.definition }
      const value = (key: string): unknown => {
        const argument = queue.arguments[`x-${key}`]
        if (argument === undefined || definition[key] === undefined) return argument ?? definition[key]
        return effectiveValue('quorum', key, argument, definition[key])
      }
      return (
        value('dead-letter-exchange') !== undefined &&
        value('dead-letter-strategy') === 'at-least-once' &&
        value('overflow') === 'reject-publish'
      )
    }),
  )
}

function orNone<T>(list: readonly T[]): readonly (T | undefined)[] {
  return list.length === 0 ? [undefined] : list
}

/** The addresses of the policies that apply to a queue. */
function holding(queue: Queue, { policies, operatorPolicies }: WinnersOfBoth): string[] {
  return [
    ...policies.of(queue).map(({ policy }) => addressOf('policy', policy)),
    ...operatorPolicies.of(queue).map(({ policy }) => addressOf('operator-policy', policy)),
  ]
}
