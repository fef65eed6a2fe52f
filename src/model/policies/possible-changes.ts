import type { Policy, Queue } from '../topology.ts'
import { type PolicySetting, settingsChangedBy } from './effective-settings.ts'
import { possibleWinners, type WinnersOfBoth } from './winning-policies.ts'

/** A policy and an operator policy that may apply to a queue together, and the settings that they change. */
export interface PossibleChange {
  readonly policy?: Policy
  readonly operatorPolicy?: Policy
  readonly changed: readonly PolicySetting[]
}

/** The known results, because routing, dead letters and most rules of lint ask for the same queues. */
const KNOWN = new WeakMap<WinnersOfBoth, WeakMap<Queue, readonly PossibleChange[]>>()

/** The result for nearly every queue without policies. */
const UNCHANGED: readonly PossibleChange[] = [{ changed: [] }]

/** The changes of a queue's settings by policies: several if it is unknown which policies apply. */
export function possibleChanges(queue: Queue, winners: WinnersOfBoth): readonly PossibleChange[] {
  const known = KNOWN.get(winners) ?? new WeakMap<Queue, readonly PossibleChange[]>()
  KNOWN.set(winners, known)
  const changes = known.get(queue) ?? computeChanges(queue, winners)
  known.set(queue, changes)
  return changes
}

function computeChanges(queue: Queue, { policies, operatorPolicies }: WinnersOfBoth): readonly PossibleChange[] {
  const [own, operators] = [policies.of(queue), operatorPolicies.of(queue)]
  if (own.length + operators.length === 0) return UNCHANGED
  return possibleWinners(own).flatMap((winner) =>
    possibleWinners(operators).map((operator): PossibleChange => {
      const holding = {
        ...(winner && { policy: winner.policy }),
        ...(operator && { operatorPolicy: operator.policy }),
      }
      return { ...holding, changed: settingsChangedBy(queue, holding) }
    }),
  )
}
