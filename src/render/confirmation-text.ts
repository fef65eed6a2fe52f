import type { Plan } from '../plan/plan.ts'
import { countOf } from './count-of.ts'
import { showText } from './show-value.ts'

/**
 * What is repeated above the question of an apply: what was there before and would change: users, permissions,
 * policies, parameters. Nobody's record says whose they are, so a person should look.
 */
export function confirmationText({ changes, broker }: Plan): string {
  const existing = changes.filter(({ action }) => action === 'update')
  const warning =
    existing.length === 0
      ? []
      : ['These existed before and would change:', ...existing.map(({ address }) => `  ${address}`), '']
  return [
    ...warning,
    `Apply ${countOf(changes.length, 'change')} to ${showText(broker.name)} at ${broker.url}? Only "yes" does it: `,
  ].join('\n')
}
