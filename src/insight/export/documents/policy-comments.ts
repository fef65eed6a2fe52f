import { settingsChangedBy } from '../../../model/policies/effective-settings.ts'
import type { Winner, WinnersOfBoth } from '../../../model/policies/winning-policies.ts'
import type { Queue } from '../../../model/topology.ts'
import { settingWords } from '../../../model/policies/derived-effect-words.ts'

/** What policies change about a queue, one line for each policy. Policies are declared on their own, never as arguments. */
export function policyComments(queue: Queue, { policies, operatorPolicies }: WinnersOfBoth): readonly string[] {
  return [
    ...linesOf(queue, policies.of(queue), 'policy'),
    ...linesOf(queue, operatorPolicies.of(queue), 'operator policy'),
  ]
}

function linesOf(queue: Queue, winners: readonly Winner[], kind: string): string[] {
  const isCertain = winners.length === 1 && winners.every(({ certain }) => certain)
  return winners.flatMap(({ policy }) => {
    const settings = settingsChangedBy(queue, { policy })
    if (settings.length === 0) return []
    const said = `${kind} ${JSON.stringify(policy.name)}: ${settingWords(settings)}`
    return [isCertain ? capitalized(said) : `Perhaps ${said}`]
  })
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
