import { addressOf } from '../../../model/address.ts'
import { type PolicySetting, settingsChangedBy } from '../../../model/policies/effective-settings.ts'
import type { Winner, WinnersOfBoth } from '../../../model/policies/winning-policies.ts'
import { maskCredentials } from '../../../model/secrets/mask-credentials.ts'
import type { ParameterValue, Queue } from '../../../model/topology.ts'
import { settingWords } from '../../../model/policies/derived-effect-words.ts'

/**
 * Comments on the effects of policies on a queue, one line for each policy. Policies are declared on their own, never
 * as arguments.
 *
 * @param derived addresses of policies that a short form of the queue declares
 */
export function policyComments(
  queue: Queue,
  { policies, operatorPolicies }: WinnersOfBoth,
  derived: ReadonlySet<string>,
): readonly string[] {
  const apart = policies.of(queue).filter(({ policy }) => !derived.has(addressOf('policy', policy)))
  return [...linesOf(queue, apart, 'policy'), ...linesOf(queue, operatorPolicies.of(queue), 'operator policy')]
}

function linesOf(queue: Queue, winners: readonly Winner[], kind: string): string[] {
  const isCertain = winners.length === 1 && winners.every(({ certain }) => certain)
  return winners.flatMap(({ policy }) => {
    const settings = settingsChangedBy(queue, { policy }).map(withoutCredentials)
    if (settings.length === 0) return []
    const said = `${kind} ${JSON.stringify(policy.name)}: ${settingWords(settings)}`
    return [isCertain ? capitalized(said) : `Perhaps ${said}`]
  })
}

/** Comments in files are not masked like outputs. */
function withoutCredentials({ key, effective }: PolicySetting): Pick<PolicySetting, 'key' | 'effective'> {
  const masked = JSON.stringify(maskCredentials({ [key]: effective as ParameterValue }))
  return { key, effective: (JSON.parse(masked) as Record<string, unknown>)[key] }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
